package sqltest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
)

// A tenant has a name of up to 255 bytes. One with a longer name takes no
// writes: in no database do they end up in the tenant whose name is the
// beginning of it.
func TestNamesOfTenants(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			db, err := e.connect(t.Context(), e.database(t))
			if err != nil {
				t.Fatal(err)
			}
			fits := strings.Repeat("t", 255)
			if _, err := createUser("u1")(t.Context(), db.Tenant(store.TenantID(fits))); err != nil {
				t.Errorf("255 bytes: %v", err)
			}
			for what, name := range map[string]string{"256 bytes": fits + "t", "a NUL": "t\x00"} {
				s := db.Tenant(store.TenantID(name))
				direct := func() error { _, err := createUser("u2")(t.Context(), s); return err }
				within := func() error {
					return s.InTx(t.Context(), func(ctx context.Context, tx store.Store) error {
						_, err := createUser("u3")(ctx, tx)
						return err
					})
				}
				for _, write := range []func() error{direct, within} {
					if err := write(); err == nil {
						t.Errorf("%s: %v", what, err)
					}
				}
			}
			wantUsers(t, db.Tenant(store.TenantID(fits)), "u1")
		})
	}
}

// An entry of the journal, or a consumer, whose name does not fit is refused, with
// what it belongs to. Nothing of it is cut off to fit a column.
func TestLongNamesInJournal(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			db, err := e.connect(t.Context(), e.database(t))
			if err != nil {
				t.Fatal(err)
			}
			s, long := db.Tenant("acme"), strings.Repeat("k", 300)
			err = s.InTx(t.Context(), func(ctx context.Context, tx store.Store) error {
				if _, err := createUser("u1")(ctx, tx); err != nil {
					return err
				}
				_, err = onLog(func(ctx context.Context, l store.Log) error {
					return l.Append(ctx, store.Entry{Kind: long, Data: []byte("{}")})
				})(ctx, tx)
				return err
			})
			if err == nil {
				t.Error("the entry was not refused")
			}
			_, err = onLog(func(ctx context.Context, l store.Log) error { return l.Advance(ctx, long, 0, 0) })(t.Context(), s)
			if err == nil {
				t.Error("the consumer was not refused")
			}
			if log, err := readLog(t.Context(), s); err != nil || log != "map[]" {
				t.Errorf("%q, %v", log, err)
			}
			wantUsers(t, s)
		})
	}
}

// A refusal is in the journal whatever id the request had, and its record has that
// id.
func TestRefusalOfLongID(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			db, err := e.connect(t.Context(), e.database(t))
			if err != nil {
				t.Fatal(err)
			}
			s := serve(t, db.Tenant("acme"), types, func(c *scim.Config) { c.Journal = true })
			long, nul := strings.Repeat("x", 300), "x\x00"
			for _, target := range []string{long, "x%00"} {
				if status, answer := s.do("main", "DELETE", "/scim/v2/Users/"+target, ""); status != 404 {
					t.Errorf("%s: %d %s", target, status, answer)
				}
			}
			log, err := db.Tenant("acme").Journal()
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for entry, err := range log.Read(t.Context(), 0) {
				if err != nil {
					t.Fatal(err)
				}
				record, err := scim.ParseRecord(entry.Data)
				if err != nil {
					t.Fatal(err)
				}
				ids = append(ids, string(record.ResourceID))
			}
			if !slices.Equal(ids, []string{long, nul}) {
				t.Errorf("%q", ids)
			}
		})
	}
}

// wantUsers checks which users a tenant has.
func wantUsers(t *testing.T, s store.Store, want ...string) {
	t.Helper()
	var got []string
	for r, err := range s.Scan(t.Context(), "User", "") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(r.ID()))
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("users %v, want %v", got, want)
	}
}
