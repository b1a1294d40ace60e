package storetest

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

var raceCases = []testCase{
	{
		name:   "Race/Linearizable",
		clause: "A write that returned nil is never lost, and is seen by every read that starts later.",
		run: func(r *run) {
			for round := range r.rounds(30) {
				user := r.newUser(fmt.Sprintf("ann-%d", round))
				h := &history{}
				r.parallel(5, func(i int) { r.hammer(h, user, i) })
				if !h.linearizable(user.Version()) {
					r.errorf("no order of these calls explains their results, from version %s:", user.Version())
					for _, op := range h.ops {
						r.errorf("  %v", op)
					}
					return
				}
			}
		},
	},
	{
		name:   "Race/WholeResources",
		clause: "Each write is atomic: afterwards all of it is there or none of it, and no reader sees a part.",
		run: func(r *run) {
			user := r.newUser("ann")
			var written atomic.Bool
			r.parallel(4, func(i int) {
				if i == 0 {
					defer written.Store(true)
					r.writeTogether(user, r.rounds(50))
					return
				}
				for !written.Load() {
					r.checkWhole(store.RefOf(user))
				}
			})
		},
	},
	{
		name:   "Race/Everything",
		clause: "All methods may be called at the same time by any number of goroutines.",
		run: func(r *run) {
			rounds := r.rounds(20)
			r.parallel(6, func(i int) {
				for n := range rounds {
					r.lifecycle(fmt.Sprintf("u-%d-%d", i, n), n)
				}
			})
			if ids := r.scan(UserType(), ""); len(ids) != 0 {
				r.errorf("%d users are left over", len(ids))
			}
		},
	},
}

// hammer reads and writes one resource a few times and notes the outcomes.
func (r *run) hammer(h *history, user *schema.Resource, worker int) {
	seen := user.Version()
	for n := range 4 {
		h.record(func() operation {
			if (worker+n)%3 == 0 {
				got, err := r.store.Get(r.ctx, store.RefOf(user))
				if err != nil {
					r.errorf("Get: %v", err)
					return operation{kind: "read", version: seen}
				}
				seen = got.Version()
				return operation{kind: "read", version: seen}
			}
			return r.conditionalWrite(user, &seen, fmt.Sprintf("%d-%d", worker, n))
		})
	}
}

func (r *run) conditionalWrite(user *schema.Resource, seen *string, title string) operation {
	expect := *seen
	got, err := r.store.Replace(r.ctx, r.edit(user, "title", schema.String(title)), store.Write{Version: expect})
	if err != nil {
		if !errors.Is(err, store.ErrVersion) {
			r.errorf("Replace: %v", err)
		}
		return operation{kind: "refused", expect: expect}
	}
	*seen = got.Version()
	return operation{kind: "write", expect: expect, version: got.Version()}
}

// writeTogether gives two attributes the same value, again and again.
func (r *run) writeTogether(user *schema.Resource, times int) {
	for n := range times {
		text := schema.String(fmt.Sprint(n))
		next := r.edit(r.edit(user, "title", text), "nickName", text)
		if _, err := r.store.Replace(r.ctx, next, store.Write{}); err != nil {
			r.errorf("Replace: %v", err)
		}
	}
}

// checkWhole reads a resource whose two attributes are always written together.
func (r *run) checkWhole(ref store.Ref) {
	got, err := r.store.Get(r.ctx, ref)
	if err != nil {
		r.errorf("Get: %v", err)
		return
	}
	title, nick := got.Get(UserType().MustPath("title")), got.Get(UserType().MustPath("nickName"))
	if !title.Equal(nick) {
		r.errorf("a reader saw title %v with nickName %v", title, nick)
	}
}

// lifecycle creates, reads, finds, changes and deletes one user. It uses no
// helper that ends the case, because it runs beside others.
func (r *run) lifecycle(name string, n int) {
	user, err := r.store.Create(r.ctx, r.user(name), store.Write{})
	if err != nil {
		r.errorf("Create: %v", err)
		return
	}
	p := store.Patch{Ref: store.RefOf(user), Changes: r.changes(UserType(), `[{"op":"add","path":"title","value":"x"}]`)}
	if _, err = store.ApplyPatch(r.ctx, r.store, p, store.Write{Version: user.Version()}); err != nil {
		r.errorf("ApplyPatch: %v", err)
	}
	q := store.Query{Type: "User", Filter: r.filter(UserType(), fmt.Sprintf("userName eq %q", name)), Count: 5, Total: true}
	if page, err := store.RunQuery(r.ctx, r.store, q); err != nil || page.Total != 1 {
		r.errorf("looking %s up: %d, %v", name, page.Total, err)
	}
	for _, err := range r.store.Scan(r.ctx, "User", "") {
		if err != nil {
			r.errorf("Scan: %v", err)
		}
		if n%2 == 0 {
			break
		}
	}
	if err := r.store.Delete(r.ctx, p.Ref, store.Write{}); err != nil {
		r.errorf("Delete: %v", err)
	}
}
