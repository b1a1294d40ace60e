package storetest

import (
	"fmt"
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// newUsers stores n users and returns their ids in ascending order.
func (r *run) newUsers(n int) []schema.ID {
	ids := make([]schema.ID, n)
	for i := range ids {
		ids[i] = r.newUser(fmt.Sprintf("user-%03d", i)).ID()
	}
	slices.Sort(ids)
	return ids
}

var scanCases = []testCase{
	{
		name:   "Scan/Order",
		clause: "Scan iterates over the resources of a type in ascending byte order of their ids",
		run: func(r *run) {
			want := r.newUsers(40)
			r.newGroup("not a user")
			if got := r.scan(UserType(), ""); !slices.Equal(got, want) {
				r.errorf("got %v, want %v", got, want)
			}
		},
	},
	{
		name:   "Scan/After",
		clause: `from the first id greater than afterID; "" is before all`,
		run: func(r *run) {
			ids := r.newUsers(9)
			for i, after := range ids {
				if got := r.scan(UserType(), after); !slices.Equal(got, ids[i+1:]) {
					r.errorf("after %q: got %v, want %v", after, got, ids[i+1:])
				}
			}
			if got := r.scan(UserType(), ids[3]+"\x00"); !slices.Equal(got, ids[4:]) {
				r.errorf("after an id that does not exist: got %v, want %v", got, ids[4:])
			}
		},
	},
	{
		name:   "Scan/Empty",
		clause: "A type that the store holds nothing of is empty.",
		run: func(r *run) {
			for _, name := range []string{"User", "Nothing", ""} {
				for res, err := range r.store.Scan(r.ctx, name, "") {
					r.errorf("Scan of %q yields %s, %v", name, show(res), err)
				}
			}
		},
	},
	{
		name:   "Scan/Reentrant",
		clause: "The caller may stop at any time, and may call the store while iterating.",
		run: func(r *run) {
			ids := r.newUsers(6)
			var seen []schema.ID
			for res, err := range r.store.Scan(r.ctx, "User", "") {
				r.ok("Scan", err)
				seen = append(seen, r.get(store.RefOf(res)).ID())
				_, err = r.store.Replace(r.ctx, r.edit(res, "title", schema.String("seen")), store.Write{})
				r.ok("Replace while iterating", err)
				if len(seen) == 4 {
					break
				}
			}
			if !slices.Equal(seen, ids[:4]) {
				r.errorf("got %v, want %v", seen, ids[:4])
			}
		},
	},
	{
		name:   "Scan/Concurrent",
		clause: "A resource that exists during the whole iteration is yielded exactly once",
		run: func(r *run) {
			ids := r.newUsers(30)
			seen := map[schema.ID]int{}
			n := 0
			for res, err := range r.store.Scan(r.ctx, "User", "") {
				r.ok("Scan", err)
				seen[res.ID()]++
				n++
				r.disturb(n, ids)
			}
			for _, id := range ids[1:] {
				if seen[id] != 1 {
					r.errorf("%s was yielded %d times", id, seen[id])
				}
			}
		},
	},
}

// disturb adds a user, changes one that was or will be yielded, and deletes
// the first one half way.
func (r *run) disturb(n int, ids []schema.ID) {
	if n > len(ids) {
		return // do not chase the users that this adds
	}
	_, err := r.store.Create(r.ctx, r.user(fmt.Sprintf("late-%03d", n)), store.Write{})
	r.ok("Create while iterating", err)
	if n == len(ids)/2 {
		r.ok("Delete while iterating", r.store.Delete(r.ctx, store.Ref{Type: "User", ID: ids[0]}, store.Write{}))
		return
	}
	target := r.get(store.Ref{Type: "User", ID: ids[1+(n*7)%(len(ids)-1)]})
	_, err = r.store.Replace(r.ctx, r.edit(target, "title", schema.String(fmt.Sprint(n))), store.Write{})
	r.ok("Replace while iterating", err)
}
