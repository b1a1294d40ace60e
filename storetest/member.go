package storetest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// addMember and removeMember are the two changes that groups live on.
func (r *run) addMember(group *schema.Resource, id schema.ID) (*store.Outcome, error) {
	return r.apply(group, fmt.Sprintf(`[{"op":"add","path":"members","value":[{"value":%q}]}]`, id), store.Write{})
}

func (r *run) removeMember(group *schema.Resource, id schema.ID) (*store.Outcome, error) {
	return r.apply(group, fmt.Sprintf(`[{"op":"remove","path":"members[value eq \"%s\"]"}]`, id), store.Write{})
}

// groupsOf lists the ids in the inverse attribute of a user.
func (r *run) groupsOf(user schema.ID) []schema.ID {
	target, _ := r.relation().Target("User")
	links, ok := store.LinksOf(UserType(), target.Inverse)
	if !ok {
		r.skipf("the relation has no inverse in User")
	}
	var held []schema.ID
	for e := range r.get(store.Ref{Type: "User", ID: user}).Values(links.List) {
		held = append(held, links.ID(e))
	}
	slices.Sort(held)
	return held
}

// wantGroups compares the inverse attribute of a user, and Inverse with it.
func (r *run) wantGroups(user schema.ID, want ...schema.ID) {
	slices.Sort(want)
	if got := r.groupsOf(user); !slices.Equal(got, want) {
		r.errorf("groups of %s: got %v, want %v", user, got, want)
	}
	holders, err := store.Inverse(r.ctx, r.store, r.relation(), []schema.ID{user})
	r.ok("Inverse", err)
	var got []schema.ID
	for _, h := range holders[user] {
		got = append(got, h.ID)
	}
	if !slices.Equal(got, want) {
		r.errorf("Inverse of %s: got %v, want %v", user, got, want)
	}
}

