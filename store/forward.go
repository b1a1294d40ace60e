package store

import (
	"context"
	"errors"
	"iter"

	"github.com/muster-scim/muster/schema"
)

// Forward passes every method and every upgrade on to Inner. It is made to be
// embedded in a wrapper, which overrides what it changes. An upgrade that Inner
// lacks is declined, so the fallback runs, through the wrapper; Capabilities
// are those of Inner.
//
// A Forward must not be changed once it is in use.
type Forward struct {
	// Inner is the wrapped store.
	Inner Store
	// Rewrap makes the wrapper for a transaction's store; nil means that the
	// transaction is not wrapped.
	Rewrap func(tx Store) Store
}

// Get calls Inner.
func (f Forward) Get(ctx context.Context, ref Ref) (*schema.Resource, error) {
	return f.Inner.Get(ctx, ref)
}

// Create calls Inner.
func (f Forward) Create(ctx context.Context, r *schema.Resource, w Write) (*schema.Resource, error) {
	return f.Inner.Create(ctx, r, w)
}

// Replace calls Inner.
func (f Forward) Replace(ctx context.Context, r *schema.Resource, w Write) (*schema.Resource, error) {
	return f.Inner.Replace(ctx, r, w)
}

// Delete calls Inner.
func (f Forward) Delete(ctx context.Context, ref Ref, w Write) error {
	return f.Inner.Delete(ctx, ref, w)
}

// Scan calls Inner.
func (f Forward) Scan(ctx context.Context, resourceType string, afterID schema.ID) iter.Seq2[*schema.Resource, error] {
	return f.Inner.Scan(ctx, resourceType, afterID)
}

// Query calls Inner or declines.
func (f Forward) Query(ctx context.Context, q Query) (Page, error) {
	if s, ok := f.Inner.(QueryStore); ok {
		return s.Query(ctx, q)
	}
	return Page{}, errors.ErrUnsupported
}

// Patch calls Inner or declines.
func (f Forward) Patch(ctx context.Context, p Patch, w Write) (*Outcome, error) {
	if s, ok := f.Inner.(PatchStore); ok {
		return s.Patch(ctx, p, w)
	}
	return nil, errors.ErrUnsupported
}

// ReadProjected calls Inner or declines.
func (f Forward) ReadProjected(ctx context.Context, ref Ref, p *schema.Projection) (*schema.Resource, error) {
	if s, ok := f.Inner.(ReadStore); ok {
		return s.ReadProjected(ctx, ref, p)
	}
	return nil, errors.ErrUnsupported
}

// ReadValues calls Inner or declines.
func (f Forward) ReadValues(ctx context.Context, ref Ref, p schema.Path) iter.Seq2[schema.Value, error] {
	if s, ok := f.Inner.(ValueStore); ok {
		return s.ReadValues(ctx, ref, p)
	}
	return func(yield func(schema.Value, error) bool) { yield(schema.Value{}, errors.ErrUnsupported) }
}

// Inverse calls Inner or declines.
func (f Forward) Inverse(ctx context.Context, rel Relation, ids []schema.ID) (map[schema.ID][]Holder, error) {
	if s, ok := f.Inner.(InverseStore); ok {
		return s.Inverse(ctx, rel, ids)
	}
	return nil, errors.ErrUnsupported
}

// Relations returns those of Inner, or none.
func (f Forward) Relations() []Relation { return relationsOf(f.Inner) }

// InTx calls Inner or declines. In the transaction fn gets what Rewrap makes of
// its store.
func (f Forward) InTx(ctx context.Context, fn func(ctx context.Context, tx Store) error) error {
	s, ok := f.Inner.(TxStore)
	if !ok {
		return errors.ErrUnsupported
	}
	return s.InTx(ctx, func(ctx context.Context, tx Store) error {
		if f.Rewrap != nil {
			tx = f.Rewrap(tx)
		}
		return fn(ctx, tx)
	})
}

// Journal returns that of Inner, or declines.
func (f Forward) Journal() (Log, error) { return Journal(f.Inner) }

// Trash returns that of Inner, or declines.
func (f Forward) Trash() (Bin, error) { return Trash(f.Inner) }

// Capabilities returns those of Inner.
func (f Forward) Capabilities() Capabilities { return CapabilitiesOf(f.Inner) }
