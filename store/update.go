package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/muster-scim/muster/internal/wait"
	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

const (
	firstPause = time.Millisecond // the longest before the second attempt
	lastPause  = 64 * time.Millisecond
	maxStale   = 8 // times that a refused version is read again in a row
)

// Update reads a resource, has edit make the new one of it, and stores that if
// it is different, at the version that was read. If another write came in
// between, it starts over, after a pause of random length, until it succeeds or
// ctx ends; there is no other bound, because each failure means that someone
// else succeeded. Only if the store keeps reading the version that it refuses,
// it gives up with an ErrStale.
//
// With w.Version it does not start over: it fails with an ErrVersion if the
// resource is at another version.
//
// edit may be called several times and must not change anything else. If what
// it returns differs from its argument only in what the store assigns or
// derives, nothing is written. An error from edit is returned as it is.
func Update(ctx context.Context, s Store, ref Ref, edit func(old *schema.Resource) (*schema.Resource, error), w Write) (*Outcome, error) {
	u := updater{store: s, ref: ref, edit: edit, write: w}
	for {
		out, err := u.attempt(ctx)
		if !errors.Is(err, ErrVersion) || w.Version != "" {
			return out, err
		}
		if u.stale == maxStale {
			return nil, fmt.Errorf("%w: %s is read at version %s, which the store refuses", ErrStale, ref, u.refused)
		}
		if err := u.pause(ctx); err != nil {
			return nil, err
		}
	}
}

// updater is one Update on its way.
type updater struct {
	store Store
	ref   Ref
	edit  func(*schema.Resource) (*schema.Resource, error)
	write Write

	attempts int
	refused  string // the version of the last attempt
	stale    int    // attempts in a row that read the refused version again
}

func (u *updater) attempt(ctx context.Context) (*Outcome, error) {
	old, err := u.store.Get(ctx, u.ref)
	if err != nil {
		return nil, err
	}
	if err := u.write.Check(old); err != nil {
		return nil, err
	}
	changed, err := u.edit(old)
	if err != nil {
		return nil, err
	}
	if sameContent(u.store, old, changed) {
		return &Outcome{Resource: old}, nil
	}
	w := u.write
	w.Version = old.Version()
	if w.Version == "" {
		return nil, fmt.Errorf("%s has no version: the store must assign one", u.ref)
	}
	stored, err := u.store.Replace(ctx, changed, w)
	if err != nil {
		u.note(w.Version)
		return nil, err
	}
	return &Outcome{Resource: stored, Changed: true, Diffs: patch.Differences(old, stored)}, nil
}

// note counts how often the same version was refused in a row.
func (u *updater) note(refused string) {
	if u.attempts++; refused == u.refused {
		u.stale++
	} else {
		u.refused, u.stale = refused, 0
	}
}

// pause waits for a random time that grows with the number of attempts.
func (u *updater) pause(ctx context.Context) error {
	longest := min(firstPause<<min(u.attempts, 10), lastPause)
	return wait.For(ctx, rand.N(longest))
}
