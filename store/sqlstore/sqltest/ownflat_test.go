package sqltest

import (
	"fmt"
	"testing"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/storetest"
)

// Changing one member of a team of a service costs the same for any number of
// members: none of the others is loaded.
func TestOwnMemberIsFlat(t *testing.T) {
	e := engines(t)[0]
	_, _, s := e.service(t, `;
INSERT INTO users (tenant_id, id, user_name, kind, revision) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3001) SELECT 'acme', 'u' || i, 'user' || i, 'human', 1 FROM n;
INSERT INTO teams (tenant_id, id, name, revision) VALUES ('acme', 'small', 'Small', 1), ('acme', 'large', 'Large', 1);
INSERT INTO team_users (tenant_id, team_id, user_id, seq) SELECT 'acme', 'large', id, row_number() OVER () FROM users WHERE id <> 'u3001';
INSERT INTO team_users (tenant_id, team_id, user_id, seq) SELECT 'acme', 'small', id, row_number() OVER () FROM users WHERE id IN ('u1', 'u2', 'u3')`)
	small, large := addAndRemove(t, s, "small"), addAndRemove(t, s, "large")
	if large > 1.5*small {
		t.Errorf("%.0f allocations in a team of 3, %.0f in one of 3000", small, large)
	}
}

// addAndRemove returns the allocations of adding a member and removing it.
func addAndRemove(t *testing.T, s store.PatchStore, team string) float64 {
	t.Helper()
	group := storetest.GroupType()
	none, err := group.NewProjection([]string{"id"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return testing.AllocsPerRun(5, func() {
		for _, op := range []string{`{"op":"add","path":"members","value":[{"value":"u3001"}]}`, `{"op":"remove","path":"members[value eq \"u3001\"]"}`} {
			request, err := patch.Parse(fmt.Appendf(nil, `{"schemas":[%q],"Operations":[%s]}`, patch.MessageURN, op), nil)
			if err != nil {
				t.Fatal(err)
			}
			changes, err := request.Compile(group, nil)
			if err != nil {
				t.Fatal(err)
			}
			out, err := s.Patch(t.Context(), store.Patch{Ref: store.Ref{Type: "Group", ID: schema.ID(team)}, Changes: changes, Projection: none}, store.Write{})
			if err != nil || !out.Changed {
				t.Fatal(out, err)
			}
		}
	})
}
