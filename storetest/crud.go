package storetest

import (
	"errors"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

var crudCases = []testCase{
	{
		name:   "Create/ResultIsTheTruth",
		clause: "The result is the truth: the store assigns the id, meta.created, meta.lastModified and meta.version.",
		run: func(r *run) {
			got := r.newUser("ann")
			if got.ID() == "" || got.Version() == "" || got.Created().IsZero() || got.LastModified().IsZero() {
				r.errorf("Create returned %s", show(got))
			}
			r.same("Create returned other content", got, r.user("ann"))
			if read := r.get(store.RefOf(got)); !read.Equal(got) {
				r.errorf("Get after Create:\n\t got %s\n\twant %s", show(read), show(got))
			}
		},
	},
	{
		name:   "Create/IDsDiffer",
		clause: "Create stores a new resource and returns it as stored.",
		run: func(r *run) {
			seen := map[schema.ID]bool{}
			for range 50 {
				id := r.create(r.draft(GroupType(), `{"displayName":"same"}`)).ID()
				if seen[id] {
					r.fatalf("id %q was assigned twice", id)
				}
				seen[id] = true
			}
		},
	},
	{
		name:   "Create/TakenID",
		clause: `returns a *ConflictError naming the attribute if one is taken, or "id" if the id is`,
		run: func(r *run) {
			first := r.newUser("ann")
			second, err := r.store.Create(r.ctx, r.edit(r.user("bob"), "id", schema.String(string(first.ID()))), store.Write{})
			if err == nil && second.ID() == first.ID() {
				r.errorf("two users have id %s", first.ID())
			}
			if err != nil {
				r.wantConflict(err, "id")
			}
			r.same("the first user changed", r.get(store.RefOf(first)), first)
		},
	},
	{
		name:   "Get/NotFound",
		clause: "An id that the store could never have assigned is an ErrNotFound too.",
		run: func(r *run) {
			user := r.newUser("ann")
			for _, ref := range []store.Ref{
				{Type: "User", ID: "none"}, {Type: "User"}, {Type: "Group", ID: user.ID()}, {Type: "user", ID: user.ID()},
				{Type: "User", ID: schema.ID(strings.Repeat("x", 5000))}, {Type: "User", ID: "a/b"}, {Type: "User", ID: "a\x00b"},
				{Type: "User", ID: "'; --"}, {Type: "User", ID: "ä\U0001F600"}, {Type: "User", ID: user.ID() + " "},
				{Type: "User", ID: "00000000-0000-0000-0000-000000000000"}, {Type: "Nothing", ID: user.ID()},
			} {
				if got, err := r.store.Get(r.ctx, ref); !errors.Is(err, store.ErrNotFound) {
					r.errorf("Get %q: got %s, %v", ref, show(got), err)
				}
			}
		},
	},
	{
		name:   "Replace/WhatIsNotThereIsGone",
		clause: "Whatever r does not hold is gone.",
		run: func(r *run) {
			old := r.create(r.draft(UserType(), `{"userName":"ann","title":"boss","name":{"givenName":"Ann","familyName":"X"},
				"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"a"}}`))
			next := r.edit(r.draft(UserType(), `{"userName":"ann","name":{"givenName":"Anne"}}`), "id", schema.String(string(old.ID())))
			got, err := r.store.Replace(r.ctx, next, store.Write{})
			r.ok("Replace", err)
			r.same("Replace returned", got, next)
			r.same("Get after Replace", r.get(store.RefOf(old)), next)
		},
	},
	{
		name:   "Replace/Meta",
		clause: "meta.created stays, meta.lastModified and meta.version are new",
		run: func(r *run) {
			old := r.newUser("ann")
			at := old.LastModified().Add(3e9)
			got, err := r.store.Replace(r.ctx, r.edit(old, "title", schema.String("x")), store.Write{Time: at})
			r.ok("Replace", err)
			if got.ID() != old.ID() || !got.Created().Equal(old.Created()) {
				r.errorf("id or created changed: %s", show(got))
			}
			if got.Version() == old.Version() || !got.LastModified().After(old.LastModified()) {
				r.errorf("version or lastModified did not change: %s", show(got))
			}
			if read := r.get(store.RefOf(old)); !read.Equal(got) {
				r.errorf("Get after Replace:\n\t got %s\n\twant %s", show(read), show(got))
			}
		},
	},
	{
		name:   "Replace/NotFound",
		clause: "It returns an ErrNotFound if there is no such resource",
		run: func(r *run) {
			ghost := r.edit(r.user("ann"), "id", schema.String("ghost"))
			if _, err := r.store.Replace(r.ctx, ghost, store.Write{}); !errors.Is(err, store.ErrNotFound) {
				r.errorf("Replace of nothing: %v", err)
			}
			if ids := r.scan(UserType(), ""); len(ids) != 0 {
				r.errorf("Replace of nothing left %v", ids)
			}
		},
	},
	{
		name:   "Delete/Gone",
		clause: "Delete removes the resource and frees its keys. It returns an ErrNotFound if there is none",
		run: func(r *run) {
			user := r.newUser("ann")
			ref := store.RefOf(user)
			r.ok("Delete", r.store.Delete(r.ctx, ref, store.Write{}))
			if _, err := r.store.Get(r.ctx, ref); !errors.Is(err, store.ErrNotFound) {
				r.errorf("Get after Delete: %v", err)
			}
			if err := r.store.Delete(r.ctx, ref, store.Write{}); !errors.Is(err, store.ErrNotFound) {
				r.errorf("the second Delete: %v", err)
			}
			if ids := r.scan(UserType(), ""); len(ids) != 0 {
				r.errorf("Scan after Delete: %v", ids)
			}
			if _, err := r.store.Create(r.ctx, r.user("ANN"), store.Write{}); err != nil {
				r.errorf("the userName is not free after Delete: %v", err)
			}
		},
	},
	{
		name:   "Delete/OnlyThatOne",
		clause: "Delete removes the resource",
		run: func(r *run) {
			ann, bob, group := r.newUser("ann"), r.newUser("bob"), r.newGroup("g")
			r.ok("Delete", r.store.Delete(r.ctx, store.RefOf(ann), store.Write{}))
			r.get(store.RefOf(bob))
			r.get(store.RefOf(group))
		},
	},
}
