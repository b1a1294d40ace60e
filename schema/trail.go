package schema

import "strconv"

// trail is the place in a resource that a decoder or a check is at. It is
// written to all the time and read only when something is wrong, so it holds no
// pointers.
type trail struct {
	typ   *ResourceType
	steps []step
}

// step is one level of a trail: an attribute, and within a list the element.
type step struct {
	ord   uint32
	index int32 // or -1
}

func (t *trail) enter(a *attr) { t.steps = append(t.steps, step{a.ord, -1}) }

// attr returns the attribute of step i.
func (t *trail) attr(i int) *attr { return t.typ.all[t.steps[i].ord] }

func (t *trail) leave() { t.steps = t.steps[:len(t.steps)-1] }

// at says which element of the current list is looked at.
func (t *trail) at(index int) { t.steps[len(t.steps)-1].index = int32(index) }

// place writes the current place: "emails[1].type".
func (t *trail) place() string {
	var text []byte
	for i, s := range t.steps {
		if a := t.attr(i); i == 0 || t.attr(i-1).isURN {
			text = append(text[:0], a.canonical...)
		} else {
			text = append(append(text, '.'), a.def.Name...)
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
	if t.attr(len(t.steps) - 1).isURN {
		separator = ":"
	}
	return t.place() + separator + name
}

// canonicalPlace is placeOf without the indexes of elements.
func (t *trail) canonicalPlace(name string) string {
	if len(t.steps) == 0 {
		return name
	}
	return canonicalPath(t.attr(len(t.steps)-1), name)
}
