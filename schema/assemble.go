package schema

import (
	"slices"
	"unsafe"
)

// node is a value in the buffers of a decoder: a Value whose pointers are not
// known yet. Nodes hold no pointers, so that moving them around is cheap.
type node struct {
	at   uint32 // where from tells
	size uint32 // as in Value
	attr uint16
	kind Kind
	from origin
}

// origin says where the text of a scalar or the children of a parent are.
type origin uint8

const (
	inDone  origin = iota // from index at of decoder.done
	inText                // from offset at of decoder.texts
	inWords               // number at of ResourceType.words
)

// rawAttr is the position of preserved unknown members: after all others.
const rawAttr = 1<<16 - 1

func (d *decoder) push(n node) { d.stack = append(d.stack, n) }

func (d *decoder) pushBool(a *attr, b bool) {
	n := node{kind: KindBoolean, attr: a.index}
	if b {
		n.size = 1
	}
	d.push(n)
}

// pushWord pushes one of the texts that values of a share, and reports whether
// text is one.
func (d *decoder) pushWord(a *attr, text []byte) bool {
	for i, word := range a.words {
		if word == string(text) {
			d.push(node{kind: a.kind, attr: a.index, from: inWords, at: a.firstWord + uint32(i), size: uint32(len(word))})
			return true
		}
	}
	return false
}

// pushText pushes a scalar with the given text.
func (d *decoder) pushText(index uint16, kind Kind, text []byte) {
	d.push(node{kind: kind, attr: index, from: inText, at: uint32(len(d.texts)), size: uint32(len(text))})
	d.texts = append(d.texts, text...)
}

// pushParent makes the values from base on the children of a new value of a. A
// value without children is unassigned and not pushed.
func (d *decoder) pushParent(kind Kind, a *attr, base int) {
	children := d.stack[base:]
	if len(children) == 0 {
		return
	}
	if kind == KindComplex {
		sortRecord(children)
	}
	n := node{kind: kind, attr: a.index, at: uint32(len(d.done)), size: uint32(len(children))}
	d.done = append(d.done, children...)
	d.stack = append(d.stack[:base], n)
}

// sortRecord brings members into schema order. Mostly they are few and nearly
// sorted.
func sortRecord(record []node) {
	const few = 32
	if len(record) > few {
		slices.SortFunc(record, func(x, y node) int { return int(x.attr) - int(y.attr) })
		return
	}
	for i := 1; i < len(record); i++ {
		for j := i; j > 0 && record[j].attr < record[j-1].attr; j-- {
			record[j], record[j-1] = record[j-1], record[j]
		}
	}
}

// assemble turns the one value on the stack into a Value of two allocations: a
// text that holds every scalar, and an array that holds every child.
func (d *decoder) assemble() Value {
	if len(d.stack) == 0 {
		return Value{}
	}
	s := assembly{text: string(d.texts), words: d.typ.words, values: make([]Value, len(d.done))}
	for i := range d.done {
		s.fill(&s.values[i], &d.done[i])
	}
	var root Value
	s.fill(&root, &d.stack[0])
	return root
}

type assembly struct {
	text   string
	words  []string
	values []Value
}

// fill makes v the value that n describes. Children are filled before their
// parents.
func (s *assembly) fill(v *Value, n *node) {
	v.size, v.attr, v.kind = n.size, n.attr, n.kind
	switch {
	case n.kind == KindBoolean || n.size == 0:
	case n.from == inText:
		v.data = unsafe.Pointer(unsafe.StringData(s.text[n.at:]))
	case n.from == inWords:
		v.data = unsafe.Pointer(unsafe.StringData(s.words[n.at]))
	case n.kind == KindList:
		*v = listOf(s.values[n.at : n.at+n.size : n.at+n.size])
		v.attr = n.attr
	default:
		v.data = unsafe.Pointer(&s.values[n.at])
	}
}
