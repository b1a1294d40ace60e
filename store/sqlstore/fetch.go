package sqlstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

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

// selection is a statement that begins with SELECT r.doc and selects few
// resources, called r.
type selection struct {
	text string
	args []any
	one  bool // at most one
}

// documents is what most selections begin with.
const documents = "SELECT r.doc FROM muster_resources r WHERE r.tenant = ? AND "

// fetch reads the resources that are selected, with what is derived for them. It
// is one statement, so it sees one state of the database without a transaction.
func (s rows) fetch(ctx context.Context, which selection, include func(schema.Path) bool) (list []*schema.Resource, err error) {
	c := s.fetching(which, include)
	if !s.derives(include) {
		err = s.each(ctx, c.text, c.args, s.decodeTo(&list, which.one))
		sortByID(list)
		return list, err
	}
	f := fetched{lists: make([]map[schema.ID][]element, len(s.roles))}
	for i := range s.roles {
		f.lists[i] = map[schema.ID][]element{}
	}
	err = s.each(ctx, c.text, c.args, func(scan func(...any) error) error { return s.read(&f, scan) })
	if err != nil {
		return nil, err
	}
	return s.join(f), nil
}

// fetching is the statement of fetch.
func (s rows) fetching(which selection, include func(schema.Path) bool) selection {
	if !s.derives(include) {
		return which
	}
	var c clause
	c.add("SELECT -1, '', '', '', k.doc, 0 FROM ("+which.text+") k", which.args...)
	for i, role := range s.roles {
		if include(role.links.List) {
			s.addRole(&c, i, role)
			c.add(s.tx.dialect.among(which), which.args...)
		}
	}
	return selection{text: c.String(), args: c.args}
}

// among ends a comparison with the ids of the resources that are selected.
// PostgreSQL is told to find them first: as long as it has no statistics it
// expects one membership, and looks for the resources again for each that there
// is. MySQL accepts no LIMIT in the subquery of IN itself.
func (d Dialect) among(which selection) string {
	ids := "(SELECT r.id" + strings.TrimPrefix(which.text, "SELECT r.doc") + ")"
	switch {
	case which.one:
		return " = " + ids
	case d == PostgreSQL:
		return " = ANY (ARRAY" + ids + ")"
	}
	return " IN (SELECT k.id FROM " + ids + " k)"
}

// addRole adds the elements of a derived list, marked with the number of the
// role, of the resources in the condition that comes next.
func (s rows) addRole(c *clause, n int, role role) {
	c.add(fmt.Sprintf(" UNION ALL SELECT %d, ", n))
	if role.holder {
		c.add("m.holder, m.member, r.type, r.name, m.seq"+s.tx.dialect.memberRows()+" AND m.holder", s.tenant, role.key())
		return
	}
	c.add("m.member, m.holder, '', r.name, 0"+s.tx.dialect.holderRows()+" AND m.member", s.tenant, role.key())
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
	return s.fetch(ctx, s.withID(id), include)
}

// withID selects the resource with an id.
func (s rows) withID(id schema.ID) selection {
	return selection{documents + "r.id = ? AND r.type = ?", []any{s.tenant, string(id), s.typ.Name()}, true}
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
