package patch

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/muster-scim/muster/schema"
)

// unwrap undoes what some clients do to a value: {"members": […]} for the path
// members.
func (c *compiler) unwrap(p schema.Path, raw jsontext.Value) jsontext.Value {
	if raw.Kind() != '{' || c.o.Off.Has(schema.WrappedValue) || p.IsExtension() {
		return raw
	}
	if _, own := p.Sub(p.Name()); own {
		return raw
	}
	n := 0
	var inside jsontext.Value
	for name, value := range members(raw) {
		if n++; n > 1 || !strings.EqualFold(name, p.Name()) {
			return raw
		}
		inside = value
	}
	if n == 0 {
		return raw
	}
	c.rewrite(schema.WrappedValue, p)
	return inside
}

// unassign is a value that is null or [], or an empty string: replace takes the
// attribute away, add has nothing to add (RFC 7643 §2.5).
func (c *compiler) unassign(p schema.Path) error {
	if c.op == Add {
		return nil
	}
	return c.clear(p)
}

// clear unassigns p as a whole, except what is readOnly.
func (c *compiler) clear(p schema.Path) error {
	if p.Required() {
		return c.fail(p.String(), Mutability, "is required and cannot be removed", schema.ErrMutability)
	}
	if !p.IsExtension() {
		c.emit(&Clear{Path: p})
		return nil
	}
	derived := false
	for sub := range p.Subs() {
		if sub.Required() {
			return c.fail(sub.String(), Mutability, "is required and cannot be removed", schema.ErrMutability)
		}
		derived = derived || readOnly(sub)
	}
	if !derived {
		c.emit(&Clear{Path: p})
		return nil
	}
	for sub := range p.Subs() {
		if !readOnly(sub) {
			c.emit(&Clear{Path: sub})
		}
	}
	return nil
}

// scalar compiles add and replace for a single simple value.
func (c *compiler) scalar(p schema.Path, raw jsontext.Value) error {
	if isEmpty(raw) {
		return c.unassign(p)
	}
	v, err := c.value(p, raw)
	if err != nil {
		return err
	}
	if v.IsZero() {
		return c.empty(p)
	}
	c.emit(&Set{Path: p, Value: v})
	return nil
}

// empty is a value that came out as none, because it was "".
func (c *compiler) empty(p schema.Path) error {
	if p.Required() {
		return c.fail(p.String(), InvalidValue, "is required and cannot be empty", schema.ErrRequired)
	}
	c.emit(&Clear{Path: p})
	return nil
}

// list compiles add and replace for a whole multi-valued attribute.
func (c *compiler) list(p schema.Path, raw jsontext.Value) error {
	v, err := c.value(p, raw)
	if err != nil {
		return err
	}
	if v, err = c.distinct(p, v); err != nil {
		return err
	}
	switch {
	case v.IsZero() && c.op == Replace:
		return c.clear(p)
	case v.IsZero():
		return nil
	case c.op == Replace:
		c.emit(&Set{Path: p, Value: v})
	default:
		c.emit(&AddValues{Path: p, Values: v})
	}
	return nil
}

// distinct sees to it that one value at most is primary, and leaves out
// repeated values.
func (c *compiler) distinct(p schema.Path, list schema.Value) (schema.Value, error) {
	if list.Len() < 2 {
		return list, nil
	}
	values := appendAll(make([]schema.Value, 0, list.Len()), list)
	several, err := c.onePrimary(p, values)
	if err != nil {
		return list, err
	}
	seen := make(map[string]bool, len(values))
	kept := slices.DeleteFunc(values, func(v schema.Value) bool {
		key := p.Identity(v)
		repeated := seen[key]
		seen[key] = true
		return repeated
	})
	switch {
	case len(kept) < list.Len():
		c.rewrite(schema.DuplicateValue, p)
	case !several:
		return list, nil
	}
	return schema.List(kept...), nil
}

// onePrimary makes the last primary value the only one, and reports whether
// there were more.
func (c *compiler) onePrimary(p schema.Path, values []schema.Value) (several bool, err error) {
	primary, ok := primaryOf(p)
	if !ok || c.o.Primary == schema.PassPrimary {
		return false, nil
	}
	several = exclusive(primary, values, lastPrimary(primary, values))
	if !several {
		return false, nil
	}
	if c.o.Primary == schema.RejectPrimary {
		return false, c.fail(p.String(), InvalidValue, "has more than one primary value", schema.ErrValue)
	}
	return true, c.tolerate(schema.SecondPrimary, p, InvalidValue, "has more than one primary value")
}

// complex compiles add and replace for a single complex value or an extension.
// Both change only the sub-attributes that they name, with one exception: a
// reference to a resource is replaced as a whole when it refers to another one.
func (c *compiler) complex(p schema.Path, raw jsontext.Value) error {
	raw, err := c.objectOf(p, raw)
	if err != nil {
		return err
	}
	switch {
	case isEmpty(raw):
		return c.unassign(p)
	case raw.Kind() == '"': // only "" is left as a string
		return c.empty(p)
	case c.refers(p, raw):
		return c.reference(p, raw)
	}
	return c.object(p, raw)
}

// refers reports whether raw is a whole reference.
func (c *compiler) refers(p schema.Path, raw jsontext.Value) bool {
	if c.o.Off.Has(schema.ReplaceReferenceWhole) || !p.References() {
		return false
	}
	for name := range members(raw) {
		if strings.EqualFold(name, "value") {
			return true
		}
	}
	return false
}

// reference sets or clears a complex value that references a resource.
func (c *compiler) reference(p schema.Path, raw jsontext.Value) error {
	v, err := c.value(p, raw)
	if err != nil {
		return err
	}
	c.rewrite(schema.ReplaceReferenceWhole, p)
	if key, _ := p.Sub("value"); v.Get(key).IsZero() {
		return c.empty(p)
	}
	c.emit(&Set{Path: p, Value: v})
	return nil
}

// objectOf finds the object that raw means for the single complex value p: the
// only element of an array, JSON inside a string, or a plain value for "value".
// What it returns is an object, null, [] or "".
func (c *compiler) objectOf(p schema.Path, raw jsontext.Value) (jsontext.Value, error) {
	if raw.Kind() == '[' && !isEmpty(raw) {
		element, ok := only(raw)
		if !ok {
			return nil, c.fail(p.String(), InvalidValue, "takes one value, not a list", schema.ErrValue)
		}
		if err := c.tolerate(schema.SingleInArray, p, InvalidValue, "takes one value, not a list"); err != nil {
			return nil, err
		}
		raw = element
	}
	if raw.Kind() == '{' || isEmpty(raw) {
		return raw, nil
	}
	return c.bare(p, raw)
}

// bare reads a plain value for the complex p.
func (c *compiler) bare(p schema.Path, raw jsontext.Value) (jsontext.Value, error) {
	text := strings.TrimSpace(stringOf(raw))
	switch {
	case raw.Kind() == '"' && text == "" && !c.o.off().Has(schema.EmptyText):
		c.rewrite(schema.EmptyText, p)
		return jsontext.Value(`""`), nil
	case strings.HasPrefix(text, "{") && jsontext.Value(text).IsValid():
		return jsontext.Value(text), c.tolerate(schema.JSONInString, p, InvalidValue, "takes an object, not a string")
	}
	if _, ok := p.Sub("value"); !ok || p.IsExtension() {
		return nil, c.fail(p.String(), InvalidValue, "takes an object with sub-attributes", schema.ErrValue)
	}
	object := append(append([]byte(`{"value":`), raw...), '}')
	return object, c.tolerate(schema.BareComplex, p, InvalidValue, "takes an object with sub-attributes")
}
