package storetest

import (
	"context"
	"errors"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// calls are all the ways into a store, for contexts that have ended.
func (r *run) calls(user *schema.Resource) map[string]func(ctx context.Context) error {
	ref := store.RefOf(user)
	changes := r.changes(UserType(), `[{"op":"add","path":"title","value":"x"}]`)
	replaced := r.edit(user, "title", schema.String("y"))
	return map[string]func(ctx context.Context) error{
		"Get": func(ctx context.Context) error { _, err := r.store.Get(ctx, ref); return err },
		"Create": func(ctx context.Context) error {
			_, err := r.store.Create(ctx, r.user("new"), store.Write{})
			return err
		},
		"Replace": func(ctx context.Context) error {
			_, err := r.store.Replace(ctx, replaced, store.Write{})
			return err
		},
		"Delete": func(ctx context.Context) error { return r.store.Delete(ctx, ref, store.Write{}) },
		"Scan": func(ctx context.Context) error {
			for _, err := range r.store.Scan(ctx, "User", "") {
				return err
			}
			return nil
		},
		"RunQuery": func(ctx context.Context) error {
			_, err := store.RunQuery(ctx, r.store, store.Query{Type: "User", Count: 5, Total: true})
			return err
		},
		"ApplyPatch": func(ctx context.Context) error {
			_, err := store.ApplyPatch(ctx, r.store, store.Patch{Ref: ref, Changes: changes}, store.Write{})
			return err
		},
		"ReadValues": func(ctx context.Context) error {
			for _, err := range store.ReadValues(ctx, r.store, ref, UserType().MustPath("emails")) {
				return err
			}
			return nil
		},
	}
}

var contextCases = []testCase{
	{
		name:   "Context/Cancelled",
		clause: "When ctx ends, methods return soon, with an error that wraps ctx.Err().",
		run: func(r *run) {
			user := r.create(r.draft(UserType(), `{"userName":"ann","emails":[{"value":"a@b.example"}]}`))
			cancelled, cancel := context.WithCancel(r.ctx)
			cancel()
			late, stop := context.WithDeadline(r.ctx, time.Unix(0, 0))
			defer stop()
			for name, call := range r.calls(user) {
				if err := call(cancelled); !errors.Is(err, context.Canceled) {
					r.errorf("%s with a cancelled context: %v", name, err)
				}
				if err := call(late); !errors.Is(err, context.DeadlineExceeded) {
					r.errorf("%s past its deadline: %v", name, err)
				}
			}
			r.wantUntouched(user)
		},
	},
	{
		name:   "Context/CancelledScan",
		clause: "When ctx ends, methods return soon, with an error that wraps ctx.Err().",
		run: func(r *run) {
			r.newUsers(50)
			ctx, cancel := context.WithCancel(r.ctx)
			defer cancel()
			n, last := 0, error(nil)
			for _, err := range r.store.Scan(ctx, "User", "") {
				if last = err; err != nil {
					continue
				}
				if n++; n == 3 {
					cancel()
				}
			}
			if n == 50 && last == nil {
				return // a store may have read everything before it yielded
			}
			if !errors.Is(last, context.Canceled) {
				r.errorf("the scan ended after %d of 50 with %v", n, last)
			}
		},
	},
	{
		name:   "Context/UsableAfterwards",
		clause: "All methods may be called at the same time by any number of goroutines.",
		run: func(r *run) {
			user := r.newUser("ann")
			for range 20 {
				ctx, cancel := context.WithCancel(r.ctx)
				cancel()
				_, _ = r.store.Replace(ctx, r.edit(user, "title", schema.String("x")), store.Write{})
			}
			_, err := r.store.Replace(r.ctx, r.edit(user, "title", schema.String("y")), store.Write{})
			r.ok("Replace after cancelled ones", err)
		},
	},
}
