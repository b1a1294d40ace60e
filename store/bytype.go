package store

import (
	"context"
	"fmt"
	"iter"
	"maps"

	"github.com/muster-scim/muster/schema"
)

// ByType returns a Store that keeps each resource type in a store of its own:
// users in the service's tables, say, and groups in ours. The keys are the names
// of the types; "" stands for all others. The map is copied.
//
// Queries, patches and reads use the upgrades of the store in charge. There are
// no transactions, no journal and no bin, because they would span stores. A
// relation is kept by the store of the list if all members are there too. Set up
// stores that keep relations by default, such as memstore, not to keep one
// whose members are elsewhere, and use Relate on the result.
func ByType(routes map[string]Store) Store { return byType(maps.Clone(routes)) }

type byType map[string]Store

// route returns the store of a type; a type without one has no resources.
func (s byType) route(resourceType string) Store {
	if r, ok := s[resourceType]; ok {
		return r
	}
	if r, ok := s[""]; ok {
		return r
	}
	return nowhere{}
}

func (s byType) Get(ctx context.Context, ref Ref) (*schema.Resource, error) {
	return s.route(ref.Type).Get(ctx, ref)
}

func (s byType) Create(ctx context.Context, r *schema.Resource, w Write) (*schema.Resource, error) {
	return s.route(r.Type().Name()).Create(ctx, r, w)
}

func (s byType) Replace(ctx context.Context, r *schema.Resource, w Write) (*schema.Resource, error) {
	return s.route(r.Type().Name()).Replace(ctx, r, w)
}

func (s byType) Delete(ctx context.Context, ref Ref, w Write) error {
	return s.route(ref.Type).Delete(ctx, ref, w)
}

func (s byType) Scan(ctx context.Context, resourceType string, afterID schema.ID) iter.Seq2[*schema.Resource, error] {
	return s.route(resourceType).Scan(ctx, resourceType, afterID)
}

func (s byType) Query(ctx context.Context, q Query) (Page, error) {
	return RunQuery(ctx, s.route(q.Type), q)
}

func (s byType) Patch(ctx context.Context, p Patch, w Write) (*Outcome, error) {
	return ApplyPatch(ctx, s.route(p.Ref.Type), p, w)
}

func (s byType) ReadProjected(ctx context.Context, ref Ref, p *schema.Projection) (*schema.Resource, error) {
	return ReadProjected(ctx, s.route(ref.Type), ref, p)
}

func (s byType) ReadValues(ctx context.Context, ref Ref, p schema.Path) iter.Seq2[schema.Value, error] {
	return ReadValues(ctx, s.route(ref.Type), ref, p)
}

func (s byType) Inverse(ctx context.Context, rel Relation, ids []schema.ID) (map[schema.ID][]Holder, error) {
	return Inverse(ctx, s.route(rel.Type), rel, ids)
}

// Relations returns those that the store of the list keeps.
func (s byType) Relations() (kept []Relation) {
	for name, route := range s {
		for _, rel := range relationsOf(route) {
			if name == rel.Type || name == "" && s[rel.Type] == nil {
				kept = append(kept, rel)
			}
		}
	}
	return kept
}

// Capabilities are what all the stores have.
func (s byType) Capabilities() Capabilities {
	all := Capabilities{Query: true, Patch: true, Read: true, Values: true, Inverse: true, Relations: len(s.Relations()) > 0}
	for _, route := range s {
		c := CapabilitiesOf(route)
		all.Query, all.Patch, all.Read = all.Query && c.Query, all.Patch && c.Patch, all.Read && c.Read
		all.Values, all.Inverse = all.Values && c.Values, all.Inverse && c.Inverse
	}
	return all
}

// nowhere is the store of a type that none keeps.
type nowhere struct{}

func (nowhere) Get(context.Context, Ref) (*schema.Resource, error) { return nil, ErrNotFound }

func (nowhere) Create(_ context.Context, r *schema.Resource, _ Write) (*schema.Resource, error) {
	return nil, fmt.Errorf("no store keeps resources of type %s", r.Type().Name())
}

func (nowhere) Replace(context.Context, *schema.Resource, Write) (*schema.Resource, error) {
	return nil, ErrNotFound
}

func (nowhere) Delete(context.Context, Ref, Write) error { return ErrNotFound }

func (nowhere) Scan(context.Context, string, schema.ID) iter.Seq2[*schema.Resource, error] {
	return func(func(*schema.Resource, error) bool) {}
}