var memberCases = []testCase{
	{
		name:   "Members/BothEnds",
		clause: "Group.members and User.groups are one relation",
		needs:  relations,
		run: func(r *run) {
			users := r.newUsers(3)
			g1, g2 := r.newGroup("one", users[0], users[1]), r.newGroup("two", users[1])
			r.wantMembers(store.RefOf(g1), users[0], users[1])
			r.wantGroups(users[0], g1.ID())
			r.wantGroups(users[1], g1.ID(), g2.ID())
			r.wantGroups(users[2])
		},
	},
	{
		name:   "Members/Derived",
		clause: `The rest is derived when it is read: "type" is the type of that resource, "display" its name`,
		needs:  relations,
		run: func(r *run) {
			user := r.create(r.draft(UserType(), `{"userName":"ann","displayName":"Ann A"}`))
			group := r.create(r.draft(GroupType(), `{"displayName":"g","members":[{"value":%q,"display":"wrong","type":"User","$ref":"../Users/other"}]}`, user.ID()))
			r.wantElement(group, "Ann A")
			_, err := r.store.Replace(r.ctx, r.edit(user, "displayName", schema.String("Ann B")), store.Write{})
			r.ok("Replace", err)
			r.wantElement(group, "Ann B")
		},
	},
	{
		name:   "Members/InOrder",
		clause: "A member is there once, in the order in which the members were added.",
		needs:  relations,
		run: func(r *run) {
			users := r.newUsers(5)
			group := r.newGroup("g", users[3], users[1])
			for _, id := range []schema.ID{users[4], users[0], users[2]} {
				_, err := r.addMember(group, id)
				r.ok("adding a member", err)
			}
			r.wantMembers(store.RefOf(group), users[3], users[1], users[4], users[0], users[2])
			_, err := r.removeMember(group, users[1])
			r.ok("removing a member", err)
			_, err = r.addMember(group, users[1])
			r.ok("adding it again", err)
			r.wantMembers(store.RefOf(group), users[3], users[4], users[0], users[2], users[1])
		},
	},
	{
		name:   "Members/AddingTwice",
		clause: "Adding it again changes nothing, not even the version.",
		needs:  relations,
		run: func(r *run) {
			user := r.newUser("ann").ID()
			group := r.newGroup("g", user)
			before := r.get(store.RefOf(group))
			out, err := r.addMember(group, user)
			r.ok("adding it again", err)
			if out.Changed || r.get(store.RefOf(group)).Version() != before.Version() {
				r.errorf("adding a member again changed the group")
			}
			r.wantMembers(store.RefOf(group), user)
			doubled, err := r.store.Create(r.ctx, r.group("h", user, user), store.Write{})
			r.ok("Create with a member twice", err)
			r.wantMembers(store.RefOf(doubled), user)
		},
	},
	{
		name:   "Members/Replaced",
		clause: "Group.members and User.groups are one relation",
		needs:  relations,
		run: func(r *run) {
			users := r.newUsers(3)
			group := r.newGroup("g", users[0], users[1])
			next := r.edit(r.group("g", users[1], users[2]), "id", schema.String(string(group.ID())))
			_, err := r.store.Replace(r.ctx, next, store.Write{})
			r.ok("Replace", err)
			r.wantMembers(store.RefOf(group), users[1], users[2])
			r.wantGroups(users[0])
			r.wantGroups(users[2], group.ID())
			_, err = r.apply(group, `[{"op":"remove","path":"members"}]`, store.Write{})
			r.ok("removing all", err)
			r.wantMembers(store.RefOf(group))
			r.wantGroups(users[2])
		},
	},
	{
		name:   "Members/HolderVersion",
		clause: "A change of the list gives its holder a new version. The members keep theirs",
		needs:  relations,
		run: func(r *run) {
			user := r.newUser("ann")
			group := r.newGroup("g")
			out, err := r.addMember(group, user.ID())
			r.ok("adding a member", err)
			if !out.Changed || r.get(store.RefOf(group)).Version() == group.Version() {
				r.errorf("the group keeps its version")
			}
			if got := r.get(store.RefOf(user)); got.Version() != user.Version() {
				r.errorf("the user's version changed")
			}
		},
	},
	{
		name:   "Members/DeletedMember",
		clause: "Deleting a resource removes it from every list",
		needs:  relations,
		run: func(r *run) {
			users := r.newUsers(2)
			group := r.newGroup("g", users...)
			r.ok("Delete", r.store.Delete(r.ctx, store.Ref{Type: "User", ID: users[0]}, store.Write{}))
			r.wantMembers(store.RefOf(group), users[1])
			again, err := r.store.Create(r.ctx, r.edit(r.user("other"), "id", schema.String(string(users[0]))), store.Write{})
			r.ok("Create with the id that is free again", err)
			if again.ID() == users[0] {
				r.wantGroups(users[0])
			}
		},
	},
	{
		name:   "Members/DeletedHolder",
		clause: "deleting the holder of a list removes it from the inverse attribute of its members",
		needs:  relations,
		run: func(r *run) {
			user := r.newUser("ann").ID()
			group := r.newGroup("g", user)
			r.ok("Delete", r.store.Delete(r.ctx, store.RefOf(group), store.Write{}))
			r.wantGroups(user)
		},
	},
	{
		name:   "Members/Unknown",
		clause: "A member exists; what does not is treated as Unknown says.",
		needs:  relations,
		run: func(r *run) {
			user := r.newUser("ann").ID()
			group := r.newGroup("g", user)
			before := r.get(store.RefOf(group))
			if r.relation().Unknown == store.SkipUnknownMembers {
				r.skipUnknown(group, user)
				return
			}
			_, err := r.store.Create(r.ctx, r.group("h", user, "ghost"), store.Write{})
			r.wantUnknown("Create", err)
			_, err = r.addMember(group, "ghost")
			r.wantUnknown("ApplyPatch", err)
			if !r.get(store.RefOf(group)).Equal(before) || len(r.scan(GroupType(), "")) != 1 {
				r.errorf("a refused write had an effect")
			}
		},
	},
	{
		name:   "Members/OtherTenant",
		clause: "A Store keeps the resources of one tenant.",
		needs:  relations,
		run: func(r *run) {
			foreign, err := r.other.Create(r.ctx, r.user("foreign"), store.Write{})
			r.ok("Create in the other tenant", err)
			r.twins = twins{store.RefOf(foreign): foreign}
			group, err := r.store.Create(r.ctx, r.group("g", foreign.ID()), store.Write{})
			if err == nil && len(r.memberIDs(store.RefOf(group))) != 0 {
				r.errorf("a user of another tenant became a member")
			}
		},
	},
	{
		name:   "Members/InverseIsDerived",
		clause: "The inverse attribute is derived: what a client sends for it is ignored.",
		needs:  relations,
		run: func(r *run) {
			group := r.newGroup("g")
			user := r.create(r.draft(UserType(), `{"userName":"ann","groups":[{"value":%q}]}`, group.ID()))
			r.wantGroups(user.ID())
			r.wantMembers(store.RefOf(group))
		},
	},
	{
		name:   "Members/Queried",
		clause: "Get, Scan and queries return both ends",
		needs:  relations,
		run: func(r *run) {
			users := r.newUsers(3)
			group := r.newGroup("g", users[0], users[1])
			for text, want := range map[string]int{
				fmt.Sprintf(`members.value eq %q`, users[0]):                    1,
				fmt.Sprintf(`members[value eq %q]`, users[2]):                   0,
				fmt.Sprintf(`members eq %q and displayName eq "G"`, users[1]):   1,
				fmt.Sprintf(`not (members.value eq %q)`, users[0]):              0,
				fmt.Sprintf(`displayName eq "g" and members.value ne %q`, "no"): 1,
			} {
				if page := r.query(store.Query{Type: "Group", Filter: r.filter(GroupType(), text), Count: 5, Total: true}); page.Total != want {
					r.errorf("%s: %d groups, want %d", text, page.Total, want)
				}
			}
			text := fmt.Sprintf(`groups.value eq %q`, group.ID())
			if page := r.query(store.Query{Type: "User", Filter: r.filter(UserType(), text), Count: 5, Total: true}); page.Total != 2 {
				r.errorf("%s: %d users, want 2", text, page.Total)
			}
		},
	},
	{
		name:   "Members/NothingLost",
		clause: "A write that returned nil is never lost",
		needs:  relations,
		run: func(r *run) {
			const workers = 6
			users := r.newUsers(workers * 5)
			group := r.newGroup("g", users[0])
			r.parallel(workers, func(i int) {
				for _, id := range users[i*5 : i*5+5] {
					if _, err := r.addMember(group, id); err != nil {
						r.errorf("adding a member: %v", err)
					}
				}
			})
			got := r.memberIDs(store.RefOf(group))
			if slices.Sort(got); !slices.Equal(got, users) {
				r.errorf("%d of %d concurrently added members are there", len(got), len(users))
			}
		},
	},
}

