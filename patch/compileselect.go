package patch

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/muster-scim/muster/schema"
)

// selected compiles add and replace for values within a list.
func (c *compiler) selected(t target, raw jsontext.Value) error {
	switch {
	case !t.sub.IsZero():
		return c.update(t, func() error { return c.at(targetInside(t.sub), raw) })
	case t.attr.Kind() != schema.KindComplex:
		return c.selectedSimple(t, raw)
	}
	raw, plain, err := c.element(t.attr, raw)
	switch {
	case err != nil:
		return err
	case isEmpty(raw) || raw.Kind() == '"':
		return c.unassignSelected(t)
	case c.op == Add || plain:
		return c.update(t, func() error { return c.object(t.attr, raw) })
	}
	return c.replaceSelected(t, raw)
}

// targetInside is the target of a sub-attribute within one value.
func targetInside(sub schema.Path) target { return target{attr: sub} }

// element is objectOf for one value of a list. plain says that the client sent
// a bare value, which is about "value" and nothing else.
func (c *compiler) element(p schema.Path, raw jsontext.Value) (object jsontext.Value, plain bool, err error) {
	object, err = c.objectOf(p, raw)
	return object, raw.Kind() != '{' && raw.Kind() != '[', err
}

// unassignSelected is null for whole values: replace takes them away.
func (c *compiler) unassignSelected(t target) error {
	if c.op == Add {
		return nil
	}
	return c.removeSelected(t)
}

// selectedSimple is add and replace for values of a simple multi-valued
// attribute. A value that is selected is there, so add replaces it (RFC 7644
// §3.5.2.1).
func (c *compiler) selectedSimple(t target, raw jsontext.Value) error {
	if isEmpty(raw) {
		return c.unassignSelected(t)
	}
	if element, ok := only(raw); ok {
		raw = element
	}
	v, err := c.oneValue(t.attr, raw)
	switch {
	case err != nil:
		return err
	case v.IsZero():
		return c.unassignSelected(t)
	}
	c.emit(&ReplaceMatching{Path: t.attr, Filter: t.filter, Value: v, Create: c.created(t, v)})
	return nil
}

// replaceSelected puts a whole value in the place of the selected ones. What
// the filter says about them still holds, unless the value says otherwise.
func (c *compiler) replaceSelected(t target, raw jsontext.Value) error {
	v, err := c.oneValue(t.attr, raw)
	if err != nil {
		return err
	}
	if v.IsZero() {
		return c.removeSelected(t)
	}
	create := c.created(t, v)
	if !create.IsZero() && !create.Equal(v) {
		c.rewrite(schema.CreateForFilter, t.attr)
		v = create
	}
	c.emit(&ReplaceMatching{Path: t.attr, Filter: t.filter, Value: v, Create: create})
	return nil
}

// created returns v with what the filter says added, for when the filter
// selects nothing; it is unassigned if the filter is not made of equalities, or
// values must not be created.
func (c *compiler) created(t target, v schema.Value) schema.Value {
	if t.filter == nil {
		return v
	}
	seed, ok := sample(t.attr, t.filter.Expr())
	switch {
	case !ok || c.o.Off.Has(schema.CreateForFilter):
		return schema.Value{}
	case seed.Kind() != schema.KindComplex:
		return v
	}
	for sub := range t.attr.Subs() {
		if held := v.Get(sub); !held.IsZero() {
			seed = seed.With(sub, held)
		}
	}
	return seed
}

// update compiles changes to sub-attributes of the selected values; compile
// emits the changes.
func (c *compiler) update(t target, compile func() error) error {
	outer := c.steps
	c.steps = nil
	err := compile()
	subs := make([]Edit, 0, len(c.steps))
	for _, s := range c.steps {
		subs = append(subs, s.edit)
	}
	c.steps = outer
	if subs = c.withoutDerived(t.attr, subs); err != nil || len(subs) == 0 {
		return err
	}
	e := &UpdateMatching{Path: t.attr, Filter: t.filter, Subs: subs}
	if v := assigned(subs); !v.IsZero() {
		e.Create = c.created(t, v)
		e.MustMatch = e.Create.IsZero()
	} else {
		e.MustMatch = t.filter != nil && c.o.Off.Has(schema.RemoveNoMatch)
	}
	c.emit(e)
	return nil
}

