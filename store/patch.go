package store

import (
	"context"
	"errors"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// Patch is a change of one resource.
type Patch struct {
	// Ref is the resource.
	Ref Ref
	// Changes are the edits, compiled for its type.
	Changes *patch.Changes
	// Check looks at the result before it is stored and may refuse or complete
	// it; nil accepts it. It may be called more than once, and inside the
	// store's critical section: it must be quick, must not call the store, and
	// must depend on nothing but its arguments. Where the store carried out
	// changes of a relation's list without loading it, both resources hold only
	// the members that the changes are about.
	Check func(old, changed *schema.Resource) (*schema.Resource, error)
	// Projection is what the caller needs of the result; nil is everything. It
	// is what makes a change of one member of a large group cheap.
	Projection *schema.Projection
}

// Outcome is what a change did.
type Outcome struct {
	// Resource is the resource as it is now, with at least what was asked for.
	Resource *schema.Resource
	// Changed reports whether anything is different. If not, nothing was
	// written, and version and lastModified are what they were.
	Changed bool
	// Diffs are the differences by attribute, none in what the store assigns.
	// For a multi-valued attribute they may be about the values that changed.
	Diffs []patch.Difference
	// Rewrites are the tolerances that only applied because of what the
	// resource holds.
	Rewrites []schema.Rewrite
}

// PatchStore is implemented by a Store that can carry out changes itself, in
// one atomic step and without loading what they do not concern.
type PatchStore interface {
	Store
	// Patch applies the changes with the result that Changes.Apply and then
	// Store.Replace would have, including their errors and w.Version. Changes
	// that change nothing write nothing. It returns errors.ErrUnsupported,
	// before any effect, for changes that it leaves to ApplyPatch.
	Patch(ctx context.Context, p Patch, w Write) (*Outcome, error)
}

// ApplyPatch applies changes to a resource. It never loses a concurrent write
// and is all or nothing. With w.Version it fails with an ErrVersion if the
// resource is at another version.
//
// Without a PatchStore, or if it declines, it is an Update.
func ApplyPatch(ctx context.Context, s Store, p Patch, w Write) (*Outcome, error) {
	if patcher, ok := s.(PatchStore); ok {
		out, err := patcher.Patch(ctx, p, w)
		if !errors.Is(err, errors.ErrUnsupported) {
			return out, err
		}
	}
	var result *patch.Result
	out, err := Update(ctx, s, p.Ref, func(old *schema.Resource) (changed *schema.Resource, err error) {
		changed, result, err = p.Apply(old)
		return changed, err
	}, w)
	if err != nil {
		return nil, err
	}
	out.Rewrites = result.Rewrites
	return out, nil
}

// Apply carries the changes out on old and checks the result: what a store does
// in its atomic step.
func (p Patch) Apply(old *schema.Resource) (*schema.Resource, *patch.Result, error) {
	result, err := p.Changes.Apply(old)
	if err != nil || !result.Changed {
		return old, result, err
	}
	changed := result.Resource
	if p.Check != nil {
		changed, err = p.Check(old, changed)
	}
	return changed, result, err
}
