package storetest_test

import (
	"context"
	"errors"
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
	"github.com/muster-scim/muster/storetest"
)

// brokenBin is a bin in which single methods are replaced by wrong ones.
type brokenBin struct {
	store.Bin
	discard func(ctx context.Context, ref store.Ref, w store.Write) error
	restore func(ctx context.Context, ref store.Ref, w store.Write) (*schema.Resource, error)
	purge   func(ctx context.Context, ref store.Ref) error
}

func (b *brokenBin) Discard(ctx context.Context, ref store.Ref, w store.Write) error {
	if b.discard != nil {
		return b.discard(ctx, ref, w)
	}
	return b.Bin.Discard(ctx, ref, w)
}

func (b *brokenBin) Restore(ctx context.Context, ref store.Ref, w store.Write) (*schema.Resource, error) {
	if b.restore != nil {
		return b.restore(ctx, ref, w)
	}
	return b.Bin.Restore(ctx, ref, w)
}

func (b *brokenBin) Purge(ctx context.Context, ref store.Ref) error {
	if b.purge != nil {
		return b.purge(ctx, ref)
	}
	return b.Bin.Purge(ctx, ref)
}

func binOf(breakIt func(*broken, *brokenBin)) func(*broken) {
	return func(b *broken) {
		inner, err := store.Trash(b.Inner)
		if err != nil {
			panic(err)
		}
		bin := &brokenBin{Bin: inner}
		breakIt(b, bin)
		b.trash = bin
	}
}

// comeBack puts a restored user into the groups that it was in.
func comeBack(b *broken, bin *brokenBin) {
	held := map[store.Ref][]*schema.Resource{}
	bin.discard = func(ctx context.Context, ref store.Ref, w store.Write) error {
		for _, group := range collect(b.Inner, "Group") {
			links, list := members(group)
			if slices.ContainsFunc(list, func(e schema.Value) bool { return links.ID(e) == ref.ID }) {
				held[ref] = append(held[ref], group)
			}
		}
		return bin.Bin.Discard(ctx, ref, w)
	}
	bin.restore = func(ctx context.Context, ref store.Ref, w store.Write) (*schema.Resource, error) {
		r, err := bin.Bin.Restore(ctx, ref, w)
		for _, group := range held[ref] {
			_, _ = b.Inner.Replace(ctx, group, store.Write{})
		}
		return r, err
	}
}

// forgetful is a deployment that loses everything at a restart.
func forgetful() *storetest.Deployment { return deployment(memstore.Config{}, func(*broken) {}) }

var otherMutants = slices.Concat(uniqueMutants, []mutant{
	{name: "Trash/GoneForAll", flaw: "does nothing", breakIt: binOf(func(_ *broken, bin *brokenBin) {
		bin.discard = func(context.Context, store.Ref, store.Write) error { return nil }
	})},
	{name: "Trash/Restore", flaw: "keeps the version", breakIt: binOf(func(_ *broken, bin *brokenBin) {
		bin.restore = func(ctx context.Context, ref store.Ref, w store.Write) (*schema.Resource, error) {
			version := ""
			for d := range bin.Discarded(ctx, ref.Type, "") {
				version = d.Resource.Version()
			}
			r, err := bin.Bin.Restore(ctx, ref, w)
			if err != nil {
				return nil, err
			}
			e := r.Edit()
			e.SetMeta(r.Created(), r.LastModified(), version)
			return e.Resource(), nil
		}
	})},
	{name: "Trash/RestoreTaken", flaw: "does not find it", breakIt: binOf(func(_ *broken, bin *brokenBin) {
		bin.restore = func(ctx context.Context, ref store.Ref, w store.Write) (*schema.Resource, error) {
			r, err := bin.Bin.Restore(ctx, ref, w)
			if errors.Is(err, store.ErrConflict) {
				return nil, store.ErrNotFound
			}
			return r, err
		}
	})},
	{name: "Trash/NoMemberships", flaw: "brings access back", breakIt: binOf(comeBack)},
	{name: "Trash/Version", flaw: "ignores the version", breakIt: binOf(func(_ *broken, bin *brokenBin) {
		bin.discard = func(ctx context.Context, ref store.Ref, _ store.Write) error {
			return bin.Bin.Discard(ctx, ref, store.Write{})
		}
	})},
	{name: "Trash/Purge", flaw: "does nothing", breakIt: binOf(func(_ *broken, bin *brokenBin) {
		bin.purge = func(context.Context, store.Ref) error { return nil }
	})},
	{name: "Ownership/KeysAreFreed", flaw: "keeps the caller's slice", breakIt: func(b *broken) {
		var unique []schema.Path
		b.create = func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
			if unique == nil {
				unique = w.Unique
			}
			w.Unique = unique
			return b.Inner.Create(ctx, r, w)
		}
	}},
	{name: "Restart/NothingLost", flaw: "writes to memory", breakIt: func(*broken) {}, restart: forgetful},
	{name: "Restart/KeysStay", flaw: "writes to memory", breakIt: func(*broken) {}, restart: forgetful},
	{name: "Restart/JournalStays", flaw: "writes to memory", breakIt: func(*broken) {}, restart: forgetful},
})
