package sqltest

import (
	"context"
	"strings"
	"testing"

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

// An entry of the journal is kept as it is or refused, with what it belongs to.
// Nothing of it is cut off to fit a column.
func TestLongNamesInJournal(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			db, err := e.connect(t.Context(), e.database(t))
			if err != nil {
				t.Fatal(err)
			}
			s, long := db.Tenant("acme"), strings.Repeat("k", 300)
			refused := s.InTx(t.Context(), func(ctx context.Context, tx store.Store) error {
				if _, err := createUser("u1")(ctx, tx); err != nil {
					return err
				}
				_, err = onLog(func(ctx context.Context, l store.Log) error {
					return l.Append(ctx, store.Entry{Kind: long, Data: []byte("{}")})
				})(ctx, tx)
				return err
			})
			want, users := "map[]", []string(nil)
			if refused == nil {
				want, users = "1 "+long+"\nmap[]", []string{"u1"}
			}
			if log, err := readLog(t.Context(), s); err != nil || log != want {
				t.Errorf("%v: %q, %v", refused, log, err)
			}
			wantUsers(t, s, users...)
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
