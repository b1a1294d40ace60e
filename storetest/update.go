package storetest

import (
	"context"
	"errors"
	"fmt"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// interloper lets somebody else write between the read and the write of a
// fallback, a given number of times.
type interloper struct {
	store.Store
	left int
	act  func()
}

// Get reads and then lets the other one act, so that what was read is stale.
func (i *interloper) Get(ctx context.Context, ref store.Ref) (*schema.Resource, error) {
	res, err := i.Store.Get(ctx, ref)
	if err == nil && i.left > 0 {
		i.left--
		i.act()
	}
	return res, err
}

// setTitle writes a title at once, without a condition.
func (r *run) setTitle(ref store.Ref, title string) {
	res := r.get(ref)
	_, err := r.store.Replace(r.ctx, r.edit(res, "title", schema.String(title)), store.Write{})
	r.ok("Replace", err)
}

var updateCases = []testCase{
	{
		name:   "Update/NoLostWrite",
		clause: "It never loses a concurrent write and is all or nothing.",
		run: func(r *run) {
			ref := store.RefOf(r.newUser("ann"))
			n := 0
			racing := &interloper{Store: r.store, left: 5}
			racing.act = func() { n++; r.setTitle(ref, fmt.Sprintf("other-%d", n)) }
			p := store.Patch{Ref: ref, Changes: r.changes(UserType(), `[{"op":"add","path":"nickName","value":"mine"}]`)}
			_, err := store.ApplyPatch(r.ctx, racing, p, store.Write{})
			r.ok("ApplyPatch", err)
			got := r.get(ref)
			if got.Get(UserType().MustPath("title")).Text() != "other-5" || got.Get(UserType().MustPath("nickName")).Text() != "mine" {
				r.errorf("a write was lost: %s", show(got))
			}
		},
	},
	{
		name:   "Update/KeepsCondition",
		clause: "With w.Version it fails with an ErrVersion if the resource is at another version.",
		run: func(r *run) {
			user := r.newUser("ann")
			racing := &interloper{Store: r.store, left: 1, act: func() { r.setTitle(store.RefOf(user), "other") }}
			p := store.Patch{Ref: store.RefOf(user), Changes: r.changes(UserType(), `[{"op":"add","path":"nickName","value":"mine"}]`)}
			_, err := store.ApplyPatch(r.ctx, racing, p, store.Write{Version: user.Version()})
			if !errors.Is(err, store.ErrVersion) {
				r.errorf("a condition that became false in between: %v", err)
			}
			if got := r.get(store.RefOf(user)); !got.Get(UserType().MustPath("nickName")).IsZero() {
				r.errorf("the refused PATCH had an effect: %s", show(got))
			}
		},
	},
	{
		name:   "Update/GoneMeanwhile",
		clause: "It returns an ErrNotFound if there is no such resource",
		run: func(r *run) {
			user := r.newUser("ann")
			racing := &interloper{Store: r.store, left: 1, act: func() {
				r.ok("Delete", r.store.Delete(r.ctx, store.RefOf(user), store.Write{}))
			}}
			p := store.Patch{Ref: store.RefOf(user), Changes: r.changes(UserType(), `[{"op":"add","path":"nickName","value":"mine"}]`)}
			if _, err := store.ApplyPatch(r.ctx, racing, p, store.Write{}); !errors.Is(err, store.ErrNotFound) {
				r.errorf("ApplyPatch of what was deleted in between: %v", err)
			}
			if ids := r.scan(UserType(), ""); len(ids) != 0 {
				r.errorf("the deleted user came back: %v", ids)
			}
		},
	},
	{
		name:   "Update/Unchanged",
		clause: "If not, nothing was written, and version and lastModified are what they were.",
		run: func(r *run) {
			user := r.newUser("ann")
			for _, ops := range []string{
				`[{"op":"replace","path":"userName","value":"ann"}]`,
				`[{"op":"remove","path":"title"}]`,
				`[{"op":"add","path":"title","value":"x"},{"op":"remove","path":"title"}]`,
			} {
				out, err := r.apply(user, ops, store.Write{})
				r.ok("ApplyPatch "+ops, err)
				if out.Changed || !r.get(store.RefOf(user)).Equal(user) {
					r.errorf("%s wrote something: changed=%v, now %s", ops, out.Changed, show(r.get(store.RefOf(user))))
				}
			}
		},
	},
}
