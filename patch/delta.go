package patch

import "github.com/muster-scim/muster/schema"

// Step is one change of a keyed list.
type Step struct {
	// Key is the schema.Path.Identity of what is added or removed: for a
	// reference the prepared "value".
	Key string
	// Value is the value to add if there is none with Key yet; unassigned for a
	// removal.
	Value schema.Value
}

// Removes reports whether s takes the value with s.Key away.
func (s Step) Removes() bool { return s.Value.IsZero() }

// Delta returns the changes to p, a multi-valued attribute that references
// resources or holds simple values, as single additions and removals by key. A
// store that keeps the values as rows carries them out in order: an addition
// whose key is there already and a removal whose key is not there change
// nothing.
//
// ok is false if the edits to p cannot be expressed like that, because they
// replace the list, depend on what it holds, or must fail if a key is missing.
// Edits to other attributes are not covered; see Only.
func (c *Changes) Delta(p schema.Path) (steps []Step, ok bool) {
	if !p.MultiValued() || p.Kind() == schema.KindComplex && !p.References() || p.Mutability() == schema.Immutable {
		return nil, false
	}
	for _, s := range c.steps {
		if !p.Contains(s.edit.Target()) && !s.edit.Target().Contains(p) {
			continue
		}
		switch e := s.edit.(type) {
		case *AddValues:
			steps = appendSteps(steps, p, e.Values, true)
		case *RemoveValues:
			if e.MustMatch || !keysOnly(p, e.Values) {
				return nil, false
			}
			steps = appendSteps(steps, p, e.Values, false)
		default:
			return nil, false
		}
	}
	return steps, true
}

func appendSteps(steps []Step, p schema.Path, values schema.Value, add bool) []Step {
	for _, v := range values.All() {
		s := Step{Key: p.Identity(v)}
		if add {
			s.Value = v
		}
		steps = append(steps, s)
	}
	return steps
}

// keysOnly reports whether each value holds nothing but its key.
func keysOnly(p schema.Path, values schema.Value) bool {
	if p.Kind() != schema.KindComplex {
		return true
	}
	key, _ := p.Sub("value")
	for _, v := range values.All() {
		if v.Len() != 1 || v.Get(key).IsZero() {
			return false
		}
	}
	return true
}
