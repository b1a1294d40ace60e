package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// rival lets another write win before each of the first Replaces.
type rival struct {
	store.Store
	wins   int
	before func()
}

func (s *rival) Replace(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
	if s.wins > 0 {
		s.wins--
		s.before()
	}
	return s.Store.Replace(ctx, r, w)
}

func addTitle(t *testing.T, text string) func(*schema.Resource) (*schema.Resource, error) {
	title := mustPath(t, users, "title")
	return func(old *schema.Resource) (*schema.Resource, error) {
		b := old.Edit()
		err := b.Set(title, schema.String(old.Get(title).Text()+text))
		return b.Resource(), err
	}
}

// ADR 0005: however many writes come in between, none is lost.
func TestUpdateStartsOverUntilItWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		inner := memstore.New(nil)
		ref := store.RefOf(create(t, inner, users, `{"userName": "a"}`))
		s := &rival{Store: inner, wins: 20, before: func() {
			if _, err := store.Update(ctx, inner, ref, addTitle(t, "x"), store.Write{}); err != nil {
				t.Error(err)
			}
		}}
		out, err := store.Update(ctx, s, ref, addTitle(t, "y"), store.Write{})
		if err != nil || !out.Changed {
			t.Fatalf("outcome %+v, error %v", out, err)
		}
		if len(out.Diffs) != 1 || out.Diffs[0].Path.String() != "title" {
			t.Errorf("diffs %v, want only title", out.Diffs)
		}
		if got, want := out.Resource.Get(mustPath(t, users, "title")).Text(), "xxxxxxxxxxxxxxxxxxxxy"; got != want {
			t.Errorf("title %q, want %q", got, want)
		}
	})
}

func TestUpdateWithExpectedVersionDoesNotStartOver(t *testing.T) {
	ctx := context.Background()
	inner := memstore.New(nil)
	first := create(t, inner, users, `{"userName": "a"}`)
	ref := store.RefOf(first)
	s := &rival{Store: inner, wins: 1, before: func() {
		if _, err := store.Update(ctx, inner, ref, addTitle(t, "x"), store.Write{}); err != nil {
			t.Error(err)
		}
	}}
	for _, when := range []string{"between read and write", "before the read"} {
		_, err := store.Update(ctx, s, ref, addTitle(t, "y"), store.Write{Version: first.Version()})
		if !errors.Is(err, store.ErrVersion) {
			t.Errorf("changed %s: error %v", when, err)
		}
	}
}

func TestUpdateWithoutDifferenceWritesNothing(t *testing.T) {
	ctx := context.Background()
	s := store.Basic(memstore.New(nil))
	first := create(t, s, users, `{"userName": "a", "title": "x"}`)
	out, err := store.Update(ctx, s, store.RefOf(first), func(*schema.Resource) (*schema.Resource, error) {
		return decode(t, users, `{"userName": "a", "title": "x"}`), nil
	}, store.Write{})
	if err != nil || out.Changed || out.Resource.Version() != first.Version() {
		t.Errorf("outcome %+v, error %v", out, err)
	}
}

// A PUT of the members that a group has, in any order and with any decoration,
// is no change.
func TestUpdateIgnoresWhatRelationsDerive(t *testing.T) {
	s := memstore.New(nil)
	create(t, s, users, `{"id": "a", "userName": "a"}`)
	create(t, s, users, `{"id": "b", "userName": "b"}`)
	g := create(t, s, groups, groupBody("g", "g", "a", "b"))
	out, err := store.Update(context.Background(), s, store.RefOf(g), func(*schema.Resource) (*schema.Resource, error) {
		return decode(t, groups, groupBody("", "g", "b", "a", "b")), nil
	}, store.Write{})
	if err != nil || out.Changed {
		t.Errorf("outcome %+v, error %v", out, err)
	}
}

// frozen reads what was there at the beginning.
type frozen struct {
	store.Store
	first *schema.Resource
	reads int
}

func (s *frozen) Get(context.Context, store.Ref) (*schema.Resource, error) {
	s.reads++
	return s.first, nil
}

func TestUpdateStopsOnStaleReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		inner := memstore.New(nil)
		first := create(t, inner, users, `{"userName": "a"}`)
		if _, err := inner.Replace(ctx, first, store.Write{}); err != nil {
			t.Fatal(err)
		}
		s := &frozen{Store: inner, first: first}
		if _, err := store.Update(ctx, s, store.RefOf(first), addTitle(t, "y"), store.Write{}); !errors.Is(err, store.ErrStale) {
			t.Errorf("error %v after %d reads", err, s.reads)
		}
	})
}

func TestUpdateStopsWhenTheContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		inner := memstore.New(nil)
		ref := store.RefOf(create(t, inner, users, `{"userName": "a"}`))
		n := 0
		s := &rival{Store: inner, wins: 1 << 30, before: func() {
			n++
			if _, err := store.Update(context.Background(), inner, ref, addTitle(t, "x"), store.Write{}); err != nil {
				t.Error(err)
			}
		}}
		if _, err := store.Update(ctx, s, ref, addTitle(t, "y"), store.Write{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		if n < 50 {
			t.Errorf("gave up after %d attempts in 5 seconds", n)
		}
	})
}

// C19, fleet#51961: members that many clients add at once are all there.
func TestConcurrentPatchesLoseNothing(t *testing.T) {
	for name, s := range map[string]store.Store{
		"memstore": memstore.New(nil), "basic": store.Basic(memstore.New(nil)),
		"minimal": store.Relate(newMinimalStore(), store.GroupMembers()),
	} {
		t.Run(name, func(t *testing.T) {
			const writers, each = 8, 5
			g := store.RefOf(create(t, s, groups, groupBody("", "g")))
			for i := range writers * each {
				create(t, s, users, fmt.Sprintf(`{"id": "u%d", "userName": "u%d"}`, i, i))
			}
			var wg sync.WaitGroup
			for i := range writers {
				wg.Go(func() {
					for j := range each {
						add := fmt.Sprintf(`{"op": "add", "path": "members", "value": [{"value": "u%d"}]}`, i*each+j)
						p := store.Patch{Ref: g, Changes: compile(t, groups, add)}
						if _, err := store.ApplyPatch(context.Background(), s, p, store.Write{}); err != nil {
							t.Error(err)
						}
					}
				})
			}
			wg.Wait()
			if got := get(t, s, g).Get(mustPath(t, groups, "members")).Len(); got != writers*each {
				t.Errorf("%d members, want %d", got, writers*each)
			}
		})
	}
}
