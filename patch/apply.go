package patch

import (
	"slices"

	"github.com/muster-scim/muster/schema"
)

// Result is what Apply made of a resource.
type Result struct {
	// Resource is the changed resource, or the one that Apply got if nothing
	// changed.
	Resource *schema.Resource
	// Changed reports whether Resource differs from what Apply got. If it does
	// not, version and modification time stay as they are (RFC 7644 §3.5.2.1).
	Changed bool
	// Diffs lists what changed, each attribute once.
	Diffs []Difference
	// Rewrites lists the tolerances that were needed because of what the
	// resource holds: CreateForFilter and RemoveNoMatch.
	Rewrites []schema.Rewrite
}

// Difference is the change of one attribute. For a multi-valued attribute it has the
// whole lists, which share what did not change.
type Difference struct {
	Path     schema.Path  // what changed: no part of another Difference
	Old, New schema.Value // unassigned where there was or is none
}

// Apply carries the edits out on r, in order, and returns a changed copy that
// shares with r whatever stays the same. r itself never changes, and on an
// error there is no result: the request is atomic (RFC 7644 §3.5.2). The error
// is an *Error with reason NoTarget, Mutability or InvalidValue, or TooLarge if
// the operations and the length of the lists that they filter multiply to more
// than a server should do for one request.
func (c *Changes) Apply(r *schema.Resource) (*Result, error) {
	if c.typ == nil { // the zero Changes
		return &Result{Resource: r}, nil
	}
	if r == nil || r.Type() != c.typ {
		return nil, &Error{Operation: -1, Reason: InvalidPath, Detail: "the changes are for a " + c.typ.Name(), Err: schema.ErrUnknownAttribute}
	}
	s := state{c: c, old: r, b: r.Edit()}
	for _, step := range c.steps {
		s.index = step.index
		if err := step.edit.apply(&s); err != nil {
			return nil, err
		}
	}
	if err := s.flush(schema.Path{}); err != nil {
		return nil, err
	}
	if err := s.checkRequired(); err != nil {
		return nil, err
	}
	return s.result(), nil
}

// state is a resource while edits are applied to it.
type state struct {
	c        *Changes
	old      *schema.Resource
	b        *schema.Builder
	index    int // of the current operation
	lists    []*list
	touched  []touch
	rewrites []schema.Rewrite
	tests    int // values looked at one by one
}

// touch notes that an operation changed a path.
type touch struct {
	path  schema.Path
	index int
}

func (s *state) fail(p schema.Path, reason Reason, detail string, cause error) error {
	return &Error{Operation: s.index, Path: p.String(), Reason: reason, Detail: detail, Err: cause}
}

func (s *state) rewrite(t schema.Tolerance, p schema.Path) {
	s.rewrites = append(s.rewrites, schema.Rewrite{Tolerance: t, Path: p.String()})
}

func (e *Set) apply(s *state) error { return s.put(e.Path, e.Value) }

func (e *Clear) apply(s *state) error { return s.put(e.Path, schema.Value{}) }

// put assigns v to p in the resource.
func (s *state) put(p schema.Path, v schema.Value) error {
	if err := s.flush(p); err != nil {
		return err
	}
	old := s.b.Get(p)
	if p.References() && !v.IsZero() {
		v = keepReferences(p, old, v)
	}
	v, err := s.revise(p, old, v)
	if err != nil || old.Equal(v) {
		return err
	}
	if up := p.Parent(); up.Mutability() == schema.Immutable && !s.old.Get(up).IsZero() {
		return s.fixed(up)
	}
	if err := s.b.Set(p, v); err != nil {
		return s.fail(p, reasonOf(err), detailOf(err), err)
	}
	s.touch(p, s.index)
	return nil
}

// touch notes that an operation changed p. A path is kept once, so the notes
// are no longer than the schema.
func (s *state) touch(p schema.Path, index int) {
	for i := range s.touched {
		if s.touched[i].path == p {
			s.touched[i].index = index
			return
		}
	}
	s.touched = append(s.touched, touch{p, index})
}

// revise returns what p holds after v is written over old: usually v.
func (s *state) revise(p schema.Path, old, v schema.Value) (schema.Value, error) {
	if changed, ok := immutableChange(p, old, v); ok {
		return v, s.fixed(changed)
	}
	if s.c.fold.keeps(p) && same(p, old, v) {
		return old, nil
	}
	return v, nil
}

// fixed refuses to change p.
func (s *state) fixed(p schema.Path) error {
	return s.fail(p, Mutability, "is immutable and has a value", schema.ErrMutability)
}

// immutableChange finds the immutable attribute, at p or below it, that has a
// value in old and another or none in v. The values of a list may come and go.
func immutableChange(p schema.Path, old, v schema.Value) (schema.Path, bool) {
	if old.IsZero() {
		return schema.Path{}, false
	}
	if p.Mutability() == schema.Immutable {
		return p, !same(p, old, v)
	}
	for sub := range p.Subs() {
		if changed, ok := immutableChange(sub, old.Get(sub), v.Get(sub)); ok {
			return changed, true
		}
	}
	return schema.Path{}, false
}

// checkRequired sees to it that no required attribute lost its value (RFC 7644
// §3.5.2.2).
func (s *state) checkRequired() error {
	for _, t := range s.touched {
		for p := t.path; !p.IsZero(); p = p.Parent() {
			if p.Required() && s.b.Get(p).IsZero() && !s.old.Get(p).IsZero() {
				s.index = t.index
				return s.fail(p, Mutability, "is required and cannot be removed", schema.ErrMutability)
			}
		}
	}
	return nil
}

func (s *state) result() *Result {
	out := &Result{Resource: s.old, Rewrites: s.rewrites}
	if len(s.touched) == 0 {
		return out
	}
	changed := s.b.Resource()
	for _, t := range s.touched {
		if s.covered(t.path) {
			continue
		}
		d := Difference{Path: t.path, Old: s.old.Get(t.path), New: changed.Get(t.path)}
		if !d.Old.Equal(d.New) {
			out.Diffs = append(out.Diffs, d)
		}
	}
	if out.Changed = len(out.Diffs) > 0; out.Changed {
		out.Resource = changed
	}
	return out
}

// covered reports whether the change of p is part of another one.
func (s *state) covered(p schema.Path) bool {
	return slices.ContainsFunc(s.touched, func(t touch) bool { return t.path != p && t.path.Contains(p) })
}
