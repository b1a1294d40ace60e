package memstore

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// BenchmarkTurn reports how much of the time of a PATCH keeps other writers
// out: what is stored in the turn, of what is worked out before and assembled
// afterwards. The medians count, because a core that others use takes breaks.
func BenchmarkTurn(b *testing.B) {
	typ := schema.UserDefinition().MustCompile()
	s := New(nil)
	refs := make([]store.Ref, 50_000)
	for i := range refs {
		body := fmt.Appendf(nil, `{"userName": "user%d@example.com", "externalId": "%d", "active": true, "emails": [{"value": "user%d@example.com"}]}`, i, i, i)
		refs[i] = store.RefOf(stored(b, s, typ, body))
	}
	off := compiled(b, typ, `{"op": "replace", "path": "active", "value": false}`)
	on := compiled(b, typ, `{"op": "replace", "path": "active", "value": true}`)
	all, turns := make([]time.Duration, b.N), make([]time.Duration, b.N)
	for i := range b.N {
		p := store.Patch{Ref: refs[i*7919%len(refs)], Changes: off}
		if i/len(refs)%2 == 1 {
			p.Changes = on
		}
		start := time.Now()
		at := s.ahead()
		c, err := at.workOut(p, store.Write{})
		if err != nil || !c.result.Changed {
			b.Fatal(c, err)
		}
		inTurn := time.Now()
		err = s.write(context.Background(), func(d *draft) error {
			at = &d.state
			_, err := d.patch(c, p, store.Write{})
			return err
		})
		turns[i] = time.Since(inTurn)
		if at.outcome(c, p); err != nil {
			b.Fatal(err)
		}
		all[i] = time.Since(start)
	}
	slices.Sort(all)
	slices.Sort(turns)
	b.ReportMetric(float64(all[b.N/2].Nanoseconds()), "median-ns/op")
	b.ReportMetric(float64(turns[b.N/2].Nanoseconds()), "median-ns-in-turn/op")
}

func stored(b *testing.B, s store.Store, typ *schema.ResourceType, body []byte) *schema.Resource {
	r, _, err := typ.Decode(body, nil)
	if err != nil {
		b.Fatal(err)
	}
	if r, err = s.Create(context.Background(), r, store.Write{}); err != nil {
		b.Fatal(err)
	}
	return r
}

func compiled(b *testing.B, typ *schema.ResourceType, operation string) *patch.Changes {
	request, err := patch.Parse([]byte(`{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [`+operation+`]}`), nil)
	if err != nil {
		b.Fatal(err)
	}
	changes, err := request.Compile(typ, nil)
	if err != nil {
		b.Fatal(err)
	}
	return changes
}
