package storetest

import (
	"errors"
	"fmt"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// attempt is a conditional write of any kind.
type attempt struct {
	name string
	do   func(r *run, current *schema.Resource, w store.Write) error
}

var conditional = []attempt{
	{"Replace", func(r *run, current *schema.Resource, w store.Write) error {
		_, err := r.store.Replace(r.ctx, r.edit(current, "title", schema.String("replaced")), w)
		return err
	}},
	{"ApplyPatch", func(r *run, current *schema.Resource, w store.Write) error {
		_, err := r.apply(current, `[{"op":"replace","path":"title","value":"patched"}]`, w)
		return err
	}},
	{"Delete", func(r *run, current *schema.Resource, w store.Write) error {
		return r.store.Delete(r.ctx, store.RefOf(current), w)
	}},
}

var versionCases = []testCase{
	{
		name:   "Versions/StaleIsRefused",
		clause: "an ErrVersion if w.Version is not empty and not the version of the stored resource",
		run: func(r *run) {
			old := r.newUser("ann")
			current, err := r.store.Replace(r.ctx, r.edit(old, "title", schema.String("new")), store.Write{})
			r.ok("Replace", err)
			for _, version := range []string{old.Version(), "W/\"never\"", "x", current.Version() + " "} {
				for _, a := range conditional {
					if err := a.do(r, current, store.Write{Version: version}); !errors.Is(err, store.ErrVersion) {
						r.errorf("%s at version %q, expecting %q: %v", a.name, current.Version(), version, err)
					}
				}
			}
			if got := r.get(store.RefOf(current)); !got.Equal(current) {
				r.errorf("a refused write had an effect:\n\t got %s\n\twant %s", show(got), show(current))
			}
		},
	},
	{
		name:   "Versions/CurrentIsAccepted",
		clause: `Version is the version that the resource must have, as its Version method returns it; "" means any.`,
		run: func(r *run) {
			current := r.newUser("ann")
			for _, a := range conditional {
				if err := a.do(r, current, store.Write{Version: current.Version()}); err != nil {
					r.fatalf("%s at the current version: %v", a.name, err)
				}
				if a.name != "Delete" {
					current = r.get(store.RefOf(current))
				}
			}
		},
	},
	{
		name:   "Versions/NeverRepeat",
		clause: "meta.lastModified and meta.version are new",
		run: func(r *run) {
			current := r.newUser("ann")
			seen := map[string]bool{current.Version(): true}
			for i := range 20 {
				next, err := r.store.Replace(r.ctx, r.edit(current, "title", schema.String(fmt.Sprint(i%2))), store.Write{})
				r.ok("Replace", err)
				if seen[next.Version()] {
					r.fatalf("version %s was used before", next.Version())
				}
				seen[next.Version()], current = true, next
			}
		},
	},
	{
		name:   "Versions/OneWinner",
		clause: "of two concurrent Replaces that expect the same version exactly one succeeds",
		run: func(r *run) {
			current := r.newUser("ann")
			for round := range r.rounds(40) {
				var won counter
				r.parallel(6, func(i int) {
					next := r.edit(current, "title", schema.String(fmt.Sprintf("%d-%d", round, i)))
					_, err := r.store.Replace(r.ctx, next, store.Write{Version: current.Version()})
					won.count(r, err, store.ErrVersion)
				})
				if n := won.n.Load(); n != 1 {
					r.fatalf("%d of 6 succeeded", n)
				}
				current = r.get(store.RefOf(current))
			}
		},
	},
	{
		name:   "Versions/DeleteOrReplace",
		clause: "The comparison is part of the atomic step that writes",
		run: func(r *run) {
			for round := range r.rounds(20) {
				current := r.newUser(fmt.Sprintf("ann-%d", round))
				var won counter
				r.parallel(4, func(i int) {
					w := store.Write{Version: current.Version()}
					if i%2 == 0 {
						won.count(r, r.store.Delete(r.ctx, store.RefOf(current), w), store.ErrVersion, store.ErrNotFound)
						return
					}
					_, err := r.store.Replace(r.ctx, r.edit(current, "title", schema.String("x")), w)
					won.count(r, err, store.ErrVersion, store.ErrNotFound)
				})
				if n := won.n.Load(); n != 1 {
					r.fatalf("%d of 4 conditional writes succeeded", n)
				}
			}
		},
	},
	{
		name:   "Versions/ClockRunsBackwards",
		clause: "meta.lastModified, which never runs backwards even if the clock does",
		run: func(r *run) {
			old := r.newUser("ann")
			w := store.Write{Time: old.LastModified().Add(-1e12)}
			next, err := r.store.Replace(r.ctx, r.edit(old, "title", schema.String("x")), w)
			r.ok("Replace", err)
			if next.LastModified().Before(old.LastModified()) || next.Version() == old.Version() {
				r.errorf("lastModified went from %v to %v", old.LastModified(), next.LastModified())
			}
		},
	},
}
