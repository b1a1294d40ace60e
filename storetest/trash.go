package storetest

import (
	"errors"
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

func (r *run) bin() store.Bin {
	b, err := store.Trash(r.store)
	r.ok("Trash", err)
	return b
}

// discarded lists the ids in the bin.
func (r *run) discarded(b store.Bin) []schema.ID {
	var ids []schema.ID
	for d, err := range b.Discarded(r.ctx, "User", "") {
		r.ok("Discarded", err)
		ids = append(ids, d.Resource.ID())
	}
	return ids
}

var trashCases = []testCase{
	{
		name:   "Trash/GoneForAll",
		clause: "For all methods of Store they do not exist: their keys are free, and they are in no list.",
		needs:  trash,
		run: func(r *run) {
			user := r.newUser("ann")
			b := r.bin()
			r.ok("Discard", b.Discard(r.ctx, store.RefOf(user), store.Write{}))
			if _, err := r.store.Get(r.ctx, store.RefOf(user)); !errors.Is(err, store.ErrNotFound) {
				r.errorf("Get: %v", err)
			}
			if n := r.query(store.Query{Type: "User", Count: 1, Total: true}).Total; n != 0 || len(r.scan(UserType(), "")) != 0 {
				r.errorf("it is still listed")
			}
			if err := b.Discard(r.ctx, store.RefOf(user), store.Write{}); !errors.Is(err, store.ErrNotFound) {
				r.errorf("the second Discard: %v", err)
			}
			if _, err := r.store.Create(r.ctx, r.user("Ann"), store.Write{}); err != nil {
				r.errorf("its userName is not free: %v", err)
			}
			if got := r.discarded(b); !slices.Equal(got, []schema.ID{user.ID()}) {
				r.errorf("the bin holds %v", got)
			}
		},
	},
	{
		name:   "Trash/Restore",
		clause: "Restore makes a discarded resource exist again and returns it: with its id and meta.created, a new version",
		needs:  trash,
		run: func(r *run) {
			user := r.newUser("ann")
			b := r.bin()
			r.ok("Discard", b.Discard(r.ctx, store.RefOf(user), store.Write{}))
			got, err := b.Restore(r.ctx, store.RefOf(user), store.Write{})
			r.ok("Restore", err)
			r.same("Restore returned", got, user)
			if got.ID() != user.ID() || !got.Created().Equal(user.Created()) || got.Version() == user.Version() {
				r.errorf("got %s after %s", show(got), show(user))
			}
			if !r.get(store.RefOf(user)).Equal(got) || len(r.discarded(b)) != 0 {
				r.errorf("it is not back, or still in the bin")
			}
			if _, err := b.Restore(r.ctx, store.RefOf(user), store.Write{}); !errors.Is(err, store.ErrNotFound) {
				r.errorf("the second Restore: %v", err)
			}
		},
	},
	{
		name:   "Trash/RestoreTaken",
		clause: "a *ConflictError if one of its keys was taken meanwhile",
		needs:  trash,
		run: func(r *run) {
			user := r.newUser("ann")
			b := r.bin()
			r.ok("Discard", b.Discard(r.ctx, store.RefOf(user), store.Write{}))
			_, err := r.store.Create(r.ctx, r.user("ANN"), store.Write{})
			r.ok("Create", err)
			_, err = b.Restore(r.ctx, store.RefOf(user), store.Write{})
			r.wantConflict(err, "userName")
			if got := r.discarded(b); len(got) != 1 {
				r.errorf("a refused Restore emptied the bin")
			}
		},
	},
	{
		name:   "Trash/NoMemberships",
		clause: "none of its memberships, since access should not come back unnoticed",
		needs:  func(r *run) bool { return trash(r) && relations(r) },
		run: func(r *run) {
			user := r.newUser("ann")
			group := r.newGroup("g", user.ID())
			b := r.bin()
			r.ok("Discard", b.Discard(r.ctx, store.RefOf(user), store.Write{}))
			r.wantMembers(store.RefOf(group))
			_, err := b.Restore(r.ctx, store.RefOf(user), store.Write{})
			r.ok("Restore", err)
			r.wantMembers(store.RefOf(group))
			r.wantGroups(user.ID())
		},
	},
	{
		name:   "Trash/Version",
		clause: "Discard deletes a resource like Store.Delete, with the same errors",
		needs:  trash,
		run: func(r *run) {
			user := r.newUser("ann")
			b := r.bin()
			if err := b.Discard(r.ctx, store.RefOf(user), store.Write{Version: "W/\"no\""}); !errors.Is(err, store.ErrVersion) {
				r.errorf("Discard at another version: %v", err)
			}
			r.get(store.RefOf(user))
			r.ok("Discard", b.Discard(r.ctx, store.RefOf(user), store.Write{Version: user.Version()}))
		},
	},
	{
		name:   "Trash/Purge",
		clause: "Purge removes a resource from the bin for good.",
		needs:  trash,
		run: func(r *run) {
			user := r.newUser("ann")
			b := r.bin()
			if err := b.Purge(r.ctx, store.RefOf(user)); !errors.Is(err, store.ErrNotFound) {
				r.errorf("Purge of what is not in the bin: %v", err)
			}
			r.ok("Discard", b.Discard(r.ctx, store.RefOf(user), store.Write{}))
			r.ok("Purge", b.Purge(r.ctx, store.RefOf(user)))
			if _, err := b.Restore(r.ctx, store.RefOf(user), store.Write{}); !errors.Is(err, store.ErrNotFound) {
				r.errorf("Restore after Purge: %v", err)
			}
			if _, err := r.store.Create(r.ctx, r.edit(r.user("ann"), "id", schema.String(string(user.ID()))), store.Write{}); err != nil {
				r.errorf("Create after Purge: %v", err)
			}
		},
	},
}
