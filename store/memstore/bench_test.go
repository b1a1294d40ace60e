package memstore_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

var benchUsers = flag.Int("users", 100_000, "users in the largest store of the benchmarks")

// userBody is the JSON of a usual enterprise user.
func userBody(i int) string {
	return fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],`+
		`"userName":"first.last%d@example.com","externalId":"00u%015d","name":{"formatted":"First%d Last%d","familyName":"Last%d","givenName":"First%d"},`+
		`"displayName":"First%d Last%d","title":"Engineer %d","active":true,"preferredLanguage":"en-US","timezone":"Europe/Berlin",`+
		`"emails":[{"value":"first.last%d@example.com","type":"work","primary":true},{"value":"private%d@example.org","type":"home"}],`+
		`"phoneNumbers":[{"value":"+49 30 %07d","type":"work"}],`+
		`"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"%d","costCenter":"CC-%d","organization":"Example","department":"Dept %d"}}`,
		i, i, i, i, i, i, i, i, i%40, i, i, i, i, i%100, i%300)
}

// stores are kept between benchmarks, because filling one takes longer than
// measuring it.
var stores = map[int]*filled{}

type filled struct {
	*memstore.Store
	ids   []schema.ID
	group store.Ref // holds all users
}

func filledStore(b *testing.B, n int) *filled {
	b.Helper()
	if f, ok := stores[n]; ok {
		return f
	}
	f := &filled{Store: memstore.New(nil)}
	for i := range n {
		f.ids = append(f.ids, create(b, f.Store, users, userBody(i)).ID())
	}
	links, _ := store.LinksOf(groups, "members")
	members := make([]schema.Value, n)
	for i, id := range f.ids {
		members[i] = links.Element(id, "", "")
	}
	g := groups.New()
	if err := g.Set(links.List, schema.List(members...)); err != nil {
		b.Fatal(err)
	}
	r, err := f.Create(context.Background(), g.Resource(), store.Write{})
	if err != nil {
		b.Fatal(err)
	}
	f.group = store.RefOf(r)
	runtime.GC()
	stores[n] = f
	return f
}

// sizes are the store sizes to compare.
func sizes(b *testing.B, run func(b *testing.B, f *filled)) {
	for _, n := range []int{1000, *benchUsers} {
		f := filledStore(b, n)
		b.Run(fmt.Sprintf("users=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			run(b, f)
		})
	}
}