// withoutDerived leaves out changes to the "display" of a reference that
// clients may not change: it is derived from the resource referred to, whatever
// clients send.
func (c *compiler) withoutDerived(p schema.Path, subs []Edit) []Edit {
	display, ok := p.Sub("display")
	if !ok || display.Mutability() != schema.Immutable || !p.References() {
		return subs
	}
	kept := subs[:0]
	for _, e := range subs {
		if e.Target() == display {
			c.report.Ignored = append(c.report.Ignored, display.String())
			continue
		}
		kept = append(kept, e)
	}
	return kept
}

// assigned is the value that subs make out of nothing.
func assigned(subs []Edit) (v schema.Value) {
	for _, e := range subs {
		switch e := e.(type) {
		case *Set:
			v = v.With(e.Path, e.Value)
		case *AddValues:
			v = v.With(e.Path, e.Values)
		}
	}
	return v
}

// remove compiles the remove operation.
func (c *compiler) remove(t target, raw jsontext.Value) error {
	switch {
	case !t.sub.IsZero():
		return c.update(t, func() error { return c.remove(targetInside(t.sub), raw) })
	case t.filter != nil:
		c.ignoreValue(raw)
		return c.removeSelected(t)
	case t.attr.MultiValued() && !isEmpty(raw):
		return c.removeListed(t.attr, raw)
	}
	c.ignoreValue(raw)
	return c.clear(t.attr)
}

// ignoreValue reports a value that a remove has and does not need.
func (c *compiler) ignoreValue(raw jsontext.Value) {
	if !isEmpty(raw) {
		c.report.Ignored = append(c.report.Ignored, fmt.Sprintf("Operations[%d].value", c.index))
	}
}

// removeListed is remove with a value.
func (c *compiler) removeListed(p schema.Path, raw jsontext.Value) error {
	switch c.o.removeMode() {
	case RemoveAll:
		c.ignoreValue(raw)
		return c.clear(p)
	case RemoveReject:
		return c.fail(p.String(), InvalidValue, "remove takes no value; select values by a filter", schema.ErrValue)
	}
	v, err := c.value(p, c.unwrap(p, raw))
	if err != nil {
		return err
	}
	c.rewrite(schema.RemoveWithValue, p)
	list := make([]schema.Value, 0, v.Len())
	for _, each := range v.All() {
		wanted := identifying(p, each)
		if wanted.IsZero() {
			return c.fail(p.String(), InvalidValue, `a value to remove has no "value"`, schema.ErrValue)
		}
		list = append(list, wanted)
	}
	if len(list) == 0 {
		return c.fail(p.String(), InvalidValue, "the value to remove is empty", schema.ErrValue)
	}
	c.emit(&RemoveValues{Path: p, Values: schema.List(list...), MustMatch: c.o.Off.Has(schema.RemoveNoMatch)})
	return nil
}

// identifying reduces a value that is to be removed to what tells it from
// others: of a reference "value"; of other values with a "value" that and the
// type; of the rest everything.
func identifying(p schema.Path, v schema.Value) schema.Value {
	key, _ := p.Sub("value")
	held := v.Get(key)
	switch {
	case p.References():
		return schema.Value{}.With(key, held)
	case held.IsZero():
		return v
	}
	v2 := schema.Value{}.With(key, held)
	if kind, ok := p.Sub("type"); ok {
		v2 = v2.With(kind, v.Get(kind))
	}
	return v2
}

// removeSelected removes the values that a filter selects.
func (c *compiler) removeSelected(t target) error {
	must := c.o.Off.Has(schema.RemoveNoMatch)
	if values, ok := named(t.attr, t.filter); ok {
		c.emit(&RemoveValues{Path: t.attr, Values: values, MustMatch: must})
		return nil
	}
	c.emit(&RemoveMatching{Path: t.attr, Filter: t.filter, MustMatch: must})
	return nil
}
