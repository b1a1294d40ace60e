package schema

import "strconv"

// trail is the place in a resource that a decoder or a check is at.
type trail struct{ steps []step }

// step is one level of a trail: an attribute, and within a list the element.
type step struct {
	a     *attr
	index int // or -1
}

func (t *trail) enter(a *attr) { t.steps = append(t.steps, step{a, -1}) }

func (t *trail) leave() { t.steps = t.steps[:len(t.steps)-1] }

// at says which element of the current list is looked at.
func (t *trail) at(index int) { t.steps[len(t.steps)-1].index = index }

// place writes the current place: "emails[1].type".
func (t *trail) place() string {
	var text []byte
	for i, s := range t.steps {
		switch {
		case i == 0 || t.steps[i-1].a.isURN:
			text = append(text[:0], s.a.canonical...)
		default:
			text = append(append(text, '.'), s.a.def.Name...)
		}
		if s.index >= 0 {
			text = strconv.AppendInt(append(text, '['), int64(s.index), 10)
			text = append(text, ']')
		}
	}
	return string(text)
}

// placeOf is the place of a member of the current object.
func (t *trail) placeOf(name string) string {
	if len(t.steps) == 0 {
		return name
	}
	separator := "."
	if t.steps[len(t.steps)-1].a.isURN {
		separator = ":"
	}
	return t.place() + separator + name
}

// canonicalPlace is placeOf without the indexes of elements.
func (t *trail) canonicalPlace(name string) string {
	if len(t.steps) == 0 {
		return name
	}
	return canonicalPath(t.steps[len(t.steps)-1].a, name)
}
