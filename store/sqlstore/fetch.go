package sqlstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// fetched is what one statement found: the documents, and the elements of each
// role's list by the id of the resource.
type fetched struct {
	docs  []*schema.Resource
	lists []map[schema.ID][]element // by role
}

// element is a value of a derived list with its place there.
type element struct {
	schema.Value
	seq int64
	id  schema.ID
}

// fetch reads the resources whose ids fulfil a condition that begins with = or
// IN, with what is derived for them. It is one statement, so it sees one state
// of the database without a transaction.
func (s rows) fetch(ctx context.Context, ids *clause, include func(schema.Path) bool) ([]*schema.Resource, error) {
	f, c := fetched{lists: make([]map[schema.ID][]element, len(s.roles))}, clause{}
	if !s.derives(include) {
		c.add("SELECT r.doc FROM muster_resources r WHERE r.tenant = ? AND r.id "+ids.String(), append([]any{s.tenant}, ids.args...)...)
		c.add(" AND r.type = ?", s.typ.Name())
		list, err := s.documents(ctx, &c)
		sortByID(list)
		return list, err
	}
	c.add("SELECT -1, '', '', '', r.doc, 0 FROM muster_resources r WHERE r.tenant = ? AND r.id "+ids.String(), append([]any{s.tenant}, ids.args...)...)
	c.add(" AND r.type = ?", s.typ.Name())
	for i, role := range s.roles {
		if include(role.links.List) {
			s.addRole(&c, i, role, ids)
			f.lists[i] = map[schema.ID][]element{}
		}
	}
	if err := s.each(ctx, c.String(), c.args, func(scan func(...any) error) error { return s.read(&f, scan) }); err != nil {
		return nil, err
	}
	return s.join(f), nil
}

// addRole adds the elements of a derived list, marked with the number of the
// role.
func (s rows) addRole(c *clause, n int, role role, ids *clause) {
	c.add(fmt.Sprintf(" UNION ALL SELECT %d, ", n))
	if role.holder {
		c.add("m.holder, m.member, r.type, r.name, m.seq"+memberRows+" AND m.holder "+ids.String(), append([]any{s.tenant, role.key()}, ids.args...)...)
		return
	}
	c.add("m.member, m.holder, '', r.name, 0"+holderRows+" AND m.member "+ids.String(), append([]any{s.tenant, role.key()}, ids.args...)...)
}

// read reads a row of fetch.
func (s rows) read(f *fetched, scan func(...any) error) error {
	var (
		n         int
		owner, id schema.ID
		name      string
		text      []byte
		seq       int64
	)
	if err := scan(&n, &owner, &id, &name, &text, &seq); err != nil {
		return err
	}
	if n < 0 {
		r, err := s.decode(text)
		f.docs = append(f.docs, r)
		return err
	}
	role := s.roles[n]
	display := s.db.nameIn(role.Relation, string(text))
	if !role.holder {
		name = directly
	}
	f.lists[n][owner] = append(f.lists[n][owner], element{role.links.Element(id, name, display), seq, id})
	return nil
}

// join puts the parts together: the resources in the order of their ids,
// members in the order in which they were added, and holders in that of their
// ids.
func (s rows) join(f fetched) []*schema.Resource {
	sortByID(f.docs)
	for i, role := range s.roles {
		for j, r := range f.docs {
			list := f.lists[i][r.ID()]
			slices.SortFunc(list, func(a, b element) int { return cmp.Or(cmp.Compare(a.seq, b.seq), cmp.Compare(a.id, b.id)) })
			values := make([]schema.Value, len(list))
			for n, e := range list {
				values[n] = e.Value
			}
			f.docs[j] = with(r, role.links, values)
		}
	}
	return f.docs
}

// byID reads the resource with an id, or none.
func (s rows) byID(ctx context.Context, id schema.ID, include func(schema.Path) bool) ([]*schema.Resource, error) {
	if !namable(id) {
		return nil, nil
	}
	var c clause
	c.add("= ?", id)
	return s.fetch(ctx, &c, include)
}

// found makes one resource, or an ErrNotFound, of what was read of one.
func found(list []*schema.Resource, err error) (*schema.Resource, error) {
	if err == nil && len(list) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

func sortByID(list []*schema.Resource) {
	slices.SortFunc(list, func(a, b *schema.Resource) int { return cmp.Compare(a.ID(), b.ID()) })
}
