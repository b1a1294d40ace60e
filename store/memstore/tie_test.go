package memstore

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore/internal/cow"
	"pgregory.net/rapid"
)

// membershipModel is what a draft should hold of two relations between the same
// resources: by relation and holder the members in order.
type membershipModel [2]map[uint32][]uint32

func (m *membershipModel) holdersOf(relation int, member uint32) []uint32 {
	var holders []uint32
	for holder, members := range m[relation] {
		if slices.Contains(members, member) {
			holders = append(holders, holder)
		}
	}
	return slices.Sorted(slices.Values(holders))
}

// Random memberships in two relations at once agree with a model from both ends,
// in the state there is and in those before, whether a resource has few holders
// or many.
func TestMembershipsAgreeWithModel(t *testing.T) {
	typ := schema.UserDefinition().MustCompile()
	rapid.Check(t, func(t *rapid.T) {
		d := newDraft(newState(&Config{Relations: []store.Relation{store.GroupMembers(), store.GroupMembers()}}))
		const count = 40
		for i := range count {
			b := typ.New()
			b.SetID(schema.ID(fmt.Sprintf("%02d", i))) // so that slots are in the order of ids
			d.add(d.edit, b.Resource())
		}
		model := membershipModel{{}, {}}
		type snapshot struct {
			*state
			model membershipModel
		}
		var snapshots []snapshot
		slot := rapid.Uint32Range(0, count-1)
		for range rapid.IntRange(0, 300).Draw(t, "steps") {
			relation, holder, member := rapid.IntRange(0, 1).Draw(t, "relation"), slot.Draw(t, "holder")%4, slot.Draw(t, "member")
			if rapid.Bool().Draw(t, "turned") { // one that is in many lists
				holder, member = member, holder
			}
			members := model[relation][holder]
			at := slices.Index(members, member)
			switch rapid.SampledFrom([]string{"join", "join", "join", "part", "part", "clear", "publish"}).Draw(t, "step") {
			case "join":
				d.join(relation, holder, member)
				if at < 0 {
					model[relation][holder] = append(slices.Clip(members), member)
				}
			case "part":
				d.part(relation, holder, member)
				if at >= 0 {
					model[relation][holder] = slices.Delete(slices.Clone(members), at, at+1)
				}
			case "clear":
				d.clear(relation, holder)
				delete(model[relation], holder)
			case "publish":
				snapshots = append(snapshots, snapshot{d.snapshot(), membershipModel{maps.Clone(model[0]), maps.Clone(model[1])}})
			}
		}
		for _, s := range append(snapshots, snapshot{&d.state, model}) {
			s.model.compare(t, s.state, count)
		}
	})
}

func (m *membershipModel) compare(t *rapid.T, s *state, count uint32) {
	for relation := range m {
		for slot := range count {
			ends := s.ties(relation, slot)
			if got, want := slices.Collect(ends.allMembers()), m[relation][slot]; !slices.Equal(got, want) || ends.members() != len(want) {
				t.Fatalf("relation %d: %d has members %v (%d), want %v", relation, slot, got, ends.members(), want)
			}
			if got, want := slices.Collect(ends.allHolders()), m.holdersOf(relation, slot); !slices.Equal(got, want) || ends.holders() != len(want) {
				t.Fatalf("relation %d: %d has holders %v (%d), want %v", relation, slot, got, ends.holders(), want)
			}
		}
	}
	for slot := range count {
		for end := s.rows.Get(slot).ties; end != nil; end = end.next {
			if end.members() == 0 && end.holders() == 0 {
				t.Fatalf("%d keeps a tie without a membership", slot)
			}
		}
	}
}

// A list whose members come and go does not grow without end, and keeps its
// order when its gaps are closed.
func TestListClosesItsGaps(t *testing.T) {
	l := (*list)(nil).own(cow.NewEdit())
	const stay, come = 10, 1000
	for slot := range uint32(stay) {
		l.add(slot)
	}
	for slot := uint32(stay); slot < stay+come; slot++ {
		l = l.own(cow.NewEdit())
		l.add(slot)
		if slot > stay {
			at, _ := l.position(slot - 1)
			l.remove(slot-1, at)
		}
	}
	if got, most := int(l.order.Len()), 2*(stay+1)+slack+1; got > most {
		t.Errorf("%d places for %d members, want at most %d", got, l.len(), most)
	}
	var want []uint32
	for slot := range uint32(stay) {
		want = append(want, slot)
	}
	want = append(want, stay+come-1)
	if got := slices.Collect(l.all()); !slices.Equal(got, want) {
		t.Errorf("members %v, want %v", got, want)
	}
}
