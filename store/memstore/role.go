package memstore

import (
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// role is the part that a resource type plays in one relation: it holds the
// list, or it shows its memberships.
type role struct {
	relation int
	holder   bool
	links    store.Links
}

// rolesOf finds the relations that concern a type.
func rolesOf(rels []store.Relation, typ *schema.ResourceType) (roles []role) {
	for i, rel := range rels {
		if rel.Type == typ.Name() {
			if links, ok := store.LinksOf(typ, rel.Attribute); ok {
				roles = append(roles, role{relation: i, holder: true, links: links})
			}
		}
		if target, ok := rel.Target(typ.Name()); ok {
			if links, ok := store.LinksOf(typ, target.Inverse); ok {
				roles = append(roles, role{relation: i, links: links})
			}
		}
	}
	return roles
}

// namesOf finds for each relation the attributes that name resources of a type
// in it.
func namesOf(rels []store.Relation, typ *schema.ResourceType) [][]schema.Path {
	names := make([][]schema.Path, len(rels))
	for i, rel := range rels {
		for _, name := range rel.DisplayOf(typ.Name()) {
			if p, err := typ.Path(name); err == nil {
				names[i] = append(names[i], p)
			}
		}
	}
	return names
}

// nameOf returns what names the resource in a slot in a relation.
func (s *state) nameOf(relation int, slot uint32) string {
	r := s.at(slot)
	for _, p := range s.tableOf(r).names[relation] {
		if text := r.Get(p).Text(); text != "" {
			return text
		}
	}
	return ""
}

// roleAt returns the role whose list p is or lies in, or nil.
func (t *table) roleAt(p schema.Path) *role {
	for i := range t.roles {
		if t.roles[i].links.Holds(p) {
			return &t.roles[i]
		}
	}
	return nil
}

// kept returns r as it is stored: compact, and without what is kept as rows or
// derived.
func (t *table) kept(r *schema.Resource) *schema.Resource {
	for _, role := range t.roles {
		if !r.Get(role.links.List).IsZero() {
			r = with(r, role.links, nil)
		}
	}
	return r.Compact()
}
