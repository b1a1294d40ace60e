package patch

import (
	"slices"

	"github.com/muster-scim/muster/schema"
)

// Changes are the edits of one request, in order and ready to be carried out
// on any resource of their type: by Apply, or by a store that knows a shorter
// way. They are immutable and safe for concurrent use. The zero Changes have no
// edits and change nothing.
type Changes struct {
	typ    *schema.ResourceType
	steps  []step
	report schema.Report
	fold   LetterCaseMode
	pass   bool // primary values are left as they are
}

// step is an edit with the operation that it comes from.
type step struct {
	edit  Edit
	index int
}

// NewChanges makes Changes of edits that a program wrote, such as a store's
// test or a service that derives attributes. Unlike those of a client's request
// they may have readOnly targets. The error is an *Error whose Operation is the
// index of the edit: InvalidPath for a target of another type or below a
// multi-valued attribute, InvalidValue for a value that does not conform.
func NewChanges(t *schema.ResourceType, edits ...Edit) (*Changes, error) {
	c := &Changes{typ: t, steps: make([]step, len(edits)), fold: CaseStored}
	for i, e := range edits {
		if err := checkEdit(t, e); err != nil {
			return nil, &Error{Operation: i, Path: e.Target().String(), Reason: reasonOf(err), Detail: detailOf(err), Err: err}
		}
		c.steps[i] = step{edit: e, index: i}
	}
	return c, nil
}

// Type returns the resource type that the changes are for.
func (c *Changes) Type() *schema.ResourceType { return c.typ }

// Edits returns the edits in order. There are none if the request asks for
// nothing, such as adding null.
func (c *Changes) Edits() []Edit {
	edits := make([]Edit, len(c.steps))
	for i, s := range c.steps {
		edits[i] = s.edit
	}
	return edits
}

// Report says which tolerances the request needed and which parts of it were
// ignored. What depends on the resource is in Result.Rewrites.
func (c *Changes) Report() *schema.Report {
	return &schema.Report{Rewrites: slices.Clone(c.report.Rewrites), Ignored: slices.Clone(c.report.Ignored)}
}

// Paths returns the attributes that the edits may change, each once, in the
// order of the edits: the paths that an authorization rule is about. For a
// part of the values of a multi-valued attribute it is that attribute, and if
// only a sub-attribute of them changes, that sub-attribute.
func (c *Changes) Paths() []schema.Path {
	var paths []schema.Path
	for _, s := range c.steps {
		for p := range targets(s.edit) {
			if !slices.Contains(paths, p) {
				paths = append(paths, p)
			}
		}
	}
	return paths
}

// targets yields the paths that e is about, as exactly as they are known.
func targets(e Edit) func(yield func(schema.Path) bool) {
	return func(yield func(schema.Path) bool) {
		update, ok := e.(*UpdateMatching)
		if !ok {
			yield(e.Target())
			return
		}
		for _, sub := range update.Subs {
			if !yield(sub.Target()) {
				return
			}
		}
	}
}

// Touches reports whether an edit may change p, something below p, or
// something that p is a part of.
func (c *Changes) Touches(p schema.Path) bool {
	return slices.ContainsFunc(c.steps, func(s step) bool {
		for target := range targets(s.edit) {
			if p.Contains(target) || target.Contains(p) {
				return true
			}
		}
		return false
	})
}

// Only reports whether there are edits and all of them are about p or what is
// below it.
func (c *Changes) Only(p schema.Path) bool {
	for _, s := range c.steps {
		if !p.Contains(s.edit.Target()) {
			return false
		}
	}
	return len(c.steps) > 0
}

// Without returns changes in which nothing for which drop is true is added to
// the multi-valued attribute p. A service that leaves out members that it does
// not know, instead of refusing the request, applies those.
func (c *Changes) Without(p schema.Path, drop func(schema.Value) bool) *Changes {
	reduced := *c
	reduced.steps = nil
	for _, s := range c.steps {
		switch e := s.edit.(type) {
		case *AddValues:
			if e.Path == p {
				s.edit = &AddValues{Path: p, Values: without(e.Values, drop)}
			}
		case *Set:
			if e.Path == p {
				s.edit = assign(p, without(e.Value, drop))
			}
		}
		reduced.steps = append(reduced.steps, s)
	}
	return &reduced
}

func without(list schema.Value, drop func(schema.Value) bool) schema.Value {
	return schema.List(slices.DeleteFunc(appendAll(nil, list), drop)...)
}

// Unconditional reports whether the edits can be carried out on every resource
// of the type: none has an immutable target, and none fails if a value filter
// selects nothing. A store may then write without reading first. Whether
// required attributes keep a value, and whether unique ones stay unique, is not
// covered.
func (c *Changes) Unconditional() bool {
	return !slices.ContainsFunc(c.steps, func(s step) bool { return conditional(s.edit) })
}

func conditional(e Edit) bool {
	switch e := e.(type) {
	case *Set:
		return fixed(e.Path)
	case *Clear:
		return fixed(e.Path)
	case *AddValues:
		return e.Path.Mutability() == schema.Immutable
	case *RemoveValues:
		return e.MustMatch || e.Path.Mutability() == schema.Immutable
	case *RemoveMatching:
		return e.MustMatch || e.Path.Mutability() == schema.Immutable
	case *UpdateMatching:
		return e.MustMatch || slices.ContainsFunc(e.Subs, conditional)
	}
	return true // a *ReplaceMatching
}

// fixed reports whether p, or for a single complex value a part of it, is
// immutable.
func fixed(p schema.Path) bool {
	if p.Mutability() == schema.Immutable {
		return true
	}
	if p.MultiValued() {
		return false
	}
	for sub := range p.Subs() {
		if fixed(sub) {
			return true
		}
	}
	return false
}
