package storetest_test

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/storetest"
)

// with returns r with one attribute changed, if its type has it.
func with(r *schema.Resource, path string, v schema.Value) *schema.Resource {
	p, err := r.Type().Path(path)
	if err != nil {
		return r
	}
	b := r.Edit()
	if b.Set(p, v) != nil {
		return r
	}
	return b.Resource()
}

func text(r *schema.Resource, path string) string {
	p, err := r.Type().Path(path)
	if err != nil {
		return ""
	}
	return r.Get(p).Text()
}

// collect reads everything that a scan yields.
func collect(s store.Store, typ string) []*schema.Resource {
	var all []*schema.Resource
	for r, err := range s.Scan(context.Background(), typ, "") {
		if err == nil {
			all = append(all, r)
		}
	}
	return all
}

func yieldAll(all []*schema.Resource) iter.Seq2[*schema.Resource, error] {
	return func(yield func(*schema.Resource, error) bool) {
		for _, r := range all {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// pause lets other goroutines in between two steps that should be one.
func pause() {
	for range 50 {
		runtime.Gosched()
	}
}

var errDatabase = errors.New("value too long for type character varying(255)")

var crudMutants = []mutant{
	{name: "Create/ResultIsTheTruth", flaw: "returns what it was given", breakIt: func(b *broken) {
		b.create = func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
			stored, err := b.Inner.Create(ctx, r, w)
			if err != nil {
				return nil, err
			}
			return with(r, "id", schema.String(string(stored.ID()))), nil
		}
	}},
	{name: "Create/IDsDiffer", flaw: "uses an id again", breakIt: func(b *broken) {
		b.create = func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
			_ = b.Inner.Delete(ctx, store.Ref{Type: r.Type().Name(), ID: "1"}, store.Write{})
			return b.Inner.Create(ctx, with(r, "id", schema.String("1")), w)
		}
	}},
	{name: "Create/TakenID", flaw: "overwrites", breakIt: func(b *broken) {
		b.create = func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
			_ = b.Inner.Delete(ctx, store.RefOf(r), store.Write{})
			return b.Inner.Create(ctx, r, w)
		}
	}},
	{name: "Get/NotFound", flaw: "shows an error of the database", breakIt: func(b *broken) {
		b.get = func(ctx context.Context, ref store.Ref) (*schema.Resource, error) {
			if len(ref.ID) > 255 {
				return nil, errDatabase
			}
			return b.Inner.Get(ctx, ref)
		}
	}},
	{name: "Get/NotFound", flaw: "finds ids with spaces", breakIt: func(b *broken) {
		b.get = func(ctx context.Context, ref store.Ref) (*schema.Resource, error) {
			ref.ID = schema.ID(strings.TrimSpace(string(ref.ID)))
			return b.Inner.Get(ctx, ref)
		}
	}},
	{name: "Replace/WhatIsNotThereIsGone", flaw: "merges", breakIt: func(b *broken) {
		b.replace = func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
			if old, err := b.Inner.Get(ctx, store.RefOf(r)); err == nil && text(r, "title") == "" {
				r = with(r, "title", schema.String(text(old, "title")))
			}
			return b.Inner.Replace(ctx, r, w)
		}
	}},
	{name: "Replace/Meta", flaw: "deletes and creates", breakIt: func(b *broken) {
		b.replace = func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
			if err := b.Inner.Delete(ctx, store.RefOf(r), store.Write{}); err != nil {
				return nil, err
			}
			return b.Inner.Create(ctx, r, w)
		}
	}},
	{name: "Replace/NotFound", flaw: "creates", breakIt: upsert},
	{name: "Update/GoneMeanwhile", flaw: "creates", breakIt: upsert},
	{name: "Delete/Gone", flaw: "succeeds twice", breakIt: func(b *broken) {
		b.remove = func(ctx context.Context, ref store.Ref, w store.Write) error {
			if err := b.Inner.Delete(ctx, ref, w); !errors.Is(err, store.ErrNotFound) {
				return err
			}
			return nil
		}
	}},
	{name: "Delete/OnlyThatOne", flaw: "deletes by type", breakIt: func(b *broken) {
		b.remove = func(ctx context.Context, ref store.Ref, _ store.Write) error {
			for _, r := range collect(b.Inner, ref.Type) {
				_ = b.Inner.Delete(ctx, store.RefOf(r), store.Write{})
			}
			return nil
		}
	}},
	{name: "Lossless/EveryType", flaw: "trims spaces", breakIt: func(b *broken) {
		b.create = func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
			return b.Inner.Create(ctx, with(r, "label", trimmed(text(r, "label"))), w)
		}
	}},
	{name: "Lossless/LongValues", flaw: "cuts at 255", breakIt: func(b *broken) {
		b.create = func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
			if name := text(r, "displayName"); len(name) > 255 {
				r = with(r, "displayName", schema.String(name[:254]))
			}
			return b.Inner.Create(ctx, r, w)
		}
	}},
	{name: "Lossless/FullUser", flaw: "drops the extension", breakIt: func(b *broken) {
		b.create = func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
			return b.Inner.Create(ctx, with(r, schema.EnterpriseUserURN, schema.Value{}), w)
		}
	}},
	{name: "Scan/Order", flaw: "is in the order of a map", breakIt: func(b *broken) {
		b.scan = func(_ context.Context, typ string, after schema.ID) iter.Seq2[*schema.Resource, error] {
			all := slices.DeleteFunc(collect(b.Inner, typ), func(r *schema.Resource) bool { return r.ID() <= after })
			slices.Reverse(all)
			return yieldAll(all)
		}
	}},
	{name: "Scan/After", flaw: "starts at the id", breakIt: func(b *broken) {
		b.scan = func(_ context.Context, typ string, after schema.ID) iter.Seq2[*schema.Resource, error] {
			return yieldAll(slices.DeleteFunc(collect(b.Inner, typ), func(r *schema.Resource) bool { return r.ID() < after }))
		}
	}},
	{name: "Scan/Empty", flaw: "knows no such type", breakIt: func(b *broken) {
		b.scan = func(ctx context.Context, typ string, after schema.ID) iter.Seq2[*schema.Resource, error] {
			if typ == "Nothing" {
				return func(yield func(*schema.Resource, error) bool) { yield(nil, errDatabase) }
			}
			return b.Inner.Scan(ctx, typ, after)
		}
	}},
	{name: "Scan/Reentrant", flaw: "is locked meanwhile", breakIt: func(b *broken) {
		var scanning atomic.Bool
		b.scan = func(_ context.Context, typ string, after schema.ID) iter.Seq2[*schema.Resource, error] {
			all := slices.DeleteFunc(collect(b.Inner, typ), func(r *schema.Resource) bool { return r.ID() <= after })
			return func(yield func(*schema.Resource, error) bool) {
				scanning.Store(true)
				defer scanning.Store(false)
				yieldAll(all)(yield)
			}
		}
		b.replace = func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
			if scanning.Load() {
				return nil, errors.New("database is locked")
			}
			return b.Inner.Replace(ctx, r, w)
		}
	}},
	{name: "Scan/Concurrent", flaw: "counts offsets", breakIt: func(b *broken) {
		b.scan = func(_ context.Context, typ string, _ schema.ID) iter.Seq2[*schema.Resource, error] {
			return func(yield func(*schema.Resource, error) bool) {
				for i := 0; ; i++ {
					all := collect(b.Inner, typ)
					if i >= len(all) || !yield(all[i], nil) {
						return
					}
				}
			}
		}
	}},
	{name: "Query/OnlyThatType", flaw: "scans all types", breakIt: func(b *broken) {
		b.scan = func(context.Context, string, schema.ID) iter.Seq2[*schema.Resource, error] {
			return yieldAll(append(collect(b.Inner, "User"), collect(b.Inner, "Group")...))
		}
	}},
}

