package patch

import "github.com/muster-scim/muster/schema"

// coalesce joins neighbouring additions to, and removals from, the same list,
// so that a thousand operations on one group cost one pass over it.
func coalesce(steps []step) []step {
	out := steps[:0]
	for i := 0; i < len(steps); {
		end := i + 1
		for end < len(steps) && joinable(steps[i].edit, steps[end].edit) {
			end++
		}
		s := steps[i]
		if end > i+1 {
			s.edit = join(steps[i:end])
		}
		out = append(out, s)
		i = end
	}
	return out
}

// joinable reports whether a and b do the same as one edit with the values of
// both. Where a value may be primary they do not: the last one must win.
func joinable(a, b Edit) bool {
	switch a := a.(type) {
	case *AddValues:
		_, same := b.(*AddValues)
		_, primary := primaryOf(a.Path)
		return same && b.Target() == a.Path && !primary && a.Path.Mutability() != schema.Immutable
	case *RemoveValues:
		b, same := b.(*RemoveValues)
		return same && b.Path == a.Path && !a.MustMatch && !b.MustMatch
	}
	return false
}

func join(run []step) Edit {
	var list []schema.Value
	for _, s := range run {
		switch e := s.edit.(type) {
		case *AddValues:
			list = appendAll(list, e.Values)
		case *RemoveValues:
			list = appendAll(list, e.Values)
		}
	}
	if first, ok := run[0].edit.(*AddValues); ok {
		return &AddValues{Path: first.Path, Values: schema.List(list...)}
	}
	return &RemoveValues{Path: run[0].edit.Target(), Values: schema.List(list...)}
}

// appendAll appends the elements of list to values.
func appendAll(values []schema.Value, list schema.Value) []schema.Value {
	for _, v := range list.All() {
		values = append(values, v)
	}
	return values
}
