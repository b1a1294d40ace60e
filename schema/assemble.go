package schema

import "slices"

// node is a value in the buffers of a decoder: a Value whose pointers are not
// known yet.
type node struct {
	at   uint32 // start in decoder.text, or of the children in decoder.done
	size uint32 // as in Value
	attr uint16
	kind Kind
	word bool // at is the number of a text in ResourceType.words
}

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
			d.push(node{kind: a.kind, attr: a.index, word: true, at: a.firstWord + uint32(i), size: uint32(len(word))})
			return true
		}
	}
	return false
}

// pushText pushes a scalar.
func (d *decoder) pushText(a *attr, text []byte) {
	d.push(node{kind: a.kind, attr: a.index, at: uint32(len(d.text)), size: uint32(len(text))})
	d.text = append(d.text, text...)
}

func (d *decoder) pushRaw(members []byte) {
	if len(members) > 0 {
		d.push(node{kind: KindRaw, attr: rawAttr, at: uint32(len(d.text)), size: uint32(len(members))})
		d.text = append(d.text, members...)
	}
}

// pushParent makes the values from base on the children of a new value of a. A
// value without children is unassigned and not pushed.
func (d *decoder) pushParent(kind Kind, a *attr, base int) {
	children := d.stack[base:]
	if len(children) == 0 {
		return
	}
	if kind == KindComplex {
		slices.SortFunc(children, func(x, y node) int { return int(x.attr) - int(y.attr) })
	}
	n := node{kind: kind, attr: a.index, at: uint32(len(d.done)), size: uint32(len(children))}
	d.done = append(d.done, children...)
	d.stack = append(d.stack[:base], n)
}

// assemble turns the one value on the stack into a Value of two allocations: a
// text that holds every scalar, and an array that holds every child.
func (d *decoder) assemble() Value {
	if len(d.stack) == 0 {
		return Value{}
	}
	s := assembly{words: d.typ.words, text: string(d.text), values: make([]Value, len(d.done))}
	for i := range d.done {
		s.values[i] = s.value(d.done[i])
	}
	return s.value(d.stack[0])
}

type assembly struct {
	words  []string
	text   string
	values []Value
}

func (s *assembly) value(n node) Value {
	v := Value{kind: n.kind, size: n.size}
	switch {
	case n.kind == KindComplex:
		v = parent(KindComplex, s.values[n.at:n.at+n.size])
	case n.kind == KindList:
		v = listOf(s.values[n.at : n.at+n.size : n.at+n.size])
	case n.word:
		v = scalar(n.kind, s.words[n.at])
	case n.kind != KindBoolean:
		v = scalar(n.kind, s.text[n.at:n.at+n.size])
	}
	v.attr = n.attr
	return v
}
