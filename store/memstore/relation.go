package memstore

import (
	"cmp"
	"iter"
	"slices"
	"strings"

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
	holder string
	next   uint64
	byID   cow.Map[*member]
	order  cow.Tree[*member] // in which they were added
}

// member is one membership. target is the index of its type in Relation.Targets.
type member struct {
	id     string
	seq    uint64
	target int
}

// holders are the resources that have one as a member.
type holders struct {
	member string
	ids    cow.Tree[string]
}

func newRelation(rel *store.Relation) *relation {
	r := &relation{Relation: rel}
	r.lists.Key = func(l *list) string { return l.holder }
	r.held.Key = func(h *holders) string { return h.member }
	return r
}

func newList(holder string) *list {
	l := &list{holder: holder}
	l.byID.Key = func(m *member) string { return m.id }
	l.order.Compare = func(a, b *member) int { return cmp.Compare(a.seq, b.seq) }
	return l
}

// members iterates over the members of a holder in the order of addition.
func (r *relation) members(holder string) iter.Seq[*member] {
	l, ok := r.lists.Get(holder)
	if !ok {
		return func(func(*member) bool) {}
	}
	return l.order.At(0)
}

// holdersOf iterates over the ids of what holds a member, in order.
func (r *relation) holdersOf(id string) iter.Seq[string] {
	h, ok := r.held.Get(id)
	if !ok {
		return func(func(string) bool) {}
	}
	return h.ids.At(0)
}

// has reports whether a holder lists a member.
func (r *relation) has(holder, id string) bool {
	l, ok := r.lists.Get(holder)
	if !ok {
		return false
	}
	_, ok = l.byID.Get(id)
	return ok
}

// add makes a member, unless it is one.
func (r *relation) add(e cow.Edit, holder string, m member) {
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
func (r *relation) remove(e cow.Edit, holder, id string) {
	if !r.has(holder, id) {
		return
	}
	l := r.listFor(holder)
	m, _ := l.byID.Get(id)
	l.byID.Delete(e, id)
	l.order.Delete(e, m)
	r.lists.Set(e, l)
	if l.byID.Len() == 0 {
		r.lists.Delete(e, holder)
	}
	r.release(e, holder, id)
}

// release forgets that holder holds a member.
func (r *relation) release(e cow.Edit, holder, id string) {
	h := r.holdersFor(id)
	h.ids.Delete(e, holder)
	r.held.Set(e, h)
	if h.ids.Len() == 0 {
		r.held.Delete(e, id)
	}
}

// clear removes all members of a holder.
func (r *relation) clear(e cow.Edit, holder string) {
	for _, m := range slices.Collect(r.members(holder)) {
		r.release(e, holder, m.id)
	}
	r.lists.Delete(e, holder)
}

// listFor returns a copy of a holder's list to change, or a new one.
func (r *relation) listFor(holder string) *list {
	if l, ok := r.lists.Get(holder); ok {
		c := *l
		return &c
	}
	return newList(holder)
}

func (r *relation) holdersFor(id string) *holders {
	if h, ok := r.held.Get(id); ok {
		c := *h
		return &c
	}
	return &holders{member: id, ids: cow.Tree[string]{Compare: strings.Compare}}
}

// above returns the ids of a holder and of everything that has it as a member,
// directly or through others: what must not become a member of it.
func (r *relation) above(holder string) map[string]bool {
	seen := map[string]bool{holder: true}
	for next := []string{holder}; len(next) > 0; {
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
	At(rank int) iter.Seq[string]
}

// across returns what is at the other end: the holders of a member, or the
// members of a holder.
func (r *relation) across(fromMember bool, id string) ids {
	if fromMember {
		if h, ok := r.held.Get(id); ok {
			return &h.ids
		}
	} else if l, ok := r.lists.Get(id); ok {
		return memberIDs{l}
	}
	return none
}

// none is the other end of what has no memberships.
var none ids = &cow.Tree[string]{}

// memberIDs are the ids of a list's members.
type memberIDs struct{ *list }

// Len returns the number of members.
func (m memberIDs) Len() int { return m.order.Len() }

// At iterates over the members in the order of addition.
func (m memberIDs) At(rank int) iter.Seq[string] {
	return func(yield func(string) bool) {
		for member := range m.order.At(rank) {
			if !yield(member.id) {
				return
			}
		}
	}
}
