package storetest

import (
	"context"
	"errors"
	"fmt"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

var errUndo = errors.New("undo")

// inTx runs fn in a transaction with the store of the transaction in place of
// the store, so that the helpers of the suite work inside it.
func (r *run) inTx(fn func() error) error {
	outer := r.store
	return store.InTx(r.ctx, outer, func(_ context.Context, tx store.Store) error {
		r.store = tx
		defer func() { r.store = outer }()
		return fn()
	})
}

var txCases = []testCase{
	{
		name:   "Tx/Commits",
		clause: "InTx calls fn with a context and a Store that stand for a transaction, and commits if fn returns nil.",
		needs:  transactions,
		run: func(r *run) {
			var user, group *schema.Resource
			err := r.inTx(func() error {
				var err error
				if user, err = r.store.Create(r.ctx, r.user("ann"), store.Write{}); err != nil {
					return err
				}
				group, err = r.store.Create(r.ctx, r.group("g"), store.Write{})
				return err
			})
			r.ok("InTx", err)
			r.same("the user", r.get(store.RefOf(user)), user)
			r.same("the group", r.get(store.RefOf(group)), group)
		},
	},
	{
		name:   "Tx/Undoes",
		clause: "Otherwise nothing of it has happened and the error is returned as it is.",
		needs:  transactions,
		run: func(r *run) {
			user, doomed := r.newUser("ann"), r.newUser("bob")
			err := r.inTx(func() error {
				_, err := r.store.Create(r.ctx, r.user("new"), store.Write{})
				r.ok("Create", err)
				_, err = r.store.Replace(r.ctx, r.edit(user, "title", schema.String("x")), store.Write{})
				r.ok("Replace", err)
				r.ok("Delete", r.store.Delete(r.ctx, store.RefOf(doomed), store.Write{}))
				return errUndo
			})
			if err != errUndo {
				r.errorf("InTx returned %v", err)
			}
			r.wantUntouched(user, doomed)
		},
	},
	{
		name:   "Tx/PanicUndoes",
		clause: "A panic in fn also undoes it.",
		needs:  transactions,
		run: func(r *run) {
			user := r.newUser("ann")
			func() {
				defer func() {
					if recover() == nil {
						r.errorf("the panic was swallowed")
					}
				}()
				_ = r.inTx(func() error {
					_, err := r.store.Replace(r.ctx, r.edit(user, "title", schema.String("x")), store.Write{})
					r.ok("Replace", err)
					panic("in the middle")
				})
			}()
			r.wantUntouched(user)
			if _, err := r.store.Create(r.ctx, r.user("after"), store.Write{}); err != nil {
				r.errorf("Create after the panic: %v", err)
			}
		},
	},
	{
		name:   "Tx/ReadsItsWrites",
		clause: "In the transaction, reads see its own writes; nobody else sees them before the commit.",
		needs:  transactions,
		run: func(r *run) {
			user := r.newUser("ann")
			outside := r.store
			err := r.inTx(func() error {
				changed, err := r.store.Replace(r.ctx, r.edit(user, "title", schema.String("inside")), store.Write{})
				if err != nil {
					return err
				}
				if !r.get(store.RefOf(user)).Equal(changed) {
					r.errorf("Get in the transaction does not see its Replace")
				}
				if page := r.query(store.Query{Type: "User", Filter: r.filter(UserType(), `title eq "inside"`), Count: 2}); len(page.Resources) != 1 {
					r.errorf("a query in the transaction does not see its Replace")
				}
				r.peek(outside, user)
				return nil
			})
			r.ok("InTx", err)
			if got := r.get(store.RefOf(user)).Get(UserType().MustPath("title")).Text(); got != "inside" {
				r.errorf("after the commit the title is %q", got)
			}
		},
	},
	{
		name:   "Tx/GoesOnAfterRefusal",
		clause: "A write in it that fails with an error of this package had no effect, and the transaction goes on.",
		needs:  transactions,
		run: func(r *run) {
			user := r.newUser("ann")
			err := r.inTx(func() error {
				_, err := r.store.Create(r.ctx, r.user("ANN"), store.Write{})
				r.wantConflict(err, "userName")
				_, err = r.store.Replace(r.ctx, user, store.Write{Version: "W/\"no\""})
				if !errors.Is(err, store.ErrVersion) {
					r.errorf("Replace at another version: %v", err)
				}
				_, err = r.store.Create(r.ctx, r.user("bob"), store.Write{})
				return err
			})
			r.ok("InTx", err)
			if n := len(r.scan(UserType(), "")); n != 2 {
				r.errorf("%d users, want 2", n)
			}
		},
	},
	{
		name:   "Tx/RefusedHalfway",
		clause: "A write in it that fails with an error of this package had no effect, and the transaction goes on.",
		needs:  transactions,
		run: func(r *run) {
			user := r.newUser("ann")
			discarded := r.discardedUser("bob")
			kept := r.newGroup("staff", user.ID())
			user = r.get(store.RefOf(user))
			err := r.inTx(func() error {
				r.refusedCreates(user.ID(), discarded)
				_, err := r.store.Create(r.ctx, r.group("other"), store.Write{})
				return err
			})
			r.ok("InTx", err)
			r.wantUntouched(user)
			if ids := r.scan(GroupType(), ""); len(ids) != 2 {
				r.errorf("%d groups, want 2", len(ids))
			}
			r.wantMembers(store.RefOf(kept), user.ID())
		},
	},
	{
		name:   "Tx/Joins",
		clause: "On a Store that stands for a transaction, fn joins it.",
		needs:  transactions,
		run: func(r *run) {
			err := r.inTx(func() error {
				err := r.inTx(func() error {
					_, err := r.store.Create(r.ctx, r.user("inner"), store.Write{})
					return err
				})
				r.ok("the inner InTx", err)
				return errUndo
			})
			if err != errUndo {
				r.errorf("InTx returned %v", err)
			}
			if ids := r.scan(UserType(), ""); len(ids) != 0 {
				r.errorf("the inner part outlived the outer one: %v", ids)
			}
		},
	},
	{
		name:   "Tx/OneAfterAnother",
		clause: "The outcome is as if transactions ran one after another.",
		needs:  transactions,
		run: func(r *run) {
			ref := store.RefOf(r.newUser("ann"))
			const workers = 4
			each := r.rounds(10)
			r.parallel(workers, func(int) {
				for range each {
					if err := r.increment(ref); err != nil {
						r.errorf("InTx: %v", err)
					}
				}
			})
			if got, want := r.get(ref).Get(UserType().MustPath("title")).Text(), fmt.Sprint(workers*each); got != want {
				r.errorf("counted to %s, want %s", got, want)
			}
		},
	},
}

// increment reads a number and writes the next one, in a transaction.
func (r *run) increment(ref store.Ref) error {
	title := UserType().MustPath("title")
	return store.InTx(r.ctx, r.store, func(ctx context.Context, tx store.Store) error {
		user, err := tx.Get(ctx, ref)
		if err != nil {
			return err
		}
		n := 0
		_, _ = fmt.Sscan(user.Get(title).Text(), &n)
		b := user.Edit()
		if err := b.Set(title, schema.String(fmt.Sprint(n+1))); err != nil {
			return err
		}
		_, err = tx.Replace(ctx, b.Resource(), store.Write{})
		return err
	})
}

// discardedUser returns the id of a user in the trash, or none if there is no
// trash.
func (r *run) discardedUser(name string) schema.ID {
	if !trash(r) {
		return ""
	}
	user := r.newUser(name)
	bin, err := store.Trash(r.store)
	r.ok("Trash", err)
	r.ok("Discard", bin.Discard(r.ctx, store.RefOf(user), store.Write{}))
	return user.ID()
}

// refusedCreates tries to create what a store may notice only after it has begun
// to: that a key which is unique for the host is taken, that a member does not
// exist, that the id is that of something discarded.
func (r *run) refusedCreates(user, discarded schema.ID) {
	w := store.Write{Unique: []schema.Path{GroupType().MustPath("displayName")}}
	_, err := r.store.Create(r.ctx, r.group("first", user), w)
	r.ok("Create", err)
	_, err = r.store.Create(r.ctx, r.group("FIRST"), w)
	r.wantConflict(err, "displayName")
	page := r.query(store.Query{Type: "Group", Filter: r.filter(GroupType(), `displayName eq "first"`), Count: 1})
	r.ok("Delete", r.store.Delete(r.ctx, store.RefOf(page.Resources[0]), store.Write{}))
	if relations(r) && r.relation().Unknown == store.RejectUnknownMembers {
		_, err = r.store.Create(r.ctx, r.group("second", user, "ghost"), store.Write{})
		r.wantUnknown("Create", err)
	}
	if discarded != "" {
		_, err = r.store.Create(r.ctx, r.edit(r.user("new"), "id", schema.String(string(discarded))), store.Write{})
		r.wantConflict(err, "id")
	}
}

// peek looks at a resource from outside of a transaction. A store may let the
// reader wait for the commit instead, so the read has its own deadline.
func (r *run) peek(outside store.Store, want *schema.Resource) {
	ctx, cancel := context.WithTimeout(r.ctx, peekPatience)
	defer cancel()
	got, err := outside.Get(ctx, store.RefOf(want))
	if err == nil && !got.Equal(want) {
		r.errorf("outside of the transaction it is seen as %s", show(got))
	}
}

// wantUntouched checks that these are the only users and as they were.
func (r *run) wantUntouched(want ...*schema.Resource) {
	for _, res := range want {
		if got, err := r.store.Get(r.ctx, store.RefOf(res)); err != nil || !got.Equal(res) {
			r.errorf("%s is now %s, %v; want %s", store.RefOf(res), show(got), err, show(res))
		}
	}
	if n := len(r.scan(UserType(), "")); n != len(want) {
		r.errorf("there are %d users, want %d", n, len(want))
	}
}
