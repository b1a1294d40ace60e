package patch

import (
	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// maxUpdates is the number of values up to which each change within a list is
// looked for. Above it the list as a whole is rarely longer.
const maxUpdates = 8

// updates turns the list old into v by changing sub-attributes of a few values
// where they are. ok is false if v differs in more than that, or if a value
// cannot be told from the others by an equality.
func (d *differ) updates(p schema.Path, old, v schema.Value) (edits []Edit, ok bool) {
	if p.Kind() != schema.KindComplex || old.Len() != v.Len() {
		return nil, false
	}
	for i, was := range old.All() {
		now := v.At(i)
		if was.Equal(now) {
			continue
		}
		f := selector(p, old, i, now)
		subs, reachable := d.subEdits(p, was, now)
		if f == nil || !reachable || len(edits) == maxUpdates {
			return nil, false
		}
		edits = append(edits, &UpdateMatching{Path: p, Filter: f, Subs: subs, MustMatch: true})
	}
	return edits, true
}

// subEdits lists the changes within one value.
func (d *differ) subEdits(p schema.Path, was, now schema.Value) (subs []Edit, reachable bool) {
	for sub := range p.Subs() {
		before, after := was.Get(sub), now.Get(sub)
		switch {
		case before.Equal(after):
		case !d.all && sub.Mutability() == schema.ReadOnly:
			return nil, false
		default:
			subs = append(subs, assign(sub, after))
		}
	}
	return subs, len(subs) > 0
}

// selector returns a filter that selects element i of list and nothing else, by
// a sub-attribute that stays as it is in now; nil if there is none.
func selector(p schema.Path, list schema.Value, i int, now schema.Value) *filter.Filter {
	for _, name := range []string{"value", "type", "display"} {
		sub, ok := p.Sub(name)
		held := list.At(i).Get(sub)
		if !ok || sub.Kind() != schema.KindString || sub.MultiValued() || held.IsZero() || !held.Equal(now.Get(sub)) || !unique(sub, list, held) {
			continue
		}
		text := p.String() + "[" + sub.Name() + " eq " + string(jsonOf(sub, held)) + "]"
		if parsed, err := filter.ParsePath(p.Owner(), text, nil); err == nil {
			return parsed.Filter
		}
	}
	return nil
}

// unique reports whether one element of list only has held at sub.
func unique(sub schema.Path, list, held schema.Value) bool {
	n := 0
	for _, e := range list.All() {
		if same(sub, e.Get(sub), held) {
			n++
		}
	}
	return n == 1
}
