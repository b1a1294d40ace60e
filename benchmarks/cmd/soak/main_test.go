package main

import (
	"context"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

func TestSoak(t *testing.T) {
	var out strings.Builder
	if err := run(t.Context(), &out, options{steps: 200, seed: 7}); err != nil {
		t.Error(err)
	}
	t.Log(out.String())
}

// TestAuditFinds shows that a write that is lost, doubled or changed behind the
// clients' backs does not go unnoticed.
func TestAuditFinds(t *testing.T) {
	for name, spoil := range map[string]func(context.Context, *service, *client) error{
		"lost": func(ctx context.Context, s *service, c *client) error {
			return s.stores.Tenant(store.TenantID(c.tenant)).Delete(ctx, store.Ref{Type: "User", ID: schema.ID(c.users[0].id)}, store.Write{})
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
			s, err := newService()
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
