package patch

import (
	"cmp"
	"fmt"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// checkEdit checks an edit that did not come from Compile, so that nothing but
// the resource can make it fail.
func checkEdit(t *schema.ResourceType, e Edit) error {
	p := e.Target()
	if p.Owner() != t || p == t.SchemasPath() || p.Parent().MultiValued() {
		return misfit(p, schema.ErrUnknownAttribute, "cannot be edited in a "+t.Name())
	}
	switch e := e.(type) {
	case *Set:
		return checkValue(t, p, e.Value)
	case *Clear:
		return nil
	}
	if !p.MultiValued() {
		return misfit(p, schema.ErrUnknownAttribute, "is not multi-valued")
	}
	switch e := e.(type) {
	case *AddValues:
		return checkValue(t, p, e.Values)
	case *RemoveValues:
		return checkValue(t, p, e.Values)
	case *RemoveMatching:
		return checkFilter(p, e.Filter)
	case *ReplaceMatching:
		if e.Value.IsZero() {
			return misfit(p, schema.ErrValue, "the value is missing")
		}
		return cmp.Or(checkFilter(p, e.Filter), checkValue(t, p, schema.List(e.Value, e.Create)))
	case *UpdateMatching:
		if e.Filter != nil && checkFilter(p, e.Filter) != nil {
			return checkFilter(p, e.Filter)
		}
		return checkUpdate(t, e)
	}
	return nil
}

// checkFilter checks that f is about values of p.
func checkFilter(p schema.Path, f *filter.Filter) error {
	if f == nil || f.Attr() != p {
		return misfit(p, schema.ErrValue, "needs a filter on its values")
	}
	return nil
}

func checkUpdate(t *schema.ResourceType, e *UpdateMatching) error {
	v := schema.Value{}
	for _, sub := range e.Subs {
		p := sub.Target()
		if p.Parent() != e.Path {
			return misfit(p, schema.ErrUnknownAttribute, "is not part of "+e.Path.String())
		}
		switch sub := sub.(type) {
		case *Set:
			v = v.With(p, sub.Value)
		case *AddValues:
			v = v.With(p, sub.Values)
		case *RemoveValues:
			v = v.With(p, sub.Values)
		case *Clear:
		default:
			return misfit(p, schema.ErrValue, fmt.Sprintf("a value cannot be changed by a %T", sub))
		}
		if err := checkValue(t, e.Path, schema.List(v, e.Create)); err != nil {
			return err
		}
	}
	return nil
}

// checkValue checks that v conforms to p; a resource would refuse it otherwise.
func checkValue(t *schema.ResourceType, p schema.Path, v schema.Value) error {
	return t.New().Set(p, v)
}

func misfit(p schema.Path, err error, detail string) error {
	return &schema.PathError{Path: p.String(), Offset: -1, Err: err, Detail: detail}
}
