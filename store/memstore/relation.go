package memstore

import (
	"cmp"
	"iter"
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore/internal/cow"
)

// relation holds the memberships of one store.Relation, from both ends.
type relation struct {
	*store.Relation
	edit  cow.Edit
	lists cow.Map[*list]    // by holder
	held  cow.Map[*holders] // by member
}

// list holds the members of one holder.
type list struct {
	holder schema.ID
	next   uint64
	byID   cow.Map[*member]
	order  cow.Tree[*member] // in which they were added
}

// member is one membership. target is the index of its type in Relation.Targets.
type member struct {
	id     schema.ID
	seq    uint64
	target int
}

// holders are the resources that have one as a member.
type holders struct {
	member schema.ID
	ids    cow.Tree[schema.ID]
}

func newRelation(rel *store.Relation) *relation {
	r := &relation{Relation: rel}
	r.lists.Key = func(l *list) string { return string(l.holder) }
	r.held.Key = func(h *holders) string { return string(h.member) }
	return r
}

func newList(holder schema.ID) *list {
	l := &list{holder: holder}
	l.byID.Key = func(m *member) string { return string(m.id) }
	l.order.Compare = func(a, b *member) int { return cmp.Compare(a.seq, b.seq) }
	return l
}

// members iterates over the members of a holder in the order of addition.
func (r *relation) members(holder schema.ID) iter.Seq[*member] {
	l, ok := r.lists.Get(string(holder))
	if !ok {
		return func(func(*member) bool) {}
	}
	return l.order.At(0)
}

// holdersOf iterates over the ids of what holds a member, in order.
func (r *relation) holdersOf(id schema.ID) iter.Seq[schema.ID] {
	h, ok := r.held.Get(string(id))
	if !ok {
		return func(func(schema.ID) bool) {}
	}
	return h.ids.At(0)
}

// has reports whether a holder lists a member.
func (r *relation) has(holder, id schema.ID) bool {
	l, ok := r.lists.Get(string(holder))
	if !ok {
		return false
	}
	_, ok = l.byID.Get(string(id))
	return ok
}

// add makes a member, unless it is one.
func (r *relation) add(e cow.Edit, holder schema.ID, m member) {
	if r.has(holder, m.id) {
		return
	}
	l := r.listFor(holder)
	l.next++
	m.seq = l.next
	l.byID.Set(e, &m)
	l.order.Set(e, &m)
	r.lists.Set(e, l)
	h := r.holdersFor(m.id)
	h.ids.Set(e, holder)
	r.held.Set(e, h)
}

// remove ends a membership, if there is one.
func (r *relation) remove(e cow.Edit, holder, id schema.ID) {
	if !r.has(holder, id) {
		return
	}
	l := r.listFor(holder)
	m, _ := l.byID.Get(string(id))
	l.byID.Delete(e, string(id))
	l.order.Delete(e, m)
	r.lists.Set(e, l)
	if l.byID.Len() == 0 {
		r.lists.Delete(e, string(holder))
	}
	r.release(e, holder, id)
}

// release forgets that holder holds a member.
func (r *relation) release(e cow.Edit, holder, id schema.ID) {
	h := r.holdersFor(id)
	h.ids.Delete(e, holder)
	r.held.Set(e, h)
	if h.ids.Len() == 0 {
		r.held.Delete(e, string(id))
	}
}

// clear removes all members of a holder.
func (r *relation) clear(e cow.Edit, holder schema.ID) {
	for _, m := range slices.Collect(r.members(holder)) {
		r.release(e, holder, m.id)
	}
	r.lists.Delete(e, string(holder))
}

// listFor returns a copy of a holder's list to change, or a new one.
func (r *relation) listFor(holder schema.ID) *list {
	if l, ok := r.lists.Get(string(holder)); ok {
		c := *l
		return &c
	}
	return newList(holder)
}

func (r *relation) holdersFor(id schema.ID) *holders {
	if h, ok := r.held.Get(string(id)); ok {
		c := *h
		return &c
	}
	return &holders{member: id, ids: cow.Tree[schema.ID]{Compare: schema.ID.Compare}}
}

// above returns the ids of a holder and of everything that has it as a member,
// directly or through others: what must not become a member of it.
func (r *relation) above(holder schema.ID) map[schema.ID]bool {
	seen := map[schema.ID]bool{holder: true}
	for next := []schema.ID{holder}; len(next) > 0; {
		id := next[len(next)-1]
		next = next[:len(next)-1]
		for up := range r.holdersOf(id) {
			if !seen[up] {
				seen[up] = true
				next = append(next, up)
			}
		}
	}
	return seen
}

// ids is the part of a tree or map of ids that a plan needs.
type ids interface {
	Len() int
	At(rank int) iter.Seq[schema.ID]
}

// across returns what is at the other end: the holders of a member, or the
// members of a holder.
func (r *relation) across(fromMember bool, id schema.ID) ids {
	if fromMember {
		if h, ok := r.held.Get(string(id)); ok {
			return &h.ids
		}
	} else if l, ok := r.lists.Get(string(id)); ok {
		return memberIDs{l}
	}
	return none
}

// none is the other end of what has no memberships.
var none ids = &cow.Tree[schema.ID]{}

// memberIDs are the ids of a list's members.
type memberIDs struct{ *list }

// Len returns the number of members.
func (m memberIDs) Len() int { return m.order.Len() }

// At iterates over the members in the order of addition.
func (m memberIDs) At(rank int) iter.Seq[schema.ID] {
	return func(yield func(schema.ID) bool) {
		for member := range m.order.At(rank) {
			if !yield(member.id) {
				return
			}
		}
	}
}