func trimmed(text string) schema.Value {
	if text = strings.TrimSpace(text); text == "" {
		return schema.Value{}
	}
	return schema.String(text)
}

func upsert(b *broken) {
	b.replace = func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
		stored, err := b.Inner.Replace(ctx, r, w)
		if errors.Is(err, store.ErrNotFound) {
			return b.Inner.Create(ctx, r, store.Write{})
		}
		return stored, err
	}
}

// blind replaces without looking at the version.
func blind(b *broken) {
	b.replace = func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
		w.Version = ""
		return b.Inner.Replace(ctx, r, w)
	}
}

// checkThenWrite compares the version before the write instead of inside it.
func checkThenWrite(b *broken) {
	b.replace = func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
		current, err := b.Inner.Get(ctx, store.RefOf(r))
		if err != nil {
			return nil, err
		}
		if err := w.Check(current); err != nil {
			return nil, err
		}
		pause()
		w.Version = ""
		return b.Inner.Replace(ctx, r, w)
	}
	b.remove = func(ctx context.Context, ref store.Ref, w store.Write) error {
		current, err := b.Inner.Get(ctx, ref)
		if err != nil {
			return err
		}
		if err := w.Check(current); err != nil {
			return err
		}
		pause()
		return b.Inner.Delete(ctx, ref, store.Write{})
	}
}

// patchUnchecked reads, applies and writes without a version in between.
func patchUnchecked(b *broken) {
	b.patch = func(ctx context.Context, p store.Patch, w store.Write) (*store.Outcome, error) {
		old, err := b.Inner.Get(ctx, p.Ref)
		if err != nil {
			return nil, err
		}
		changed, _, err := p.Apply(old)
		if err != nil {
			return nil, err
		}
		pause()
		stored, err := b.Inner.Replace(ctx, changed, w)
		return &store.Outcome{Resource: stored, Changed: true}, err
	}
}

