package storetest

import (
	"fmt"
	"slices"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// draft reads a resource from JSON, with arguments put in like Sprintf does.
func (r *run) draft(t *schema.ResourceType, format string, args ...any) *schema.Resource {
	text := fmt.Sprintf(format, args...)
	res, _, err := t.Decode([]byte(text), &schema.DecodeOptions{KeepReadOnly: true})
	if err != nil {
		r.fatalf("the suite's own resource %s: %v", text, err)
	}
	return res
}

func (r *run) user(name string) *schema.Resource {
	return r.draft(UserType(), `{"userName":%q,"externalId":"ext-%s"}`, name, name)
}

// newUser stores a user with the given name.
func (r *run) newUser(name string) *schema.Resource { return r.create(r.user(name)) }

// newGroup stores a group with the given members.
func (r *run) newGroup(name string, members ...schema.ID) *schema.Resource {
	return r.create(r.group(name, members...))
}

func (r *run) group(name string, members ...schema.ID) *schema.Resource {
	b := r.draft(GroupType(), `{"displayName":%q}`, name).Edit()
	links := r.links()
	list := make([]schema.Value, len(members))
	for i, id := range members {
		list[i] = links.Element(id, "", "")
	}
	r.ok("setting members", b.Set(links.List, schema.List(list...)))
	return b.Resource()
}

// links are the paths of the group's members.
func (r *run) links() store.Links {
	links, ok := store.LinksOf(GroupType(), r.relation().Attribute)
	if !ok {
		r.fatalf("the relation's attribute %q is no list of Group", r.relation().Attribute)
	}
	return links
}

// get reads a resource that has to be there.
func (r *run) get(ref store.Ref) *schema.Resource {
	res, err := r.store.Get(r.ctx, ref)
	r.ok("Get "+ref.String(), err)
	return res
}

// same compares what a client wrote with what is stored: everything except
// what the store assigns.
func (r *run) same(what string, got, want *schema.Resource) {
	if !content(got).Equal(content(want)) {
		r.errorf("%s:\n\t got %s\n\twant %s", what, show(got), show(want))
	}
}

// content removes what a store assigns.
func content(res *schema.Resource) *schema.Resource {
	b := res.Edit()
	_ = b.Set(res.Type().IDPath(), schema.Value{})
	_ = b.Set(res.Type().MetaPath(), schema.Value{})
	return b.Resource()
}

// edit changes one attribute of a resource.
func (r *run) edit(res *schema.Resource, path string, v schema.Value) *schema.Resource {
	b := res.Edit()
	r.ok("editing "+path, b.Set(res.Type().MustPath(path), v))
	return b.Resource()
}

// changes compiles the operations of a PATCH.
func (r *run) changes(t *schema.ResourceType, operations string) *patch.Changes {
	body := `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":` + operations + `}`
	request, err := patch.Parse([]byte(body), nil)
	r.ok("the suite's own PATCH", err)
	changes, err := request.Compile(t, nil)
	r.ok("the suite's own PATCH", err)
	return changes
}

// apply patches a resource.
func (r *run) apply(res *schema.Resource, operations string, w store.Write) (*store.Outcome, error) {
	p := store.Patch{Ref: store.RefOf(res), Changes: r.changes(res.Type(), operations)}
	return store.ApplyPatch(r.ctx, r.store, p, w)
}

// filter binds a filter.
func (r *run) filter(t *schema.ResourceType, text string) *filter.Filter {
	f, err := filter.Parse(t, text, nil)
	r.ok("the suite's own filter "+text, err)
	return f
}

// scan collects the ids of a type in the order of Scan.
func (r *run) scan(t *schema.ResourceType, after schema.ID) []schema.ID {
	var ids []schema.ID
	for res, err := range r.store.Scan(r.ctx, t.Name(), after) {
		r.ok("Scan", err)
		ids = append(ids, res.ID())
	}
	return ids
}

// memberIDs lists what a group holds.
func (r *run) memberIDs(group store.Ref) []schema.ID {
	var ids []schema.ID
	for e := range r.get(group).Values(r.links().List) {
		ids = append(ids, r.links().ID(e))
	}
	return ids
}

func (r *run) wantMembers(group store.Ref, want ...schema.ID) {
	if got := r.memberIDs(group); !slices.Equal(got, want) {
		r.errorf("members of %s: got %v, want %v", group, got, want)
	}
}
