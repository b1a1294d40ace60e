package patch

import (
	"slices"

	"github.com/muster-scim/muster/schema"
)

// list is a multi-valued attribute that is being edited. It is written back
// once, however many edits there are.
type list struct {
	path   schema.Path
	values []schema.Value // a removed one is unassigned until compact
	shared bool           // values still belong to the resource
	index  map[string]int // where each Identity is; nil until it pays
	probes int            // look-ups without an index
	twice  bool           // some Identity occurs twice, so the index is not enough
	dirty  bool
	last   int // operation that changed it
}

// list returns the working copy of the multi-valued attribute p.
func (s *state) list(p schema.Path) *list {
	for _, l := range s.lists {
		if l.path == p {
			return l
		}
	}
	l := &list{path: p, values: appendAll(nil, s.b.Get(p))}
	s.lists = append(s.lists, l)
	return l
}

// flush writes the working copies back that are p or below it; the zero Path
// means all of them.
func (s *state) flush(p schema.Path) error {
	for _, l := range s.lists {
		if !l.dirty || !p.Contains(l.path) {
			continue
		}
		if err := s.b.Set(l.path, schema.List(l.values...)); err != nil {
			s.index = l.last
			return s.fail(l.path, reasonOf(err), detailOf(err), err)
		}
		s.touched = append(s.touched, touch{l.path, l.last})
	}
	s.lists = slices.DeleteFunc(s.lists, func(l *list) bool { return p.Contains(l.path) })
	return nil
}

// change notes that l differs from what the resource holds.
func (l *list) change(index int) { l.dirty, l.last = true, index }

// manyProbes is the number of look-ups after which an index is cheaper. Adding
// one value to a large list must not pay for it.
const manyProbes = 8

// find returns where the value that counts as v is, or -1.
func (l *list) find(v schema.Value) int {
	if !l.indexed() {
		return slices.IndexFunc(l.values, l.sameAs(v))
	}
	if at, ok := l.index[Identity(l.path, v)]; ok {
		return at
	}
	return -1
}

// indexed reports whether there is an index, and builds it when it has been
// asked for often enough.
func (l *list) indexed() bool {
	if l.probes++; l.index == nil && l.probes > manyProbes {
		l.index = make(map[string]int, len(l.values))
		for i, v := range l.values {
			if v.IsZero() {
				continue
			}
			key := Identity(l.path, v)
			_, again := l.index[key]
			l.twice = l.twice || again
			l.index[key] = i
		}
	}
	return l.index != nil
}

// sameAs returns a test for the values that count as v.
func (l *list) sameAs(v schema.Value) func(schema.Value) bool {
	want := Identity(l.path, v)
	if !IsReference(l.path) {
		return func(w schema.Value) bool { return !w.IsZero() && Identity(l.path, w) == want }
	}
	key, _ := l.path.Sub("value")
	return func(w schema.Value) bool { return !w.IsZero() && key.FoldValue(w.Get(key)) == want }
}

// add appends v.
func (l *list) add(v schema.Value) {
	if l.index != nil {
		l.index[Identity(l.path, v)] = len(l.values)
	}
	l.values = append(l.values, v)
}

// replace puts v in the place of the value at i; unassigned removes it.
func (l *list) replace(i int, v schema.Value) {
	l.values[i] = v
	l.index = nil
}

// remove takes the value at i away.
func (l *list) remove(i int) {
	if l.index != nil {
		delete(l.index, Identity(l.path, l.values[i]))
	}
	l.values[i] = schema.Value{}
}