func BenchmarkGet(b *testing.B) {
	sizes(b, func(b *testing.B, f *filled) {
		for b.Loop() {
			if _, err := f.Get(b.Context(), store.Ref{Type: "User", ID: f.ids[rand.IntN(len(f.ids))]}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkEquality parses and answers the lookup that every client starts with.
func BenchmarkEquality(b *testing.B) {
	for _, attribute := range []string{"userName", "externalId"} {
		b.Run(attribute, func(b *testing.B) {
			p := path(b, users, attribute)
			sizes(b, func(b *testing.B, f *filled) {
				texts := make([]string, 4096)
				for i := range texts {
					r, err := f.Get(b.Context(), store.Ref{Type: "User", ID: f.ids[rand.IntN(len(f.ids))]})
					if err != nil {
						b.Fatal(err)
					}
					texts[i] = fmt.Sprintf("%s eq %q", attribute, r.Get(p).Text())
				}
				for i := 0; b.Loop(); i++ {
					compiled, err := filter.Parse(users, texts[i%len(texts)], nil)
					if err != nil {
						b.Fatal(err)
					}
					page, err := f.Query(b.Context(), store.Query{Type: "User", Filter: compiled, Count: 1, Total: true})
					if err != nil || page.Total != 1 {
						b.Fatal(page.Total, err)
					}
				}
			})
		})
	}
}

// memberPatch adds or removes one member.
func memberPatch(b *testing.B, operation string, id schema.ID) *patch.Changes {
	if operation == "add" {
		return compile(b, groups, addMember(id))
	}
	return compile(b, groups, removeMember(id))
}

// BenchmarkPatchMember adds and removes one member of a group, without reading
// the members back.
func BenchmarkPatchMember(b *testing.B) {
	f := filledStore(b, *benchUsers)
	without, err := groups.NewProjection(nil, []string{"members"})
	if err != nil {
		b.Fatal(err)
	}
	small := groupOf(b, f, 10)
	for _, group := range []struct {
		members int
		ref     store.Ref
	}{{10, small}, {len(f.ids), f.group}} {
		id := f.ids[5]
		add, remove := memberPatch(b, "add", id), memberPatch(b, "remove", id)
		b.Run(fmt.Sprintf("members=%d", group.members), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				changes := add
				if i%2 == 0 {
					changes = remove
				}
				out, err := f.Patch(b.Context(), store.Patch{Ref: group.ref, Changes: changes, Projection: without}, store.Write{})
				if err != nil || !out.Changed {
					b.Fatal(out, err)
				}
			}
			if _, err := f.Patch(b.Context(), store.Patch{Ref: group.ref, Changes: add, Projection: without}, store.Write{}); err != nil {
				b.Fatal(err)
			}
		})
	}
}

func groupOf(b *testing.B, f *filled, n int) store.Ref {
	var members []*schema.Resource
	for _, id := range f.ids[:n] {
		r, err := f.Get(b.Context(), store.Ref{Type: "User", ID: id})
		if err != nil {
			b.Fatal(err)
		}
		members = append(members, r)
	}
	return store.RefOf(createGroup(b, f, "small", members...))
}

// BenchmarkPage reads 100 users at the start and far inside, by position and by
// index.
func BenchmarkPage(b *testing.B) {
	f := filledStore(b, *benchUsers)
	ids := slices.Sorted(slices.Values(f.ids))
	for _, depth := range []int{0, len(ids) / 2, len(ids) - 101} {
		q := store.Query{Type: "User", Count: 100, Total: true}
		if depth > 0 {
			q.After = store.Position(ids[depth-1])
		}
		b.Run(fmt.Sprintf("cursor/depth=%d", depth), func(b *testing.B) { benchQuery(b, f, q) })
		q.After, q.Offset = "", depth
		b.Run(fmt.Sprintf("index/depth=%d", depth), func(b *testing.B) { benchQuery(b, f, q) })
	}
}

func benchQuery(b *testing.B, s store.Store, q store.Query) {
	b.ReportAllocs()
	for b.Loop() {
		if page, err := store.RunQuery(b.Context(), s, q); err != nil || len(page.Resources) != q.Count {
			b.Fatal(len(page.Resources), err)
		}
	}
}

// BenchmarkCreate reports the time of a Create and the memory that a user takes,
// indexes included, beside the size of its JSON.
func BenchmarkCreate(b *testing.B) {
	before := heap()
	s := memstore.New(nil)
	jsonSize, n := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		r := create(b, s, users, userBody(n))
		n++
		if n%64 == 0 {
			b.StopTimer()
			text, err := r.AppendJSON(nil, &schema.Encoding{All: true})
			if err != nil {
				b.Fatal(err)
			}
			jsonSize = len(text)
			b.StartTimer()
		}
	}
	b.ReportMetric(float64(heap()-before)/float64(n), "B/user")
	b.ReportMetric(float64(jsonSize), "B-json/user")
	runtime.KeepAlive(s)
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkMixed runs 80 % reads and 20 % patches in parallel.
func BenchmarkMixed(b *testing.B) {
	f := filledStore(b, *benchUsers)
	off, on := compile(b, users, `{"op": "replace", "path": "active", "value": false}`), compile(b, users, `{"op": "replace", "path": "active", "value": true}`)
	for _, goroutines := range []int{1, 8} {
		b.Run(fmt.Sprintf("goroutines=%d", goroutines), func(b *testing.B) {
			b.ReportAllocs()
			var left atomic.Int64
			left.Store(int64(b.N))
			var wg sync.WaitGroup
			for range goroutines {
				wg.Go(func() {
					for left.Add(-1) >= 0 {
						ref := store.Ref{Type: "User", ID: f.ids[rand.IntN(len(f.ids))]}
						if rand.IntN(5) > 0 {
							_, _ = f.Get(context.Background(), ref)
							continue
						}
						changes := off
						if rand.IntN(2) > 0 {
							changes = on
						}
						_, _ = f.Patch(context.Background(), store.Patch{Ref: ref, Changes: changes}, store.Write{})
					}
				})
			}
			wg.Wait()
		})
	}
}

// BenchmarkReadWhileWriting reports the median and the 99th percentile of point
// reads while another goroutine patches a large group all the time.
func BenchmarkReadWhileWriting(b *testing.B) {
	f := filledStore(b, *benchUsers)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		changes := []*patch.Changes{memberPatch(b, "remove", f.ids[7]), memberPatch(b, "add", f.ids[7])}
		without, _ := groups.NewProjection(nil, []string{"members"})
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				_, _ = f.Patch(context.Background(), store.Patch{Ref: f.group, Changes: changes[i%2], Projection: without}, store.Write{})
			}
		}
	})
	var took []time.Duration
	for b.Loop() {
		ref := store.Ref{Type: "User", ID: f.ids[rand.IntN(len(f.ids))]}
		start := time.Now()
		_, _ = f.Get(b.Context(), ref)
		took = append(took, time.Since(start))
	}
	close(stop)
	wg.Wait()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2]), "p50-ns")
	b.ReportMetric(float64(took[len(took)*99/100]), "p99-ns")
}
