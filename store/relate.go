package store

import (
	"context"
	"errors"
	"iter"
	"sync"

	"github.com/muster-scim/muster/schema"
)

// Relate returns a Store that keeps relations on top of one that does not: s
// stores the lists as part of their holders, and the wrapper checks members,
// keeps out cycles, derives both ends when they are read, and clears up after a
// Delete. Relations that s keeps itself are left to it; if these are all, the
// result is s.
//
// This is meant for stores that are simple or small. It reads each member to
// name it, and scans the holders to find memberships, unless s is an
// InverseStore. Where s is a TxStore, whatever takes several steps is one
// transaction. Where it is not, a member that is deleted while it is added may
// stay in the list; it is not shown, and the next change of the list drops it.
// Two changes at once that together close a cycle are kept apart if they go
// through the same value that Relate returned; see Relater.
func Relate(s Store, relations ...Relation) Store {
	return NewRelater(relations...).Relate("", s)
}

// keeps reports whether s keeps rel itself.
func keeps(s Store, rel Relation) bool {
	for _, kept := range relationsOf(s) {
		if kept.Type == rel.Type && kept.Attribute == rel.Attribute {
			return true
		}
	}
	return false
}

// related is the wrapper of Relate.
type related struct {
	inner   Store
	own     []Relation  // those that inner does not keep
	nesting *sync.Mutex // held while a holder becomes a member of another
}

func (s *related) Get(ctx context.Context, ref Ref) (*schema.Resource, error) {
	return s.ReadProjected(ctx, ref, nil)
}

func (s *related) ReadProjected(ctx context.Context, ref Ref, p *schema.Projection) (*schema.Resource, error) {
	r, err := ReadProjected(ctx, s.inner, ref, p)
	if err != nil {
		return nil, err
	}
	return s.decorateOne(ctx, r, p)
}

func (s *related) Create(ctx context.Context, r *schema.Resource, w Write) (*schema.Resource, error) {
	return s.write(ctx, nil, r, w, Store.Create)
}

func (s *related) Replace(ctx context.Context, r *schema.Resource, w Write) (*schema.Resource, error) {
	var old *schema.Resource
	if s.holds(r.Type()) {
		var err error
		if old, err = s.inner.Get(ctx, RefOf(r)); err != nil {
			return nil, err
		}
	}
	return s.write(ctx, old, r, w, Store.Replace)
}

// write stores r with lists that are in order.
func (s *related) write(ctx context.Context, old, r *schema.Resource, w Write,
	do func(Store, context.Context, *schema.Resource, Write) (*schema.Resource, error)) (stored *schema.Resource, err error) {
	if s.holds(r.Type()) {
		s.nesting.Lock()
		defer s.nesting.Unlock()
	}
	err = InTx(ctx, s.inner, func(ctx context.Context, tx Store) error {
		ready, err := s.prepare(ctx, tx, old, r, w)
		if err != nil {
			return err
		}
		stored, err = do(tx, ctx, ready, w)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.decorateOne(ctx, stored, nil)
}

// holds reports whether resources of a type hold a list.
func (s *related) holds(t *schema.ResourceType) bool {
	for _, rel := range s.own {
		if rel.Type == t.Name() {
			return true
		}
	}
	return false
}

func (s *related) Delete(ctx context.Context, ref Ref, w Write) error {
	return InTx(ctx, s.inner, func(ctx context.Context, tx Store) error {
		if err := tx.Delete(ctx, ref, w); err != nil {
			return err
		}
		err := s.endMemberships(ctx, tx, ref, w)
		if is[TxStore](s.inner) {
			return err
		}
		return nil // the resource is gone, and what is left of it is not shown
	})
}

// Scan decorates the resources of the inner store in batches.
func (s *related) Scan(ctx context.Context, resourceType string, afterID schema.ID) iter.Seq2[*schema.Resource, error] {
	return func(yield func(*schema.Resource, error) bool) {
		for batch, err := range batches(s.inner.Scan(ctx, resourceType, afterID)) {
			if err == nil {
				err = s.decorate(ctx, batch, nil)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, r := range batch {
				if !yield(r, nil) {
					return
				}
			}
		}
	}
}

// batches gathers what a Scan yields. An error comes alone and last.
func batches(scan iter.Seq2[*schema.Resource, error]) iter.Seq2[[]*schema.Resource, error] {
	const most = 256
	return func(yield func([]*schema.Resource, error) bool) {
		var batch []*schema.Resource
		for r, err := range scan {
			if err != nil {
				_ = yield(batch, nil) && yield(nil, err)
				return
			}
			if batch = append(batch, r); len(batch) == most {
				if !yield(batch, nil) {
					return
				}
				batch = nil
			}
		}
		if len(batch) > 0 {
			yield(batch, nil)
		}
	}
}

// Query leaves queries that ask for nothing derived to the inner store.
func (s *related) Query(ctx context.Context, q Query) (Page, error) {
	if !is[QueryStore](s.inner) || s.derives(q) {
		return Page{}, errors.ErrUnsupported
	}
	page, err := RunQuery(ctx, s.inner, q)
	if err != nil {
		return Page{}, err
	}
	return page, s.decorate(ctx, page.Resources, q.Projection)
}

// Patch leaves changes of resources that hold no list to the inner store.
func (s *related) Patch(ctx context.Context, p Patch, w Write) (*Outcome, error) {
	inner, ok := s.inner.(PatchStore)
	if !ok || s.holds(p.Changes.Type()) {
		return nil, errors.ErrUnsupported
	}
	out, err := inner.Patch(ctx, p, w)
	if err != nil {
		return nil, err
	}
	out.Resource, err = s.decorateOne(ctx, out.Resource, p.Projection)
	return out, err
}

func (s *related) Inverse(ctx context.Context, rel Relation, ids []schema.ID) (map[schema.ID][]Holder, error) {
	return Inverse(ctx, s.inner, rel, ids)
}

// Relations returns those of the inner store and the wrapper's own.
func (s *related) Relations() []Relation {
	return append(relationsOf(s.inner), s.own...)
}

func (s *related) InTx(ctx context.Context, fn func(ctx context.Context, tx Store) error) error {
	inner, ok := s.inner.(TxStore)
	if !ok {
		return errors.ErrUnsupported
	}
	return inner.InTx(ctx, func(ctx context.Context, tx Store) error {
		return fn(ctx, &related{inner: tx, own: s.own, nesting: &sync.Mutex{}})
	})
}

func (s *related) Journal() (Log, error) { return Journal(s.inner) }

// Capabilities are those of the inner store, but for the bin, which does not
// know the lists.
func (s *related) Capabilities() Capabilities {
	c := CapabilitiesOf(s.inner)
	c.Relations, c.Values, c.Trash = true, false, false
	return c
}
