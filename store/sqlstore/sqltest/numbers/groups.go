package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/storetest"
)

// groups compares PATCH of one member in groups of different sizes, and reads
// each as a stream.
func (b *bench) groups(ctx context.Context, members int) error {
	var small time.Duration
	var few float64
	links, _ := store.LinksOf(storetest.GroupType(), "members")
	for size := 10; size <= members; size *= 10 {
		start := time.Now()
		g, n, err := b.group(ctx, min(size, len(b.ids)-1))
		if err != nil {
			return err
		}
		created := time.Since(start)
		if err := b.analyze(ctx); err != nil {
			return err
		}
		ref := store.RefOf(g)
		change := func(i int) error { return b.change(ctx, ref, []string{"add", "remove"}[i%2]) }
		m, err := turns(100, change)
		if err != nil {
			return err
		}
		allocs, err := allocations(40, change)
		if err != nil {
			return err
		}
		if small == 0 {
			small, few = m[0], allocs
		}
		fmt.Printf("%-58s %10v  ratio %.2f  %.0f allocs, ratio %.2f (created in %v)\n", fmt.Sprintf("PATCH one member, group of %d", n),
			m[0].Round(1000), float64(m[0])/float64(small), allocs, allocs/few, created.Round(time.Millisecond))
		if err := b.stream(ctx, ref, links.List); err != nil {
			return err
		}
	}
	return nil
}

// group creates a group of the first users.
func (b *bench) group(ctx context.Context, n int) (*schema.Resource, int, error) {
	links, _ := store.LinksOf(storetest.GroupType(), "members")
	list := make([]schema.Value, n)
	for i := range list {
		list[i] = links.Element(b.ids[i], "", "")
	}
	builder := storetest.GroupType().New()
	for p, v := range map[schema.Path]schema.Value{storetest.GroupType().MustPath("displayName"): schema.String("g"), links.List: schema.List(list...)} {
		if err := builder.Set(p, v); err != nil {
			return nil, 0, err
		}
	}
	g, err := b.store.Create(ctx, builder.Resource(), store.Write{})
	return g, n, err
}

// change adds or removes the last user.
func (b *bench) change(ctx context.Context, ref store.Ref, op string) error {
	id := b.ids[len(b.ids)-1]
	operation := fmt.Sprintf(`{"op":"add","path":"members","value":[{"value":%q}]}`, id)
	if op == "remove" {
		operation = fmt.Sprintf(`{"op":"remove","path":"members[value eq \"%s\"]"}`, id)
	}
	request, err := patch.Parse([]byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[`+operation+`]}`), nil)
	if err != nil {
		return err
	}
	changes, err := request.Compile(storetest.GroupType(), nil)
	if err != nil {
		return err
	}
	only, err := storetest.GroupType().NewProjection([]string{"displayName"}, nil)
	if err != nil {
		return err
	}
	out, err := b.store.Patch(ctx, store.Patch{Ref: ref, Changes: changes, Projection: only}, store.Write{})
	if err == nil && !out.Changed {
		err = fmt.Errorf("%s changed nothing", op)
	}
	return err
}

// stream reads all members, and reports the memory in use in the middle.
func (b *bench) stream(ctx context.Context, ref store.Ref, p schema.Path) error {
	var before, during runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start, n := time.Now(), 0
	for _, err := range b.store.ReadValues(ctx, ref, p) {
		if err != nil {
			return err
		}
		if n++; n == 50_000 {
			runtime.GC()
			runtime.ReadMemStats(&during)
		}
	}
	took := time.Since(start)
	fmt.Printf("  %-56s %10v  %v for 1000", fmt.Sprintf("stream of %d", n), took.Round(time.Microsecond), (took * 1000 / time.Duration(n)).Round(time.Microsecond))
	if n >= 50_000 {
		fmt.Printf(", heap %+d KB in the middle", (int64(during.HeapAlloc)-int64(before.HeapAlloc))/1024)
	}
	fmt.Println()
	return nil
}
