package storetest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// projection includes just the given attributes.
func (r *run) projection(t *schema.ResourceType, attributes, excluded []string) *schema.Projection {
	p, err := t.NewProjection(attributes, excluded)
	r.ok("the suite's own projection", err)
	return p
}

var readCases = []testCase{
	{
		name:   "Read/Projected",
		clause: "ReadProjected returns a resource with at least what the projection includes",
		run: func(r *run) {
			full := r.create(r.draft(UserType(), `{"userName":"ann","title":"t","name":{"givenName":"g","familyName":"f"},"emails":[{"value":"a@b.example"}]}`))
			for _, names := range [][]string{{"title"}, {"name.givenName"}, {"emails.value", "userName"}, {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"}} {
				p := r.projection(UserType(), names, nil)
				got, err := store.ReadProjected(r.ctx, r.store, store.RefOf(full), p)
				r.ok("ReadProjected", err)
				for path := range UserType().Paths() {
					if p.Includes(path) && !got.Get(path).Equal(full.Get(path)) {
						r.errorf("attributes=%v: %s is %v, want %v", names, path, got.Get(path), full.Get(path))
					}
				}
				if got.ID() != full.ID() || got.Version() != full.Version() {
					r.errorf("attributes=%v: id or version is missing: %s", names, show(got))
				}
			}
		},
	},
	{
		name:   "Read/ProjectedNotFound",
		clause: "ReadProjected returns the resource like Get.",
		run: func(r *run) {
			_, err := store.ReadProjected(r.ctx, r.store, store.Ref{Type: "User", ID: "none"}, r.projection(UserType(), []string{"title"}, nil))
			if !errors.Is(err, store.ErrNotFound) {
				r.errorf("got %v", err)
			}
		},
	},
	{
		name:   "Read/QueryProjected",
		clause: "Projection is what the caller will look at; nil is everything.",
		run: func(r *run) {
			users := r.newUsers(3)
			group := r.newGroup("g", users...)
			for _, p := range []*schema.Projection{nil, r.projection(GroupType(), nil, []string{"members"}), r.projection(GroupType(), []string{"members"}, nil)} {
				page := r.query(store.Query{Type: "Group", Count: 5, Projection: p})
				if len(page.Resources) != 1 || page.Resources[0].Version() != group.Version() {
					r.fatalf("got %d groups", len(page.Resources))
				}
				if n := page.Resources[0].Get(r.links().List).Len(); p.Includes(r.links().List) && n != 3 {
					r.errorf("members are wanted, and there are %d of 3", n)
				}
			}
		},
	},
	{
		name:   "Values/InOrder",
		clause: "ReadValues iterates over the values at p, a multi-valued attribute, in the order in which Get would list them.",
		run: func(r *run) {
			users := r.newUsers(12)
			group := r.newGroup("g", users[5], users[0], users[11], users[3])
			want := r.memberIDs(store.RefOf(group))
			var got []schema.ID
			for v, err := range store.ReadValues(r.ctx, r.store, store.RefOf(group), r.links().List) {
				r.ok("ReadValues", err)
				got = append(got, r.links().ID(v))
			}
			if !slices.Equal(got, want) || len(got) != 4 {
				r.errorf("got %v, want %v", got, want)
			}
		},
	},
	{
		name:   "Values/OfAnyList",
		clause: "ReadValues iterates over the values of the multi-valued attribute p of a resource.",
		run: func(r *run) {
			user := r.create(r.draft(UserType(), `{"userName":"ann","emails":[{"value":"b@x.example"},{"value":"a@x.example"}]}`))
			n := 0
			for v, err := range store.ReadValues(r.ctx, r.store, store.RefOf(user), UserType().MustPath("emails")) {
				r.ok("ReadValues", err)
				if want := user.Get(UserType().MustPath("emails")).At(n); !v.Equal(want) {
					r.errorf("value %d: got %v, want %v", n, v, want)
				}
				n++
			}
			for v, err := range store.ReadValues(r.ctx, r.store, store.RefOf(user), UserType().MustPath("phoneNumbers")) {
				r.errorf("an unassigned list yields %v, %v", v, err)
			}
			if n != 2 {
				r.errorf("%d of 2 values", n)
			}
		},
	},
	{
		name:   "Values/NotFound",
		clause: "The first pair carries the error if there is no such resource",
		run: func(r *run) {
			n := 0
			for _, err := range store.ReadValues(r.ctx, r.store, store.Ref{Type: "Group", ID: "none"}, r.links().List) {
				if n++; !errors.Is(err, store.ErrNotFound) {
					r.errorf("got %v", err)
				}
			}
			if n != 1 {
				r.errorf("%d pairs, want one with the error", n)
			}
		},
	},
	{
		name:   "Values/EarlyStop",
		clause: "What is yielded is one state of the list, at or after the moment of the call.",
		run: func(r *run) {
			users := r.newUsers(6)
			group := r.newGroup("g", users...)
			n := 0
			for v, err := range store.ReadValues(r.ctx, r.store, store.RefOf(group), r.links().List) {
				r.ok("ReadValues", err)
				_, err = r.apply(group, fmt.Sprintf(`[{"op":"remove","path":"members[value eq \"%s\"]"}]`, users[n]), store.Write{})
				r.ok("ApplyPatch while iterating", err)
				if r.links().ID(v) != users[n] {
					r.errorf("value %d is %s, want %s", n, r.links().ID(v), users[n])
				}
				if n++; n == 3 {
					break
				}
			}
		},
	},
}
