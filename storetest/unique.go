package storetest

import (
	"errors"
	"fmt"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// wantConflict checks the error of a write whose value is taken.
func (r *run) wantConflict(err error, path string) {
	var conflict *store.ConflictError
	switch {
	case !errors.Is(err, store.ErrConflict):
		r.errorf("a taken %s: got %v, want an ErrConflict", path, err)
	case !errors.As(err, &conflict) || conflict.Path != path:
		r.errorf("a taken %s: got %v, want a *ConflictError that names it", path, err)
	}
}

var uniqueCases = []testCase{
	{
		name:   "Unique/Create",
		clause: "Create compares w.Keys(r) with the keys of all other resources of the type in the same atomic step",
		run: func(r *run) {
			r.newUser("ann")
			for _, name := range []string{"ann", "ANN", "Ann"} {
				_, err := r.store.Create(r.ctx, r.user(name), store.Write{})
				r.wantConflict(err, "userName")
			}
			if n := len(r.scan(UserType(), "")); n != 1 {
				r.errorf("refused Creates left %d users", n)
			}
			if _, err := r.store.Create(r.ctx, r.user("anne"), store.Write{}); err != nil {
				r.errorf("a free name: %v", err)
			}
		},
	},
	{
		name:   "Unique/Folding",
		clause: "Create compares w.Keys(r) with the keys of all other resources of the type in the same atomic step",
		needs:  probe,
		run: func(r *run) {
			r.create(r.draft(ProbeType(), `{"serial":"Straße É 1","badge":"Ab"}`))
			for text, taken := range map[string]string{
				`{"serial":"sTRAßE é 1"}`: "serial", `{"serial":"STRASSE É 1"}`: "", `{"badge":"Ab"}`: "badge", `{"badge":"AB"}`: "",
			} {
				_, err := r.store.Create(r.ctx, r.draft(ProbeType(), "%s", text), store.Write{})
				if taken != "" {
					r.wantConflict(err, taken)
				} else if err != nil {
					r.errorf("%s is free: %v", text, err)
				}
			}
		},
	},
	{
		name:   "Unique/Absent",
		clause: "Create compares w.Keys(r) with the keys of all other resources of the type in the same atomic step",
		needs:  probe,
		run: func(r *run) {
			for range 3 {
				r.create(r.draft(ProbeType(), `{"label":"no serial"}`))
			}
		},
	},
	{
		name:   "Unique/Replace",
		clause: "Keys are compared as in Create; the resource's own do not conflict.",
		run: func(r *run) {
			ann, bob := r.newUser("ann"), r.newUser("bob")
			_, err := r.store.Replace(r.ctx, r.edit(bob, "userName", schema.String("ANN")), store.Write{})
			r.wantConflict(err, "userName")
			r.same("the refused Replace had an effect", r.get(store.RefOf(bob)), bob)
			if _, err := r.store.Replace(r.ctx, r.edit(ann, "userName", schema.String("Ann")), store.Write{}); err != nil {
				r.errorf("changing the letter case of one's own name: %v", err)
			}
			if _, err := r.store.Replace(r.ctx, r.edit(bob, "title", schema.String("x")), store.Write{}); err != nil {
				r.errorf("keeping one's own name: %v", err)
			}
		},
	},
	{
		name:   "Unique/RenameFrees",
		clause: "Keys are compared as in Create; the resource's own do not conflict.",
		run: func(r *run) {
			ann := r.newUser("ann")
			_, err := r.store.Replace(r.ctx, r.edit(ann, "userName", schema.String("anne")), store.Write{})
			r.ok("Replace", err)
			if _, err := r.store.Create(r.ctx, r.user("ann"), store.Write{}); err != nil {
				r.errorf("the old name is not free: %v", err)
			}
			_, err = r.store.Create(r.ctx, r.user("Anne"), store.Write{})
			r.wantConflict(err, "userName")
		},
	},
	{
		name:   "Unique/Patch",
		clause: "Patch applies the changes with the result that Changes.Apply and then Store.Replace would have, including their errors",
		run: func(r *run) {
			r.newUser("ann")
			bob := r.newUser("bob")
			_, err := r.apply(bob, `[{"op":"replace","path":"title","value":"x"},{"op":"replace","path":"userName","value":"Ann"}]`, store.Write{})
			r.wantConflict(err, "userName")
			r.same("the refused PATCH had an effect", r.get(store.RefOf(bob)), bob)
		},
	},
	{
		name:   "Unique/HostsOwn",
		clause: "Unique are attributes that the host wants to be unique besides those that the schema declares, such as displayName of groups.",
		run: func(r *run) {
			w := store.Write{Unique: []schema.Path{GroupType().MustPath("displayName")}}
			first, err := r.store.Create(r.ctx, r.group("Staff"), w)
			r.ok("Create", err)
			_, err = r.store.Create(r.ctx, r.group("STAFF"), w)
			r.wantConflict(err, "displayName")
			second, err := r.store.Create(r.ctx, r.group("Other"), w)
			r.ok("Create", err)
			_, err = r.store.Replace(r.ctx, r.edit(second, "displayName", schema.String("staff")), w)
			r.wantConflict(err, "displayName")
			r.ok("Delete", r.store.Delete(r.ctx, store.RefOf(first), w))
			_, err = r.store.Replace(r.ctx, r.edit(second, "displayName", schema.String("staff")), w)
			r.ok("Replace by a name that is free again", err)
		},
	},
	{
		name:   "Unique/OneWinner",
		clause: "Of two concurrent Creates with one key exactly one succeeds.",
		run: func(r *run) {
			for round := range r.rounds(25) {
				var won counter
				r.parallel(6, func(i int) {
					name := fmt.Sprintf("race-%d", round)
					if i%2 == 0 {
						name = fmt.Sprintf("RACE-%d", round)
					}
					_, err := r.store.Create(r.ctx, r.user(name), store.Write{})
					won.count(r, err, store.ErrConflict)
				})
				if n := won.n.Load(); n != 1 {
					r.fatalf("%d of 6 Creates of one userName succeeded", n)
				}
			}
		},
	},
	{
		name:   "Unique/RenameRace",
		clause: "Keys are compared as in Create",
		run: func(r *run) {
			ids := r.newUsers(5)
			for round := range r.rounds(15) {
				var won counter
				r.parallel(len(ids), func(i int) {
					ref := store.Ref{Type: "User", ID: ids[i]}
					w := store.Write{}
					_, err := store.Update(r.ctx, r.store, ref, func(old *schema.Resource) (*schema.Resource, error) {
						b := old.Edit()
						err := b.Set(UserType().MustPath("userName"), schema.String(fmt.Sprintf("wanted-%d", round)))
						return b.Resource(), err
					}, w)
					won.count(r, err, store.ErrConflict)
				})
				if n := won.n.Load(); n != 1 {
					r.fatalf("%d of %d renames to one userName succeeded", n, len(ids))
				}
			}
		},
	},
}
