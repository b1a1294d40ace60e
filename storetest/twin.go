package storetest

import (
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// twins are the resources of the other tenant, as they were stored there.
type twins map[store.Ref]*schema.Resource

// create stores a resource and, in the other tenant, one with the same id,
// externalId and keys. It ends the case if either fails.
func (r *run) create(draft *schema.Resource) *schema.Resource {
	stored, err := r.store.Create(r.ctx, draft, store.Write{})
	r.ok("Create", err)
	r.twin(stored)
	return stored
}

// twin stores a copy of a resource in the other tenant. Members are left out:
// they would have to exist there.
func (r *run) twin(stored *schema.Resource) {
	b := stored.Edit()
	if links, ok := store.LinksOf(stored.Type(), r.relation().Attribute); ok {
		r.ok("building the twin", b.Set(links.List, schema.Value{}))
	}
	copied, err := r.other.Create(r.ctx, b.Resource(), store.Write{})
	r.ok("creating an equal resource in another tenant", err)
	if r.twins == nil {
		r.twins = twins{}
	}
	r.twins[store.RefOf(copied)] = copied
}

// checkTwins finds out whether anything reached the other tenant.
func (r *run) checkTwins() {
	for ref, want := range r.twins {
		got, err := r.other.Get(r.ctx, ref)
		if err != nil {
			r.errorf("another tenant's %s: %v", ref, err)
		} else if !got.Equal(want) {
			r.errorf("another tenant's %s changed:\n\t got %s\n\twant %s", ref, show(got), show(want))
		}
	}
	for _, t := range r.types() {
		n := 0
		for got, err := range r.other.Scan(r.ctx, t.Name(), "") {
			if err != nil {
				r.errorf("another tenant's %s: Scan: %v", t.Name(), err)
				break
			}
			if n++; r.twins[store.RefOf(got)] == nil {
				r.errorf("another tenant sees %s, which is not its own", store.RefOf(got))
			}
		}
	}
}

func (r *run) types() []*schema.ResourceType {
	if r.opts.WithoutProbe {
		return []*schema.ResourceType{UserType(), GroupType()}
	}
	return []*schema.ResourceType{UserType(), GroupType(), ProbeType()}
}

func (r *run) relation() store.Relation {
	if r.opts.Relation != nil {
		return *r.opts.Relation
	}
	return store.GroupMembers()
}

// show prints a resource for people.
func show(r *schema.Resource) string {
	if r == nil {
		return "nothing"
	}
	data, err := r.AppendJSON(nil, &schema.Encoding{All: true})
	if err != nil {
		return err.Error()
	}
	return string(data)
}
