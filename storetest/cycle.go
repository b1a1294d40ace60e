package storetest

import (
	"errors"
	"fmt"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

func (r *run) wantCycle(what string, err error) {
	if !errors.Is(err, store.ErrCycle) {
		r.errorf("%s: %v, want an ErrCycle", what, err)
	}
}

var cycleCases = []testCase{
	{
		name:   "Members/Nested",
		clause: "Group.members holds users and groups",
		needs:  nested,
		run: func(r *run) {
			inner := r.newGroup("inner", r.newUser("ann").ID())
			outer := r.newGroup("outer", inner.ID())
			r.wantMembers(store.RefOf(outer), inner.ID())
			links := r.links()
			if e := r.get(store.RefOf(outer)).Get(links.List).At(0); e.Get(links.Type).Text() != "Group" || e.Get(links.Display).Text() != "inner" {
				r.errorf("the nested group is shown as type %q, display %q", e.Get(links.Type).Text(), e.Get(links.Display).Text())
			}
		},
	},
	{
		name:   "Members/NoCycle",
		clause: "A resource never is a member of itself, directly or through others; otherwise the write fails with an ErrCycle.",
		needs:  nested,
		run: func(r *run) {
			a := r.newGroup("a")
			b := r.newGroup("b", a.ID())
			c := r.newGroup("c", b.ID())
			_, err := r.addMember(a, a.ID())
			r.wantCycle("a group in itself", err)
			_, err = r.addMember(a, b.ID())
			r.wantCycle("a cycle of two", err)
			_, err = r.addMember(a, c.ID())
			r.wantCycle("a cycle of three", err)
			_, err = r.store.Replace(r.ctx, r.edit(r.group("a", c.ID()), "id", schema.String(string(a.ID()))), store.Write{})
			r.wantCycle("a cycle by Replace", err)
			r.wantMembers(store.RefOf(a))
			if _, err := r.addMember(c, a.ID()); err != nil {
				r.errorf("two ways to one group are no cycle: %v", err)
			}
		},
	},
	{
		name:   "Members/CycleRace",
		clause: "A resource never is a member of itself, directly or through others",
		needs:  nested,
		run: func(r *run) {
			for round := range r.rounds(15) {
				a, b := r.newGroup(fmt.Sprintf("a%d", round)), r.newGroup(fmt.Sprintf("b%d", round))
				var won counter
				r.parallel(2, func(i int) {
					holder, member := a, b
					if i == 1 {
						holder, member = b, a
					}
					_, err := r.addMember(holder, member.ID())
					won.count(r, err, store.ErrCycle)
				})
				if won.n.Load() != 1 {
					r.fatalf("%d of the two halves of a cycle were accepted", won.n.Load())
				}
			}
		},
	},
}
