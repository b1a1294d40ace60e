package patch

import (
	"slices"

	"github.com/muster-scim/muster/schema"
)

// list is a multi-valued attribute that is being edited. It is written back
// once, however many edits there are.
//
// As long as references are only added and removed by key, the edits are made
// on the value itself, which shares what stays the same and remembers where
// each key is; this is what makes one member of a large group cheap. Any other
// edit works on a slice of the values.
type list struct {
	path  schema.Path
	value schema.Value // until loaded
	keyed bool         // edits can be made on value
	dirty bool
	last  int // operation that changed it

	loaded bool
	values []schema.Value // a removed one is unassigned
	index  map[string]int // where each identity is; nil until it pays
	probes int            // look-ups without an index
	twice  bool           // some identity occurs twice, so the index is not enough
}

func newList(p schema.Path, v schema.Value) *list {
	_, primary := primaryOf(p)
	return &list{path: p, value: v, keyed: p.References() && !primary}
}

// list returns the working copy of the multi-valued attribute p.
func (s *state) list(p schema.Path) *list {
	for _, l := range s.lists {
		if l.path == p {
			return l
		}
	}
	l := newList(p, s.b.Get(p))
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
		if err := s.b.Set(l.path, l.result()); err != nil {
			s.index = l.last
			return s.fail(l.path, reasonOf(err), detailOf(err), err)
		}
		s.touch(l.path, l.last)
	}
	s.lists = slices.DeleteFunc(s.lists, func(l *list) bool { return p.Contains(l.path) })
	return nil
}

// result is the edited value.
func (l *list) result() schema.Value {
	if l.loaded {
		return schema.List(l.values...)
	}
	return l.value
}

// change notes that l differs from what the resource holds.
func (l *list) change(index int) { l.dirty, l.last = true, index }

// load makes the values available one by one.
func (l *list) load() {
	if !l.loaded {
		l.values = appendAll(make([]schema.Value, 0, l.value.Len()+1), l.value)
		l.loaded = true
	}
}

// byKey reports whether edits can be made on the value itself.
func (l *list) byKey() bool { return l.keyed && !l.loaded }

// addAll adds those of values that are not there yet, and returns how many that
// were. After a load, at holds their places.
func (l *list) addAll(values schema.Value) (added int, at []int) {
	if l.byKey() && allNamed(l.path, values) {
		return l.addByKey(values), nil
	}
	l.load()
	for _, v := range values.All() {
		if l.find(v) < 0 {
			at = append(at, len(l.values))
			l.add(v)
		}
	}
	return len(at), at
}

func (l *list) addByKey(values schema.Value) int {
	var fresh []schema.Value
	seen := make(map[string]bool)
	for _, v := range values.All() {
		key := l.path.ElementKey(v)
		if l.value.IndexOfElement(l.path, key) < 0 && !seen[key] {
			seen[key] = key != ""
			fresh = append(fresh, v)
		}
	}
	l.value = l.value.Append(fresh...)
	return len(fresh)
}

// removeAll removes what agrees with one of values, and returns how many that
// were.
func (l *list) removeAll(values schema.Value) (removed int) {
	if l.byKey() && keysOnly(l.path, values) {
		return l.removeByKey(values)
	}
	l.load()
	if l.named(values) {
		return l.removeNamed(values)
	}
	for _, want := range values.All() {
		removed += l.removeAgreeing(want)
	}
	return removed
}

// named reports whether values can be found by their "value".
func (l *list) named(values schema.Value) bool {
	return l.path.Kind() == schema.KindComplex && allNamed(l.path, values)
}

// removeNamed looks at each value of l once, however many are to be removed.
func (l *list) removeNamed(values schema.Value) (removed int) {
	wanted := make(map[string][]schema.Value, values.Len())
	for _, want := range values.All() {
		key := l.path.ElementKey(want)
		wanted[key] = append(wanted[key], want)
	}
	for i, v := range l.values {
		if v.IsZero() {
			continue
		}
		if slices.ContainsFunc(wanted[l.path.ElementKey(v)], func(want schema.Value) bool { return agrees(l.path, v, want) }) {
			l.remove(i)
			removed++
		}
	}
	return removed
}

// fewKeys is the number of removals up to which cutting each one out is cheaper
// than one pass over the list.
const fewKeys = 16

func (l *list) removeByKey(values schema.Value) int {
	before := l.value.Len()
	if values.Len() > fewKeys {
		gone := make(map[string]bool, values.Len())
		for _, v := range values.All() {
			gone[l.path.ElementKey(v)] = true
		}
		l.value = l.value.Without(func(_ int, v schema.Value) bool { return gone[l.path.ElementKey(v)] })
		return before - l.value.Len()
	}
	for _, v := range values.All() {
		key := l.path.ElementKey(v)
		for at := l.value.IndexOfElement(l.path, key); at >= 0; at = l.value.IndexOfElement(l.path, key) {
			l.value = l.value.WithAt(at, schema.Value{})
		}
	}
	return before - l.value.Len()
}

// manyProbes is the number of look-ups after which an index is cheaper.
const manyProbes = 8

// find returns where the value that counts as v is, or -1.
func (l *list) find(v schema.Value) int {
	want := l.path.Identity(v)
	if !l.indexed() {
		return slices.IndexFunc(l.values, func(w schema.Value) bool { return !w.IsZero() && l.path.Identity(w) == want })
	}
	if at, ok := l.index[want]; ok {
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
			key := l.path.Identity(v)
			_, again := l.index[key]
			l.twice = l.twice || again
			l.index[key] = i
		}
	}
	return l.index != nil
}

// add appends v.
func (l *list) add(v schema.Value) {
	if l.index != nil {
		l.index[l.path.Identity(v)] = len(l.values)
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
		delete(l.index, l.path.Identity(l.values[i]))
	}
	l.values[i] = schema.Value{}
}

// removeAgreeing removes the values that agree with want.
func (l *list) removeAgreeing(want schema.Value) (removed int) {
	simple := l.path.Kind() != schema.KindComplex
	if simple && l.indexed() && !l.twice {
		at := l.find(want)
		if at < 0 {
			return 0
		}
		l.remove(at)
		return 1
	}
	for i, v := range l.values {
		if !v.IsZero() && agrees(l.path, v, want) {
			l.remove(i)
			removed++
		}
	}
	return removed
}

// count is the number of values.
func (l *list) count() (n int) {
	if !l.loaded {
		return l.value.Len()
	}
	for _, v := range l.values {
		if !v.IsZero() {
			n++
		}
	}
	return n
}
