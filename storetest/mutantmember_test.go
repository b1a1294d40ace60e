package storetest_test

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// noRelations is a memory store that stores lists as they come.
var noRelations = memstore.Config{Relations: []store.Relation{}}

// pretend claims the relation of groups.
type pretend struct{ store.Forward }

func (pretend) Relations() []store.Relation { return []store.Relation{store.GroupMembers()} }

func (p pretend) Capabilities() store.Capabilities {
	c := store.CapabilitiesOf(p.Inner)
	c.Relations = true
	return c
}

// listsOnly claims a relation, and stores the lists as they come.
func listsOnly(b *broken) { b.Inner = pretend{store.Forward{Inner: b.Inner}} }

// seen breaks what Get returns, and with it queries and scans of one resource.
func seen(change func(*schema.Resource) *schema.Resource) func(*broken) {
	return func(b *broken) {
		b.get = func(ctx context.Context, ref store.Ref) (*schema.Resource, error) {
			r, err := b.Inner.Get(ctx, ref)
			if err != nil {
				return nil, err
			}
			return change(r), nil
		}
	}
}

// members returns a copy of the list of a group.
func members(r *schema.Resource) (store.Links, []schema.Value) {
	links, _ := store.LinksOf(r.Type(), "members")
	var list []schema.Value
	if !links.List.IsZero() {
		list = slices.Collect(r.Values(links.List))
	}
	return links, list
}

var memberMutants = []mutant{
	{name: "Members/BothEnds", flaw: "knows one end", breakIt: seen(func(r *schema.Resource) *schema.Resource {
		return with(r, "groups", schema.Value{})
	})},
	{name: "Members/Derived", flaw: "stores display as sent", config: noRelations, breakIt: listsOnly},
	{name: "Members/InOrder", flaw: "sorts by id", breakIt: seen(func(r *schema.Resource) *schema.Resource {
		links, list := members(r)
		slices.SortFunc(list, func(a, b schema.Value) int { return cmp.Compare(links.ID(a), links.ID(b)) })
		return with(r, "members", schema.List(list...))
	})},
	{name: "Members/AddingTwice", flaw: "writes anyway", breakIt: func(b *broken) {
		b.patch = func(ctx context.Context, p store.Patch, w store.Write) (*store.Outcome, error) {
			out, err := b.Forward.Patch(ctx, p, w)
			if err != nil || out.Changed {
				return out, err
			}
			stored, err := b.Inner.Replace(ctx, out.Resource, w)
			return &store.Outcome{Resource: stored, Changed: true}, err
		}
	}},
	{name: "Members/Replaced", flaw: "adds to the list", breakIt: func(b *broken) {
		b.replace = func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
			if old, err := b.Inner.Get(ctx, store.RefOf(r)); err == nil {
				_, before := members(old)
				_, after := members(r)
				if len(before)+len(after) > 0 {
					r = with(r, "members", schema.List(append(before, after...)...))
				}
			}
			return b.Inner.Replace(ctx, r, w)
		}
	}},
	{name: "Members/HolderVersion", flaw: "writes the members too", breakIt: func(b *broken) {
		b.patch = func(ctx context.Context, p store.Patch, w store.Write) (*store.Outcome, error) {
			for _, user := range collect(b.Inner, "User") {
				_, _ = b.Inner.Replace(ctx, user, store.Write{})
			}
			return b.Forward.Patch(ctx, p, w)
		}
	}},
	{name: "Members/DeletedMember", flaw: "leaves it in the list", config: noRelations, breakIt: listsOnly},
	{name: "Members/DeletedHolder", flaw: "remembers memberships", breakIt: func(b *broken) {
		var mu sync.Mutex
		held := map[store.Ref]schema.Value{}
		b.remove = func(ctx context.Context, ref store.Ref, w store.Write) error {
			mu.Lock()
			defer mu.Unlock()
			for _, user := range collect(b.Inner, "User") {
				held[store.RefOf(user)] = user.Get(user.Type().MustPath("groups"))
			}
			return b.Inner.Delete(ctx, ref, w)
		}
		b.get = func(ctx context.Context, ref store.Ref) (*schema.Resource, error) {
			r, err := b.Inner.Get(ctx, ref)
			if err != nil {
				return nil, err
			}
			mu.Lock()
			defer mu.Unlock()
			if groups := held[ref]; !groups.IsZero() {
				r = with(r, "groups", groups)
			}
			return r, nil
		}
	}},
	{name: "Members/Unknown", flaw: "skips", config: skipping(), breakIt: func(*broken) {}},
	{name: "Members/OtherTenant", flaw: "does not look", config: noRelations, breakIt: listsOnly},
	{name: "Members/InverseIsDerived", flaw: "stores what is sent", config: noRelations, breakIt: listsOnly},
	{name: "Members/Queried", flaw: "does not join for queries", breakIt: query(nil, func(q store.Query, page *store.Page) {
		if asks(q, "groups") || asks(q, "members") {
			keep(page, func(*schema.Resource) bool { return false })
		}
	})},
	{name: "Members/Nested", flaw: "calls every member a user", breakIt: seen(func(r *schema.Resource) *schema.Resource {
		links, list := members(r)
		for i, e := range list {
			list[i] = links.Element(links.ID(e), "User", e.Get(links.Display).Text())
		}
		return with(r, "members", schema.List(list...))
	})},
	{name: "Members/NoCycle", flaw: "does not look", config: noRelations, breakIt: listsOnly},
	{name: "Members/CycleRace", flaw: "does not look", config: noRelations, breakIt: listsOnly},
	{name: "Ownership/InverseIsTheCallers", flaw: "caches", breakIt: func(b *broken) {
		var cache map[schema.ID][]store.Holder
		b.inverse = func(ctx context.Context, rel store.Relation, ids []schema.ID) (map[schema.ID][]store.Holder, error) {
			if cache != nil {
				return cache, nil
			}
			var err error
			cache, err = b.Forward.Inverse(ctx, rel, ids)
			return cache, err
		}
	}},
}

func skipping() memstore.Config {
	rel := store.GroupMembers()
	rel.Unknown = store.SkipUnknownMembers
	return memstore.Config{Relations: []store.Relation{rel}}
}
