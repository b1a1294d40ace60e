package storetest

import (
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

var ownershipCases = []testCase{
	{
		name:   "Ownership/PageIsTheCallers",
		clause: "The caller owns the slice.",
		run: func(r *run) {
			r.newUsers(5)
			q := store.Query{Type: "User", Sort: r.sortOf("userName", ""), Count: 10}
			first := r.query(q).Resources
			want := ids(first)
			clear(first)
			_ = append(first[:0], r.user("intruder"))
			if got := ids(r.query(q).Resources); !slices.Equal(got, want) {
				r.errorf("after the caller changed its page, the next one is %v, want %v", got, want)
			}
		},
	},
	{
		name:   "Ownership/KeysAreFreed",
		clause: "A Store must not keep what a Resource is not: the keys, times and functions in a Write are valid during the call only.",
		run: func(r *run) {
			unique := []schema.Path{GroupType().MustPath("displayName")}
			_, err := r.store.Create(r.ctx, r.group("one"), store.Write{Unique: unique})
			r.ok("Create", err)
			unique[0] = GroupType().MustPath("externalId")
			_, err = r.store.Create(r.ctx, r.group("ONE"), store.Write{Unique: []schema.Path{GroupType().MustPath("displayName")}})
			r.wantConflict(err, "displayName")
		},
	},
	{
		name:   "Ownership/EntryData",
		clause: "Data is the record itself. It must not be changed once handed over.",
		needs:  journal,
		run: func(r *run) {
			l := r.log(r.store)
			r.appendAll(l, "a", "b")
			at, err := l.Consumers(r.ctx)
			r.ok("Consumers", err)
			if at != nil {
				at["intruder"] = 1
			}
			if again, err := l.Consumers(r.ctx); err != nil || len(again) != 0 {
				r.errorf("the map of Consumers is shared: %v, %v", again, err)
			}
			r.wantEntries(l, 0, "a", "b")
		},
	},
	{
		name:   "Ownership/InverseIsTheCallers",
		clause: "The caller owns the result.",
		needs:  relations,
		run: func(r *run) {
			user := r.newUser("ann").ID()
			group := r.newGroup("g", user)
			held, err := store.Inverse(r.ctx, r.store, r.relation(), []schema.ID{user, "none"})
			r.ok("Inverse", err)
			if len(held) != 1 || len(held[user]) != 1 || held[user][0].Display != "g" {
				r.fatalf("Inverse: %v", held)
			}
			held[user][0] = store.Holder{}
			clear(held)
			r.wantGroups(user, group.ID())
		},
	},
}
