package patch

import (
	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

func (e *AddValues) apply(s *state) error {
	l := s.list(e.Path)
	added, at := l.addAll(e.Values)
	if added == 0 {
		return nil
	}
	if e.Path.Mutability() == schema.Immutable && l.count() > added {
		return s.fixed(e.Path)
	}
	l.change(s.index)
	s.settle(l, at)
	return nil
}

func (e *RemoveValues) apply(s *state) error {
	l := s.list(e.Path)
	if err := s.spend(l, l.looks(e.Values)); err != nil {
		return err
	}
	return s.removed(l, l.removeAll(e.Values), e.MustMatch)
}

func (e *RemoveMatching) apply(s *state) error {
	l := s.list(e.Path)
	if err := s.spend(l, 1); err != nil {
		return err
	}
	removed := 0
	for i := range l.selected(e.Filter) {
		l.remove(i)
		removed++
	}
	return s.removed(l, removed, e.MustMatch)
}

// maxTests is the number of times that the values of lists may be looked at
// one by one in one request: a thousand operations with a filter on a list of
// twenty thousand. It takes a second or two.
const maxTests = 20_000_000

// spend accounts for an edit that looks at every value of l times times.
func (s *state) spend(l *list, times int) error {
	if s.tests += (l.value.Len() + 1) * times; s.tests > maxTests {
		return s.fail(l.path, TooLarge, "too many operations on a list of this length", schema.ErrLimit)
	}
	return nil
}

// looks is how often removing values looks at each value of l.
func (l *list) looks(values schema.Value) int {
	switch {
	case l.byKey() && keysOnly(l.path, values):
		return 0
	case l.path.Kind() != schema.KindComplex:
		return 1
	case l.named(values):
		return most(l.path, values)
	}
	return values.Len()
}

// most is the largest number of values that have the same "value".
func most(p schema.Path, values schema.Value) (n int) {
	count := make(map[string]int, values.Len())
	for _, v := range values.All() {
		key := p.ElementKey(v)
		count[key]++
		n = max(n, count[key])
	}
	return n
}

// valuesIn is the number of values that subs add or remove one by one.
func valuesIn(subs []Edit) (n int) {
	for _, e := range subs {
		switch e := e.(type) {
		case *AddValues:
			n += e.Values.Len()
		case *RemoveValues:
			n += e.Values.Len()
		}
	}
	return n
}

// removed completes a removal of n values from l.
func (s *state) removed(l *list, n int, must bool) error {
	switch {
	case n > 0 && l.path.Mutability() == schema.Immutable:
		return s.fixed(l.path)
	case n > 0:
		l.change(s.index)
	case must:
		return s.noTarget(l.path)
	default:
		s.rewrite(schema.RemoveNoMatch, l.path)
	}
	return nil
}

func (s *state) noTarget(p schema.Path) error {
	return s.fail(p, NoTarget, "no value is selected", nil)
}

func (e *ReplaceMatching) apply(s *state) error {
	l := s.list(e.Path)
	if err := s.spend(l, 1); err != nil {
		return err
	}
	selected, err := s.eachMatching(l, e.Filter, func(old schema.Value) (schema.Value, error) {
		return s.revise(e.Path, old, keepImmutable(e.Path, old, e.Value))
	})
	if err == nil && !selected {
		return s.create(l, e.Create, true)
	}
	return err
}

// eachMatching puts what change makes of them in place of the elements that
// the filter selects, and reports whether there are any.
func (s *state) eachMatching(l *list, f *filter.Filter, change func(old schema.Value) (schema.Value, error)) (found bool, err error) {
	var selected []int
	changed := false
	for i, old := range l.selected(f) {
		selected = append(selected, i)
		v, err := change(old)
		if err != nil {
			return found, err
		}
		if !v.Equal(old) {
			l.replace(i, v)
			changed = true
		}
	}
	if changed {
		err = s.changed(l, selected)
	}
	return selected != nil, err
}

// keepImmutable gives v the immutable sub-attributes of old that it leaves out
// or spells in another way.
func keepImmutable(p schema.Path, old, v schema.Value) schema.Value {
	for sub := range p.Subs() {
		if sub.Mutability() != schema.Immutable {
			continue
		}
		if held, given := old.Get(sub), v.Get(sub); given.IsZero() || same(sub, held, given) {
			v = v.With(sub, held)
		}
	}
	return v
}

func (e *UpdateMatching) apply(s *state) error {
	l := s.list(e.Path)
	if err := s.spend(l, 1+valuesIn(e.Subs)); err != nil {
		return err
	}
	selected, err := s.eachMatching(l, e.Filter, func(old schema.Value) (schema.Value, error) { return s.update(old, e.Subs) })
	if err == nil && !selected {
		return s.create(l, e.Create, e.MustMatch)
	}
	return err
}

// update returns v with the changes to its sub-attributes made.
func (s *state) update(v schema.Value, subs []Edit) (schema.Value, error) {
	for _, e := range subs {
		p := e.Target()
		old := v.Get(p)
		sub, err := s.revise(p, old, s.subValue(p, old, e))
		if err != nil {
			return v, err
		}
		v = v.With(p, sub)
	}
	return v, nil
}

// subValue returns what the edit of a sub-attribute makes of old.
func (s *state) subValue(p schema.Path, old schema.Value, e Edit) schema.Value {
	l := newList(p, old)
	switch e := e.(type) {
	case *Set:
		return e.Value
	case *AddValues:
		l.addAll(e.Values)
		return l.result()
	case *RemoveValues:
		l.removeAll(e.Values)
		return l.result()
	}
	return schema.Value{}
}

// create adds v because no value was selected.
func (s *state) create(l *list, v schema.Value, must bool) error {
	switch {
	case v.IsZero() && must:
		return s.noTarget(l.path)
	case v.IsZero():
		s.rewrite(schema.RemoveNoMatch, l.path)
		return nil
	}
	s.rewrite(schema.CreateForFilter, l.path)
	return (&AddValues{Path: l.path, Values: schema.List(v)}).apply(s)
}

// changed completes an edit that selected the values at the given places and
// changed some of them.
func (s *state) changed(l *list, at []int) error {
	if l.path.Mutability() == schema.Immutable {
		return s.fixed(l.path)
	}
	l.change(s.index)
	s.settle(l, at)
	l.dropRepeated(at)
	return nil
}

// settle makes the last primary value among those at the given places the only
// one (RFC 7644 §3.5.2).
func (s *state) settle(l *list, at []int) {
	primary, ok := primaryOf(l.path)
	if !ok || s.c.pass {
		return
	}
	for i := len(at) - 1; i >= 0; i-- {
		if l.values[at[i]].Get(primary).Bool() {
			if exclusive(primary, l.values, at[i]) {
				l.index = nil
			}
			return
		}
	}
}

// selected yields the values that f selects; nil selects all.
func (l *list) selected(f *filter.Filter) func(yield func(int, schema.Value) bool) {
	return func(yield func(int, schema.Value) bool) {
		l.load()
		for i, v := range l.values {
			if !v.IsZero() && (f == nil || f.MatchValue(v)) && !yield(i, v) {
				return
			}
		}
	}
}

// dropRepeated removes values at the given places that have become the same as
// another one.
func (l *list) dropRepeated(at []int) {
	met := make(map[string]bool, len(at))
	for _, i := range at {
		if !l.values[i].IsZero() {
			met[l.path.Identity(l.values[i])] = false
		}
	}
	for i, v := range l.values {
		if v.IsZero() {
			continue
		}
		key := l.path.Identity(v)
		again, ok := met[key]
		switch {
		case again:
			l.remove(i)
		case ok:
			met[key] = true
		}
	}
}