var writeMutants = []mutant{
	{name: "Versions/StaleIsRefused", flaw: "ignores the version", breakIt: blind},
	{name: "Update/NoLostWrite", flaw: "ignores the version", breakIt: blind},
	{name: "Update/KeepsCondition", flaw: "ignores the version", breakIt: blind},
	{name: "Versions/CurrentIsAccepted", flaw: "compares with other quotes", breakIt: func(b *broken) {
		b.replace = func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
			w.Version = strings.ReplaceAll(w.Version, `"`, "")
			return b.Inner.Replace(ctx, r, w)
		}
	}},
	{name: "Versions/NeverRepeat", flaw: "hashes the content", breakIt: func(b *broken) {
		b.replace = func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
			stored, err := b.Inner.Replace(ctx, r, w)
			if err != nil {
				return nil, err
			}
			e := stored.Edit()
			e.SetMeta(stored.Created(), stored.LastModified(), `W/"`+text(r, "title")+`"`)
			return e.Resource(), nil
		}
	}},
	{name: "Versions/OneWinner", flaw: "checks before it writes", breakIt: checkThenWrite},
	{name: "Versions/DeleteOrReplace", flaw: "checks before it writes", breakIt: checkThenWrite},
	{name: "Race/Linearizable", flaw: "checks before it writes", breakIt: checkThenWrite},
	{name: "Versions/ClockRunsBackwards", flaw: "trusts the clock", breakIt: func(b *broken) {
		b.replace = func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
			stored, err := b.Inner.Replace(ctx, r, w)
			if err != nil {
				return nil, err
			}
			e := stored.Edit()
			e.SetMeta(stored.Created(), w.Time, stored.Version())
			return e.Resource(), nil
		}
	}},
	{name: "Update/Unchanged", flaw: "makes the version up at each read", breakIt: func(b *broken) {
		b.get = func(ctx context.Context, ref store.Ref) (*schema.Resource, error) {
			r, err := b.Inner.Get(ctx, ref)
			if err != nil {
				return nil, err
			}
			e := r.Edit()
			e.SetMeta(r.Created(), r.LastModified(), store.NewVersion())
			return e.Resource(), nil
		}
	}},
	{name: "Patch/LikeApplyAndReplace", flaw: "does only what it knows", breakIt: func(b *broken) {
		b.patch = func(ctx context.Context, p store.Patch, w store.Write) (*store.Outcome, error) {
			if p.Changes.Touches(storetest.UserType().MustPath("emails")) {
				r, err := b.Inner.Get(ctx, p.Ref)
				return &store.Outcome{Resource: r}, err
			}
			return b.Forward.Patch(ctx, p, w)
		}
	}},
	{name: "Patch/CheckDecides", flaw: "does not ask", breakIt: func(b *broken) {
		b.patch = func(ctx context.Context, p store.Patch, w store.Write) (*store.Outcome, error) {
			p.Check = nil
			return b.Forward.Patch(ctx, p, w)
		}
	}},
	{name: "Patch/NotFound", flaw: "updates no rows", breakIt: func(b *broken) {
		b.patch = func(ctx context.Context, p store.Patch, w store.Write) (*store.Outcome, error) {
			out, err := b.Forward.Patch(ctx, p, w)
			if errors.Is(err, store.ErrNotFound) {
				return &store.Outcome{}, nil
			}
			return out, err
		}
	}},
	{name: "Patch/AllOrNothing", flaw: "writes before it fails", breakIt: func(b *broken) {
		b.patch = func(ctx context.Context, p store.Patch, w store.Write) (*store.Outcome, error) {
			out, err := b.Forward.Patch(ctx, p, w)
			if err != nil {
				r, _ := b.Inner.Get(ctx, p.Ref)
				_, _ = b.Inner.Replace(ctx, with(r, "title", schema.String("x")), store.Write{})
			}
			return out, err
		}
	}},
	{name: "Patch/NothingLost", flaw: "reads, changes and writes", breakIt: patchUnchecked},
	{name: "Members/NothingLost", flaw: "reads, changes and writes", breakIt: patchUnchecked},
	{name: "Race/WholeResources", flaw: "writes in two steps", breakIt: func(b *broken) {
		b.replace = func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
			if _, err := b.Inner.Replace(ctx, with(r, "nickName", schema.Value{}), w); err != nil {
				return nil, err
			}
			pause()
			return b.Inner.Replace(ctx, r, store.Write{})
		}
	}},
	{name: "Context/Cancelled", flaw: "does not look at the context", breakIt: func(b *broken) {
		b.get = func(ctx context.Context, ref store.Ref) (*schema.Resource, error) {
			return b.Inner.Get(context.WithoutCancel(ctx), ref)
		}
	}},
	{name: "Context/CancelledScan", flaw: "does not look at the context", breakIt: func(b *broken) {
		b.scan = func(ctx context.Context, typ string, after schema.ID) iter.Seq2[*schema.Resource, error] {
			return func(yield func(*schema.Resource, error) bool) {
				n := 0
				for r, err := range b.Inner.Scan(context.WithoutCancel(ctx), typ, after) {
					if n++; n == 50 || !yield(r, err) {
						return
					}
				}
			}
		}
	}},
	{name: "Context/UsableAfterwards", flaw: "keeps a lock", breakIt: func(b *broken) {
		var locked atomic.Bool
		b.replace = func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
			if locked.Load() {
				return nil, errors.New("timed out")
			}
			locked.Store(ctx.Err() != nil)
			return b.Inner.Replace(ctx, r, w)
		}
	}},
}
