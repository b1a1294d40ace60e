package patch

import (
	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// Edit is one normalised change. It is one of *Set, *Clear, *AddValues,
// *RemoveValues, *RemoveMatching, *ReplaceMatching and *UpdateMatching; the set
// is closed, so a type switch over these seven is complete. Whatever a client
// may write in several ways has one form here:
//
//   - Paths are canonical; none is readOnly, and none is a complex attribute or
//     an extension unless it is cleared or replaced as a whole.
//   - Values have the type of their path, and lists hold no value twice.
//   - A value filter that only says which values are meant, such as
//     members[value eq "1"], has become RemoveValues.
//
// Edits are immutable once they are part of Changes.
type Edit interface {
	// Target returns the attribute that changes: single-valued for Set and
	// Clear, or a whole list; the multi-valued attribute for all others.
	Target() schema.Path
	// apply carries the edit out.
	apply(*state) error
}

// Set assigns Value to Path, whatever is there now. For a multi-valued
// attribute it is the whole new list; references in it to resources that are
// referred to already keep what only the service provider writes, and the order
// of references means nothing. An immutable attribute that has another value
// makes the edit fail.
type Set struct {
	Path  schema.Path  // single-valued, or a multi-valued attribute as a whole
	Value schema.Value // never unassigned
}

// Clear unassigns Path: one attribute, the whole list of a multi-valued one, or
// a whole extension.
type Clear struct {
	Path schema.Path // an attribute, a list or an extension
}

// AddValues adds those of Values that Path does not have yet, at the end and
// in order. Two values are the same if schema.Path.Identity says so. Where an added value
// is primary, no other one stays so.
type AddValues struct {
	Path   schema.Path  // multi-valued
	Values schema.Value // a list
}

// RemoveValues removes every value that agrees with one of Values: a simple
// value if it is the same, a complex one if it has every sub-attribute that the
// listed value has, and the same there. Values of an attribute that references
// resources are listed with their "value", as a rule with nothing else.
type RemoveValues struct {
	Path   schema.Path  // multi-valued
	Values schema.Value // a list
	// MustMatch makes the edit fail with NoTarget if it removes nothing.
	MustMatch bool
}

// RemoveMatching removes the values that Filter selects.
type RemoveMatching struct {
	Path   schema.Path    // multi-valued
	Filter *filter.Filter // about one value of Path
	// MustMatch makes the edit fail with NoTarget if it removes nothing.
	MustMatch bool
}

// ReplaceMatching puts Value in the place of each value that Filter selects.
// Immutable sub-attributes that Value leaves out keep their values; one that
// it would change makes the edit fail.
type ReplaceMatching struct {
	Path   schema.Path    // multi-valued
	Filter *filter.Filter // about one value of Path
	Value  schema.Value   // one value of Path
	// Create is added if Filter selects nothing; if it is unassigned, the edit
	// fails with NoTarget then.
	Create schema.Value
}

// UpdateMatching changes sub-attributes of the values that Filter selects.
type UpdateMatching struct {
	Path schema.Path // multi-valued and complex
	// Filter selects the values; nil selects all of them.
	Filter *filter.Filter
	// Subs are the changes to each selected value: Set and Clear, and for a
	// multi-valued sub-attribute also AddValues and RemoveValues.
	Subs []Edit
	// Create is added if nothing is selected.
	Create schema.Value
	// MustMatch makes the edit fail with NoTarget if nothing is selected and
	// there is nothing to create.
	MustMatch bool
}

// Target returns e.Path.
func (e *Set) Target() schema.Path { return e.Path }

// Target returns e.Path.
func (e *Clear) Target() schema.Path { return e.Path }

// Target returns e.Path.
func (e *AddValues) Target() schema.Path { return e.Path }

// Target returns e.Path.
func (e *RemoveValues) Target() schema.Path { return e.Path }

// Target returns e.Path.
func (e *RemoveMatching) Target() schema.Path { return e.Path }

// Target returns e.Path.
func (e *ReplaceMatching) Target() schema.Path { return e.Path }

// Target returns e.Path.
func (e *UpdateMatching) Target() schema.Path { return e.Path }
