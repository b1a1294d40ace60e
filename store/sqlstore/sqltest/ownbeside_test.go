package sqltest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/storetest"
)

// The service writes its own columns while SCIM writes others: neither loses a
// write, because only columns whose attribute changed are written.
func TestOwnBesideTheService(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			pool, _, s := e.service(t, "")
			b := storetest.UserType().New()
			if err := b.Set(storetest.UserType().MustPath("userName"), schema.String("ann")); err != nil {
				t.Fatal(err)
			}
			user, err := s.Create(t.Context(), b.Resource(), store.Write{})
			if err != nil {
				t.Fatal(err)
			}
			const each = 25
			var both sync.WaitGroup
			both.Go(func() {
				for i := range each {
					if err := bySCIM(t.Context(), s, store.RefOf(user), fmt.Sprint("title ", i+1)); err != nil {
						t.Error(err)
					}
				}
			})
			both.Go(func() {
				for i := range each {
					if err := byService(t.Context(), pool, fmt.Sprint("name ", i+1)); err != nil {
						t.Error(err)
					}
				}
			})
			both.Wait()
			got, err := s.Get(t.Context(), store.RefOf(user))
			if err != nil {
				t.Fatal(err)
			}
			for path, want := range map[string]string{"title": fmt.Sprint("title ", each), "name.familyName": fmt.Sprint("name ", each)} {
				if text := got.Get(storetest.UserType().MustPath(path)).Text(); text != want {
					t.Errorf("%s is %q, want %q", path, text, want)
				}
			}
			if _, err := s.Replace(t.Context(), got, store.Write{Version: user.Version()}); !errors.Is(err, store.ErrVersion) {
				t.Errorf("at the first version: %v", err)
			}
		})
	}
}

// bySCIM changes the title, whatever version the user has by then.
func bySCIM(ctx context.Context, s store.Store, ref store.Ref, title string) error {
	_, err := store.Update(ctx, s, ref, func(old *schema.Resource) (*schema.Resource, error) {
		b := old.Edit()
		err := b.Set(storetest.UserType().MustPath("title"), schema.String(title))
		return b.Resource(), err
	}, store.Write{})
	return err
}

// byService does what a service does without knowing of SCIM.
func byService(ctx context.Context, pool *sql.DB, name string) error {
	_, err := pool.ExecContext(ctx, "UPDATE users SET family_name = '"+name+"' WHERE user_name = 'ann'")
	return err
}
