package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

func TestSoak(t *testing.T) {
	sources := map[string]string{
		"Memory": inMemory, "SQLite": filepath.Join(t.TempDir(), "soak.db"),
		"PostgreSQL": os.Getenv("MUSTER_TEST_POSTGRES"), "MySQL": os.Getenv("MUSTER_TEST_MYSQL"),
	}
	for name, source := range sources {
		t.Run(name, func(t *testing.T) {
			if source == "" {
				if os.Getenv("MUSTER_TEST_REQUIRE") == "1" {
					t.Fatal("no server")
				}
				t.Skip("no server")
			}
			steps := 200
			if source != inMemory {
				steps = 40
			}
			var out strings.Builder
			if err := run(t.Context(), &out, options{steps: steps, seed: 7, db: source}); err != nil {
				t.Error(err)
			}
			t.Log(out.String())
		})
	}
}

// TestAuditFinds shows that a write that is lost, doubled or changed behind the
// clients' backs does not go unnoticed.
func TestAuditFinds(t *testing.T) {
	for name, spoil := range map[string]func(context.Context, *service, *client) error{
		"lost": func(ctx context.Context, s *service, c *client) error {
			return s.store(c.tenant).Delete(ctx, store.Ref{Type: "User", ID: schema.ID(c.users[0].id)}, store.Write{})
		},
		"doubled": func(_ context.Context, s *service, c *client) error {
			s.do(c.tenant, "POST", "/Users", c.newUser().json())
			return nil
		},
		"changed": func(_ context.Context, s *service, c *client) error {
			s.do(c.tenant, "PATCH", "/Users/"+c.users[0].id, patchBody(`{"op":"replace","path":"title","value":"other"}`))
			return nil
		},
		"member": func(_ context.Context, s *service, c *client) error {
			c.dialect.add(c, s.groups[c.tenant][0], c.users[0])
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := newService(t.Context(), newDatabase(inMemory))
			if err != nil {
				t.Fatal(err)
			}
			clients, err := s.clients(1)
			if err != nil {
				t.Fatal(err)
			}
			clients[0].join()
			if err := s.audit(t.Context(), clients); err != nil {
				t.Fatal(err)
			}
			if err := spoil(t.Context(), s, clients[0]); err != nil {
				t.Fatal(err)
			}
			if s.audit(t.Context(), clients) == nil {
				t.Error("not found")
			}
		})
	}
}
