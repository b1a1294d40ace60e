package storetest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// patches are changes of a user that stores might carry out in their own ways.
var patches = []string{
	`[{"op":"replace","path":"title","value":"x"}]`,
	`[{"op":"add","path":"nickName","value":"n"},{"op":"remove","path":"externalId"}]`,
	`[{"op":"replace","path":"active","value":false}]`,
	`[{"op":"replace","path":"name.givenName","value":"g"},{"op":"remove","path":"name.familyName"}]`,
	`[{"op":"add","path":"emails","value":[{"value":"c@example.com","type":"other"}]}]`,
	`[{"op":"remove","path":"emails[type eq \"work\"]"}]`,
	`[{"op":"replace","path":"emails[type eq \"home\"].value","value":"h2@example.com"}]`,
	`[{"op":"remove","path":"emails"}]`,
	`[{"op":"add","value":{"title":"y","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"d"}}}]`,
	`[{"op":"replace","path":"userName","value":"Renamed"}]`,
	`[{"op":"replace","path":"password","value":"secret"}]`,
}

var patchCases = []testCase{
	{
		name:   "Patch/LikeApplyAndReplace",
		clause: "Patch applies the changes with the result that Changes.Apply and then Store.Replace would have",
		run: func(r *run) {
			for i, ops := range patches {
				user := r.create(r.draft(UserType(), `{"userName":"u%d","externalId":"e%d","title":"t","name":{"givenName":"a","familyName":"b"},
					"emails":[{"value":"w@example.com","type":"work"},{"value":"h@example.com","type":"home"}]}`, i, i))
				want, err := r.changes(UserType(), ops).Apply(user)
				r.ok("Changes.Apply "+ops, err)
				out, err := r.apply(user, ops, store.Write{})
				r.ok("ApplyPatch "+ops, err)
				r.same(ops+": returned", out.Resource, want.Resource)
				r.same(ops+": stored", r.get(store.RefOf(user)), want.Resource)
				if !out.Changed || out.Resource.Version() == user.Version() || !out.Resource.Created().Equal(user.Created()) {
					r.errorf("%s: changed=%v, %s after %s", ops, out.Changed, show(out.Resource), show(user))
				}
			}
		},
	},
	{
		name:   "Patch/CheckDecides",
		clause: "Check looks at the result before it is stored and may refuse or complete it",
		run: func(r *run) {
			user := r.newUser("ann")
			refusal := errors.New("refused by the host")
			p := store.Patch{Ref: store.RefOf(user), Changes: r.changes(UserType(), `[{"op":"add","path":"title","value":"x"}]`)}
			p.Check = func(_, _ *schema.Resource) (*schema.Resource, error) { return nil, refusal }
			if _, err := store.ApplyPatch(r.ctx, r.store, p, store.Write{}); !errors.Is(err, refusal) {
				r.errorf("Check refused, ApplyPatch returned %v", err)
			}
			if got := r.get(store.RefOf(user)); !got.Equal(user) {
				r.errorf("Check refused, and yet it became %s", show(got))
			}
			p.Check = func(_, changed *schema.Resource) (*schema.Resource, error) {
				return r.edit(changed, "nickName", schema.String("completed")), nil
			}
			_, err := store.ApplyPatch(r.ctx, r.store, p, store.Write{})
			r.ok("ApplyPatch", err)
			if got := r.get(store.RefOf(user)); got.Get(UserType().MustPath("nickName")).Text() != "completed" {
				r.errorf("what Check added is missing: %s", show(got))
			}
		},
	},
	{
		name:   "Patch/NotFound",
		clause: "It returns an ErrNotFound if there is no such resource",
		run: func(r *run) {
			ghost := r.edit(r.user("ann"), "id", schema.String("ghost"))
			if _, err := r.apply(ghost, patches[0], store.Write{}); !errors.Is(err, store.ErrNotFound) {
				r.errorf("ApplyPatch of nothing: %v", err)
			}
		},
	},
	{
		name:   "Patch/AllOrNothing",
		clause: "It never loses a concurrent write and is all or nothing.",
		run: func(r *run) {
			user := r.newUser("ann")
			ops := `[{"op":"add","path":"title","value":"x"},{"op":"replace","path":"emails[type ne \"work\"].value","value":"y"}]`
			if _, err := r.apply(user, ops, store.Write{}); err == nil {
				r.errorf("the second operation has no target, yet there was no error")
			}
			if got := r.get(store.RefOf(user)); !got.Equal(user) {
				r.errorf("half of it happened: %s", show(got))
			}
		},
	},
	{
		name:   "Patch/NothingLost",
		clause: "It never loses a concurrent write and is all or nothing.",
		run: func(r *run) {
			user := r.newUser("ann")
			const workers = 6
			each := r.rounds(10)
			r.parallel(workers, func(i int) {
				for n := range each {
					ops := fmt.Sprintf(`[{"op":"add","path":"emails","value":[{"value":"%d-%d@example.com"}]}]`, i, n)
					if _, err := r.apply(user, ops, store.Write{}); err != nil {
						r.errorf("ApplyPatch: %v", err)
					}
				}
			})
			var got []string
			for v := range r.get(store.RefOf(user)).Values(UserType().MustPath("emails.value")) {
				got = append(got, v.Text())
			}
			slices.Sort(got)
			if n := len(slices.Compact(got)); n != workers*each {
				r.errorf("%d of %d concurrently added emails are there", n, workers*each)
			}
		},
	},
}
