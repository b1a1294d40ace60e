package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

var (
	users  = schema.UserDefinition().MustCompile()
	groups = schema.GroupDefinition().MustCompile()
)

// failer is a *testing.T or a *rapid.T.
type failer interface {
	Helper()
	Fatal(args ...any)
}

func decode(t failer, typ *schema.ResourceType, body string) *schema.Resource {
	t.Helper()
	r, _, err := typ.Decode([]byte(body), &schema.DecodeOptions{KeepReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func create(t failer, s store.Store, typ *schema.ResourceType, body string) *schema.Resource {
	t.Helper()
	r, err := s.Create(context.Background(), decode(t, typ, body), store.Write{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func get(t failer, s store.Store, ref store.Ref) *schema.Resource {
	t.Helper()
	r, err := s.Get(context.Background(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func compile(t failer, typ *schema.ResourceType, operations string) *patch.Changes {
	t.Helper()
	body := `{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [` + operations + `]}`
	request, err := patch.Parse([]byte(body), nil)
	if err != nil {
		t.Fatal(err)
	}
	changes, err := request.Compile(typ, nil)
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

// groupBody is the JSON of a group with members.
func groupBody(id, name string, members ...string) string {
	list := make([]string, len(members))
	for i, m := range members {
		list[i] = fmt.Sprintf(`{"value": %q}`, m)
	}
	return fmt.Sprintf(`{"id": %q, "displayName": %q, "members": [%s]}`, id, name, strings.Join(list, ","))
}

// text returns a resource as JSON without meta.
func text(t failer, r *schema.Resource) string {
	t.Helper()
	b := r.Edit()
	if err := b.Set(r.Type().MetaPath(), schema.Value{}); err != nil {
		t.Fatal(err)
	}
	out, err := b.Resource().AppendJSON(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func mustPath(t testing.TB, typ *schema.ResourceType, name string) schema.Path {
	t.Helper()
	p, err := typ.Path(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
