package scim

import "github.com/go-json-experiment/json/jsontext"

// at returns the value at a place, or nil.
func (o *object) at(p place) jsontext.Value {
	c := o.container(p.urn, false)
	if c != nil && p.sub != "" {
		c = c.open(p.attr)
		p.attr = p.sub
	}
	if c == nil {
		return nil
	}
	if m := c.find(p.attr); m != nil {
		return m.text()
	}
	return nil
}

// takeAt removes the value of an attribute and returns it, or nil. A schema
// without data goes with its last attribute.
func (o *object) takeAt(p place) jsontext.Value {
	c := o.container(p.urn, false)
	if c == nil {
		return nil
	}
	value := c.take(p.attr)
	if c != o && value != nil && len(c.members) == 0 {
		o.take(p.urn)
	}
	return value
}

// putAt adds a value at a place. Where the way there is blocked by something that
// is no object nothing is added.
func (o *object) putAt(p place, value jsontext.Value) {
	c := o.container(p.urn, true)
	if c != nil && p.sub != "" {
		c.ensure(p.attr)
		c = c.open(p.attr)
		p.attr = p.sub
	}
	if c != nil {
		c.put(p.attr, value)
	}
}

// renameSub renames a sub-attribute in each value of an attribute.
func (o *object) renameSub(attr place, from, to string) {
	c := o.container(attr.urn, false)
	if c == nil {
		return
	}
	if m := c.find(attr.attr); m != nil {
		m.value, m.inner = renameMember(m.text(), from, to), nil
	}
}

// renameMember renames a member of an object, or of the objects in an array.
func renameMember(value jsontext.Value, from, to string) jsontext.Value {
	switch value.Kind() {
	case '{':
		o, ok := parseObject(value)
		if !ok {
			return value
		}
		if m := o.find(from); m != nil {
			m.name = to
			return o.append(nil)
		}
	case '[':
		items := arrayItems(value)
		for i, item := range items {
			if item.Kind() == '{' {
				items[i] = renameMember(item, from, to)
			}
		}
		return appendArray(nil, items)
	}
	return value
}

// relocate moves the values of all moves at once, so that names can trade places.
func (o *object) relocate(moves []move, direction func(move) (from, to place)) {
	taken := make([]jsontext.Value, len(moves))
	for i, mv := range moves {
		from, _ := direction(mv)
		taken[i] = o.takeAt(from)
	}
	for i, mv := range moves {
		if _, to := direction(mv); taken[i] != nil {
			o.putAt(to, taken[i])
		}
	}
}
