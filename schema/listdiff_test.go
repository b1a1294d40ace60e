package schema

import (
	"slices"
	"testing"
)

// TestAdded: only what is not in the old list in memory counts as new, and what
// two long lists share at their ends is not looked at.
func TestAdded(t *testing.T) {
	group := GroupDefinition().MustCompile()
	x := member(group, "x")
	old := listFrom(group, ids(5*chunkSize))
	short := listFrom(group, ids(3))
	again := listFrom(group, ids(2*chunkSize))
	cut := old.Without(func(i int, _ Value) bool { return i >= 2*chunkSize+3 })
	first, last := old.Without(func(i int, _ Value) bool { return i >= 2*chunkSize }), old.Without(func(i int, _ Value) bool { return i < 3*chunkSize })
	for _, c := range []struct {
		name        string
		old, now    Value
		gone, looks int // elements of old and now that are looked at
		start       int // where those of now start
		news        []int
	}{
		{"nothing", old, old, 0, 0, 5 * chunkSize, nil},
		{"one more", old, old.Append(x), 0, 1, 5 * chunkSize, []int{5 * chunkSize}},
		{"the first", old, old.WithAt(0, x), 1, 1, 0, []int{0}},
		{"one inside", old, old.WithAt(1031, x), 1, 1, 1031, []int{1031}},
		{"the last", old, old.WithAt(5*chunkSize-1, x), 1, 1, 5*chunkSize - 1, []int{5*chunkSize - 1}},
		{"one less", old, old.WithAt(1031, Value{}), 1, 0, 1031, nil},
		{"the end", old, cut, 3*chunkSize - 3, 0, 2*chunkSize + 3, nil},
		{"the end back", cut, old, 0, 3*chunkSize - 3, 2*chunkSize + 3, upTo(2*chunkSize+3, 5*chunkSize)},
		{"whole chunks at the end", old, first, 3 * chunkSize, 0, 2 * chunkSize, nil},
		{"and back", first, old, 0, 3 * chunkSize, 2 * chunkSize, upTo(2*chunkSize, 5*chunkSize)},
		{"whole chunks at the start", old, last, 3 * chunkSize, 0, 0, nil},
		{"and back", last, old, 0, 3 * chunkSize, 0, upTo(0, 3*chunkSize)},
		{"two far apart", old, old.WithAt(700, x).WithAt(2000, x), 1301, 1301, 700, []int{700, 2000}},
		{"one less and one more", old, old.WithAt(5, Value{}).Append(x), 2555, 2555, 5, []int{5*chunkSize - 1}},
		{"equal but others", old, again, 5 * chunkSize, 2 * chunkSize, 0, upTo(0, 2*chunkSize)},
		{"none before", Value{}, again, 0, 2 * chunkSize, 0, upTo(0, 2*chunkSize)},
		{"a short one, of which all count", short, short, 0, 0, 3, upTo(0, 3)},
		{"short before", short, short.Append(again.slice()...), 0, 2 * chunkSize, 3, upTo(3, 3+2*chunkSize)},
	} {
		var news []int
		for i, e := range c.now.added(c.old) {
			if news = append(news, i); !e.same(c.now.At(i)) {
				t.Errorf("%s: another value than at %d", c.name, i)
			}
		}
		if !slices.Equal(news, c.news) {
			t.Errorf("%s: %d are new, want %d", c.name, len(news), len(c.news))
		}
		a, b, start := unshared(c.old, c.now)
		if gone, looks := len(slices.Concat(a...)), len(slices.Concat(b...)); gone != c.gone || looks != c.looks || start != c.start {
			t.Errorf("%s: looks at %d and %d from %d, want %d and %d from %d", c.name, gone, looks, start, c.gone, c.looks, c.start)
		}
	}
	for range old.Append(x, x).added(old) {
		break // the loop ends at the first
	}
}

func upTo(from, to int) (all []int) {
	for i := from; i < to; i++ {
		all = append(all, i)
	}
	return all
}

// TestListsDiffer: long lists of one length are equal only if each element is,
// wherever their chunks start.
func TestListsDiffer(t *testing.T) {
	group := GroupDefinition().MustCompile()
	x := member(group, "x")
	old := listFrom(group, ids(2*chunkSize))
	sames := make([]Value, 300)
	for i := range sames {
		sames[i] = member(group, "0")
	}
	shifted := List(sames...).Append(old.slice()...)
	for name, c := range map[string][2]Value{
		"the first":            {old, old.WithAt(0, x)},
		"one inside":           {old, old.WithAt(chunkSize+7, x)},
		"the last":             {old, old.WithAt(2*chunkSize-1, x)},
		"the last, all copied": {old, listFrom(group, ids(2*chunkSize)).WithAt(2*chunkSize-1, x)},
		"chunks one further":   {shifted, shifted.WithAt(0, Value{}).Append(x)},
		"short":                {List(x, x), List(x, member(group, "0"))},
	} {
		if a, b := c[0], c[1]; a.Len() != b.Len() || a.Equal(b) || b.Equal(a) {
			t.Errorf("%s: equal", name)
		}
	}
}