// wantElement checks the only member of a group.
func (r *run) wantElement(group *schema.Resource, display string) {
	links := r.links()
	list := r.get(store.RefOf(group)).Get(links.List)
	if list.Len() != 1 {
		r.fatalf("%d members, want 1", list.Len())
	}
	if e := list.At(0); e.Get(links.Display).Text() != display || e.Get(links.Type).Text() != "User" {
		r.errorf("display %q and type %q, want %q and User", e.Get(links.Display).Text(), e.Get(links.Type).Text(), display)
	}
}

func (r *run) wantUnknown(what string, err error) {
	var member *store.MemberError
	if !errors.Is(err, store.ErrUnknownMember) || !errors.As(err, &member) || member.ID != "ghost" {
		r.errorf("%s with a member that does not exist: %v, want a *MemberError that names it", what, err)
	}
}

// skipUnknown checks the policy SkipUnknownMembers.
func (r *run) skipUnknown(group *schema.Resource, user schema.ID) {
	var skipped []schema.ID
	w := store.Write{OnSkip: func(e *store.MemberError) { skipped = append(skipped, e.ID) }}
	ops := `[{"op":"add","path":"members","value":[{"value":"ghost"}]}]`
	_, err := r.apply(group, ops, w)
	r.ok("adding a member that does not exist", err)
	if !slices.Contains(skipped, "ghost") {
		r.errorf("OnSkip was told %v", skipped)
	}
	r.wantMembers(store.RefOf(group), user)
}
