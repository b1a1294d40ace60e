package memstore

import (
	"iter"

	"github.com/muster-scim/muster/store/memstore/internal/cow"
)

// list holds the members of one resource.
type list struct {
	edit      cow.Edit
	order     cow.Vector[uint32] // their slots in the order of addition, with gaps
	positions cow.Index          // of the members in order, by the hashes of their slots
}

// gap is where a member was removed.
const gap = none

// own returns the list if it belongs to e, or else a copy that does; a new one
// for nil.
func (l *list) own(e cow.Edit) *list {
	switch {
	case l == nil:
		return &list{edit: e}
	case l.edit == e:
		return l
	}
	own := *l
	own.edit = e
	return &own
}

func (l *list) len() int { return l.positions.Len() }

// position returns the place of a member in the order.
func (l *list) position(slot uint32) (at uint32, ok bool) {
	return l.positions.Find(cow.HashNumber(slot), func(uint32) bool { return true })
}

// all iterates over the slots of the members in the order of addition.
func (l *list) all() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for _, slot := range l.order.From(0) {
			if slot != gap && !yield(slot) {
				return
			}
		}
	}
}

// add adds a member at the end, which is none yet.
func (l *list) add(slot uint32) {
	l.positions.Add(l.edit, cow.HashNumber(slot), l.order.Len())
	l.order.Append(l.edit, slot)
}

// remove removes a member and closes the gaps if they are most of the order.
func (l *list) remove(slot, at uint32) {
	l.positions.Remove(l.edit, cow.HashNumber(slot), at)
	l.order.Set(l.edit, at, gap)
	for n := l.order.Len(); n > 0 && l.order.Get(n-1) == gap; n-- {
		l.order.Shorten(l.edit)
	}
	if int(l.order.Len()) > 2*l.len()+slack {
		l.close()
	}
}

// slack is how many gaps are never worth the work.
const slack = 64

func (l *list) close() {
	closed := list{edit: l.edit}
	for slot := range l.all() {
		closed.add(slot)
	}
	*l = closed
}
