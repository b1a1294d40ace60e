package store

import (
	"cmp"
	"slices"

	"github.com/muster-scim/muster/schema"
)

// sameContent reports whether changed differs from old only in what a store
// assigns (id, meta) or derives (what Relation describes).
func sameContent(s Store, old, changed *schema.Resource) bool {
	if changed == nil || old.Type() != changed.Type() {
		return false
	}
	b := changed.Edit()
	b.SetID(old.ID())
	if b.Set(old.Type().MetaPath(), old.Get(old.Type().MetaPath())) != nil {
		return false
	}
	rels := relationsOf(s)
	return bare(rels, old).Equal(bare(rels, b.Resource()))
}

// relationsOf returns the relations that s keeps itself.
func relationsOf(s Store) []Relation {
	if rs, ok := s.(RelationStore); ok {
		return rs.Relations()
	}
	return nil
}

// bare returns r without what is derived from relations: no inverse
// attributes, and lists with nothing but ids, in one order, each once.
func bare(rels []Relation, r *schema.Resource) *schema.Resource {
	for _, rel := range rels {
		if t, ok := rel.Target(r.Type().Name()); ok {
			r = without(r, t.Inverse)
		}
		if rel.Type == r.Type().Name() {
			r = bareList(rel, r)
		}
	}
	return r
}

func without(r *schema.Resource, attribute string) *schema.Resource {
	links, ok := LinksOf(r.Type(), attribute)
	if !ok || r.Get(links.List).IsZero() {
		return r
	}
	b := r.Edit()
	if b.Set(links.List, schema.Value{}) != nil {
		return r
	}
	return b.Resource()
}

func bareList(rel Relation, r *schema.Resource) *schema.Resource {
	links, ok := LinksOf(r.Type(), rel.Attribute)
	if !ok || r.Get(links.List).IsZero() {
		return r
	}
	var list []schema.Value
	for e := range r.Values(links.List) {
		list = append(list, links.Element(links.ID(e), "", ""))
	}
	id := func(a, b schema.Value) int { return cmp.Compare(links.ID(a), links.ID(b)) }
	slices.SortFunc(list, id)
	list = slices.CompactFunc(list, func(a, b schema.Value) bool { return id(a, b) == 0 })
	b := r.Edit()
	if b.Set(links.List, schema.List(list...)) != nil {
		return r
	}
	return b.Resource()
}
