package patch

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/muster-scim/muster/schema"
)

// resource compiles an operation without path, whose value is a set of
// attributes.
func (c *compiler) resource(raw jsontext.Value) error {
	if raw.Kind() != '{' {
		return c.fail("", InvalidValue, "without a path the value must be an object with attributes", schema.ErrValue)
	}
	for key, value := range members(raw) {
		if strings.EqualFold(key, c.typ.Schema().ID) && value.Kind() == '{' {
			if err := c.base(value); err != nil {
				return err
			}
		}
	}
	return c.object(schema.Path{}, raw)
}

// base compiles the attributes that a client put under the URN of the base
// schema, as if they belonged to an extension.
func (c *compiler) base(raw jsontext.Value) error {
	p := schema.Path{}
	if err := c.tolerate(schema.QualifiedKey, p, InvalidValue, "the base schema's attributes stand outside of its URN"); err != nil {
		return err
	}
	return c.object(p, raw)
}

// object compiles each member of the object raw for its own target: the
// attributes of the resource if p is zero, otherwise the sub-attributes of p.
func (c *compiler) object(p schema.Path, raw jsontext.Value) error {
	c.inner = true
	var seen []schema.Path
	for key, value := range members(raw) {
		t, known, err := c.key(p, key)
		if err != nil {
			return err
		}
		if !known {
			if p.IsZero() && strings.EqualFold(key, c.typ.Schema().ID) && value.Kind() == '{' {
				continue // see base
			}
			if err := c.unknown(p, key, value); err != nil {
				return err
			}
			continue
		}
		if !t.selects() {
			if slices.Contains(seen, t.attr) {
				return c.fail(t.attr.String(), InvalidSyntax, "appears twice in one value", schema.ErrSyntax)
			}
			seen = append(seen, t.attr)
		}
		if err := c.at(t, value); err != nil {
			return err
		}
	}
	return nil
}

// key binds the name of a member.
func (c *compiler) key(p schema.Path, key string) (t target, known bool, err error) {
	if !p.IsZero() {
		sub, ok := p.Sub(key)
		return target{attr: sub}, ok, nil
	}
	text, _, filtered := strings.Cut(c.alias(key), "[")
	found, rewrites, ok := c.typ.Find(text, c.o.Off)
	switch {
	case !ok:
		return target{}, false, nil
	case filtered:
		t, err = c.filterKey(key)
	default:
		c.report.Rewrites = append(c.report.Rewrites, rewrites...)
		t = targetOf(found)
	}
	if err == nil {
		err = c.tolerateKey(t, text)
	}
	return t, true, err
}

// filterKey binds a name with a value filter. Each counts as an operation.
func (c *compiler) filterKey(key string) (target, error) {
	if c.filters++; c.filters > c.o.maxOperations() {
		return target{}, c.fail("", TooLarge, "the value has too many keys with a filter", schema.ErrLimit)
	}
	return c.target(key)
}

// tolerateKey accepts a name that is a path: "name.givenName", or one with a
// URN in front or a filter. The URN of an extension is a name.
func (c *compiler) tolerateKey(t target, text string) error {
	switch {
	case !t.selects() && (t.attr.IsExtension() || !strings.ContainsAny(text, ".:")):
		return nil
	case strings.Contains(text, ":"):
		return c.tolerate(schema.QualifiedKey, t.deepest(), InvalidValue, "a key must be an attribute name; use a path")
	}
	return c.tolerate(schema.DottedKey, t.deepest(), InvalidValue, "a key must be an attribute name; use a path")
}

// unknown applies the policy for unknown attributes.
func (c *compiler) unknown(p schema.Path, key string, raw jsontext.Value) error {
	name := key
	switch {
	case p.IsExtension():
		name = p.String() + ":" + key
	case !p.IsZero():
		name = p.String() + "." + key
	}
	if c.o.Unknown == schema.RejectUnknown {
		return c.fail(name, InvalidSyntax, "is not an attribute of "+c.typ.Name(), schema.ErrUnknownAttribute)
	}
	c.report.Ignored = append(c.report.Ignored, name)
	return nil
}

// schemas compiles a change of "schemas", which follows from the data: taking
// away the URN of an extension takes away its data, anything else has no effect
// of its own.
func (c *compiler) schemas(t target, raw jsontext.Value) error {
	if c.inner {
		c.report.Ignored = append(c.report.Ignored, t.attr.String())
		return nil
	}
	listed, err := c.schemaList(t, raw)
	if err != nil {
		return err
	}
	for _, e := range c.typ.Extensions() {
		has := slices.ContainsFunc(listed, func(urn string) bool { return strings.EqualFold(urn, e.Schema.ID) })
		if c.op == Remove && has || c.op == Replace && !has {
			if err := c.clear(c.typ.MustPath(e.Schema.ID)); err != nil {
				return err
			}
		}
	}
	return nil
}

// schemaList returns the URNs that an operation on schemas is about.
func (c *compiler) schemaList(t target, raw jsontext.Value) ([]string, error) {
	p := t.attr.String()
	if t.filter != nil {
		values, ok := named(t.attr, t.filter)
		if !ok || c.op != Remove {
			return nil, c.fail(p, InvalidFilter, "schemas can be selected by value only, and only to remove them", nil)
		}
		return textsOf(values), nil
	}
	list, ok := stringList(raw)
	if raw.Kind() == '"' {
		list, ok = []string{stringOf(raw)}, true
	}
	base := slices.ContainsFunc(list, func(urn string) bool { return strings.EqualFold(urn, c.typ.Schema().ID) })
	switch {
	case !ok || len(list) == 0:
		return nil, c.fail(p, Mutability, "is required and cannot be removed", schema.ErrMutability)
	case c.op == Remove && base, c.op == Replace && !base:
		return nil, c.fail(p, Mutability, "must keep "+c.typ.Schema().ID, schema.ErrMutability)
	}
	return list, c.knownURNs(t.attr, list)
}

// knownURNs reports URNs that the type does not have.
func (c *compiler) knownURNs(p schema.Path, list []string) error {
	for _, urn := range list {
		known := strings.EqualFold(urn, c.typ.Schema().ID) || slices.ContainsFunc(c.typ.Extensions(), func(e schema.Extension) bool {
			return strings.EqualFold(urn, e.Schema.ID)
		})
		if known {
			continue
		}
		if err := c.tolerate(schema.SchemasUnknown, p, InvalidValue, "not a schema of "+c.typ.Name()); err != nil {
			return err
		}
	}
	return nil
}

func textsOf(list schema.Value) (texts []string) {
	for _, v := range list.All() {
		texts = append(texts, v.Text())
	}
	return texts
}
