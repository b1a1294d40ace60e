package storetest

import (
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// restart restarts the storage and connects again.
func (r *run) restart() {
	r.ok("Restart", r.depl.Restart(r.ctx))
	r.ok("connecting after Restart", r.connect())
}

var restartCases = []testCase{
	{
		name:   "Restart/NothingLost",
		clause: "A write that returned nil is never lost",
		needs:  durable,
		run: func(r *run) {
			users := r.newUsers(5)
			group := r.newGroup("g", users[0], users[1])
			changed, err := r.store.Replace(r.ctx, r.edit(r.get(store.Ref{Type: "User", ID: users[2]}), "title", schema.String("x")), store.Write{})
			r.ok("Replace", err)
			r.ok("Delete", r.store.Delete(r.ctx, store.Ref{Type: "User", ID: users[4]}, store.Write{}))
			before := r.get(store.RefOf(group))
			r.restart()
			if got := r.get(store.RefOf(changed)); !got.Equal(changed) {
				r.errorf("after the restart:\n\t got %s\n\twant %s", show(got), show(changed))
			}
			if got := r.get(store.RefOf(group)); !got.Equal(before) {
				r.errorf("after the restart:\n\t got %s\n\twant %s", show(got), show(before))
			}
			if n := len(r.scan(UserType(), "")); n != 4 {
				r.errorf("%d of 4 users are there after the restart", n)
			}
		},
	},
	{
		name:   "Restart/KeysStay",
		clause: "Create compares w.Keys(r) with the keys of all other resources of the type",
		needs:  durable,
		run: func(r *run) {
			r.newUser("ann")
			r.restart()
			_, err := r.store.Create(r.ctx, r.user("ANN"), store.Write{})
			r.wantConflict(err, "userName")
		},
	},
	{
		name:   "Restart/JournalStays",
		clause: "JournalStore is implemented by a Store that keeps a durable record of its changes",
		needs:  func(r *run) bool { return durable(r) && journal(r) },
		run: func(r *run) {
			r.appendAll(r.log(r.store), "a", "b")
			seq := r.entries(r.log(r.store), 0)[0].Seq
			r.ok("Advance", r.log(r.store).Advance(r.ctx, "one", 0, seq))
			r.restart()
			l := r.log(r.store)
			r.appendAll(l, "c")
			r.wantEntries(l, seq, "b", "c")
			if at, err := l.Consumers(r.ctx); err != nil || at["one"] != seq {
				r.errorf("Consumers: %v, %v", at, err)
			}
		},
	},
}
