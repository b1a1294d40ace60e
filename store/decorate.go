package store

import (
	"context"
	"errors"

	"github.com/muster-scim/muster/schema"
)

// directly is the type of a membership that is not through another one (RFC
// 7643 §4.1.2).
const directly = "direct"

// derives reports whether a query asks for something that is not stored: an
// inverse attribute, or anything of a list but its ids.
func (s *related) derives(q Query) bool {
	asks := func(p schema.Path) bool {
		if p.IsZero() {
			return false
		}
		for _, rel := range s.own {
			target, _ := rel.Target(q.Type)
			if inverse, ok := LinksOf(p.Owner(), target.Inverse); ok && inverse.Holds(p) {
				return true
			}
			list, ok := LinksOf(p.Owner(), rel.Attribute)
			if ok && rel.Type == q.Type && list.Holds(p) && p != list.Value {
				return true
			}
		}
		return false
	}
	if q.Filter != nil {
		for p := range q.Filter.Paths() {
			if asks(p) {
				return true
			}
		}
	}
	return asks(q.Sort.By)
}

func (s *related) decorateOne(ctx context.Context, r *schema.Resource, p *schema.Projection) (*schema.Resource, error) {
	one := []*schema.Resource{r}
	if err := s.decorate(ctx, one, p); err != nil {
		return nil, err
	}
	return one[0], nil
}

// decorate replaces each resource by one with its derived attributes, as far as
// the projection includes them; nil includes all.
func (s *related) decorate(ctx context.Context, list []*schema.Resource, p *schema.Projection) error {
	for _, rel := range s.own {
		if err := s.showMembers(ctx, rel, list, p); err != nil {
			return err
		}
		if err := s.showHolders(ctx, rel, list, p); err != nil {
			return err
		}
	}
	return nil
}

// showMembers completes the lists, and leaves out members that are gone.
func (s *related) showMembers(ctx context.Context, rel Relation, list []*schema.Resource, p *schema.Projection) error {
	names := map[schema.ID]schema.Value{} // the elements by id
	for i, r := range list {
		links, ok := LinksOf(r.Type(), rel.Attribute)
		if !ok || r.Type().Name() != rel.Type || p != nil && !p.Includes(links.List) || r.Get(links.List).IsZero() {
			continue
		}
		var members []schema.Value
		for e := range r.Values(links.List) {
			shown, ok := names[links.ID(e)]
			if !ok {
				var err error
				if shown, err = s.member(ctx, rel, links, e); err != nil {
					return err
				}
				names[links.ID(e)] = shown
			}
			members = append(members, shown)
		}
		var err error
		if list[i], err = setList(r, links, members); err != nil {
			return err
		}
	}
	return nil
}

// member returns an element with its type and name, or the zero Value if there
// is no such resource any more.
func (s *related) member(ctx context.Context, rel Relation, links Links, e schema.Value) (schema.Value, error) {
	for _, name := range rel.Candidates(links.Hint(e)) {
		r, err := s.inner.Get(ctx, Ref{Type: name, ID: links.ID(e)})
		switch {
		case err == nil:
			return links.Element(r.ID(), name, rel.Name(r)), nil
		case !errors.Is(err, ErrNotFound):
			return schema.Value{}, err
		}
	}
	return schema.Value{}, nil
}

// showHolders sets the inverse attribute of all resources at once.
func (s *related) showHolders(ctx context.Context, rel Relation, list []*schema.Resource, p *schema.Projection) error {
	var ids []schema.ID
	for _, r := range list {
		if links, ok := inverseLinks(rel, r); ok && (p == nil || p.Includes(links.List)) {
			ids = append(ids, r.ID())
		}
	}
	held, err := Inverse(ctx, s.inner, rel, ids)
	if err != nil || len(ids) == 0 {
		return err
	}
	for i, r := range list {
		links, ok := inverseLinks(rel, r)
		if !ok {
			continue
		}
		var groups []schema.Value
		for _, h := range held[r.ID()] {
			groups = append(groups, links.Element(h.ID, directly, h.Display))
		}
		if list[i], err = setList(r, links, groups); err != nil {
			return err
		}
	}
	return nil
}

func inverseLinks(rel Relation, r *schema.Resource) (Links, bool) {
	target, ok := rel.Target(r.Type().Name())
	if !ok {
		return Links{}, false
	}
	return LinksOf(r.Type(), target.Inverse)
}

func setList(r *schema.Resource, links Links, list []schema.Value) (*schema.Resource, error) {
	if len(list) == 0 && r.Get(links.List).IsZero() {
		return r, nil
	}
	b := r.Edit()
	err := b.Set(links.List, schema.List(list...))
	return b.Resource(), err
}
