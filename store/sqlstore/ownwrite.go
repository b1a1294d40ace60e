package sqlstore

import (
	"context"
	"fmt"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Create stores a new resource.
func (h ownHandle) Create(ctx context.Context, r *schema.Resource, w store.Write) (created *schema.Resource, err error) {
	err = h.change(ctx, r, w, func(s ownRows) error {
		created, err = s.create(ctx, r, w)
		return err
	})
	return ifNil(created, err)
}

// Replace stores a new state of a resource.
func (h ownHandle) Replace(ctx context.Context, r *schema.Resource, w store.Write) (replaced *schema.Resource, err error) {
	err = h.change(ctx, r, w, func(s ownRows) error {
		old, err := s.lock(ctx, r.ID(), w)
		if err != nil {
			return err
		}
		replaced, err = s.replace(ctx, old, r, w)
		return err
	})
	return ifNil(replaced, err)
}

// Delete removes a resource and its memberships.
func (h ownHandle) Delete(ctx context.Context, ref store.Ref, w store.Write) error {
	table := h.own.tables[ref.Type]
	if table == nil {
		return store.ErrNotFound
	}
	return h.session.write(ctx, false, func(t *tx) error { return h.rows(t, table).delete(ctx, ref, w) })
}

// tableOf returns the table of a type, which has to be the one of the mapping.
func (h ownHandle) tableOf(t *schema.ResourceType) (*ownTable, error) {
	table := h.own.tables[t.Name()]
	if table == nil || table.Type != t {
		return nil, fmt.Errorf("%w: %s", errNoTable, t.Name())
	}
	return table, nil
}

// change runs a write of r, and says which value is taken if one is.
func (h ownHandle) change(ctx context.Context, r *schema.Resource, w store.Write, do func(ownRows) error) error {
	table, err := h.tableOf(r.Type())
	if err != nil {
		return err
	}
	alone := table.looksUp(w.Keys(r))
	err = h.session.write(ctx, alone, func(t *tx) error {
		s := h.rows(t, table)
		if err := s.checkKeys(ctx, r, w); err != nil {
			return err
		}
		return do(s)
	})
	return h.explain(ctx, table, r, w, err)
}

func (s ownRows) create(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
	now := w.Instant()
	b := r.Edit()
	b.SetMeta(now, now, "")
	if arg, ok := s.ID.param(r.ID()); s.ID.Generated || !ok || arg == nil {
		b.SetID("")
		if !s.ID.Generated {
			b.SetID(schema.ID(s.ID.Prefix) + store.NewID())
		}
	}
	r = b.Resource()
	id, err := s.insert(ctx, r, writing{now, s.tx.dialect})
	if err != nil {
		return nil, err
	}
	b.SetID(id)
	return s.finish(ctx, nil, b.Resource(), w)
}

// insert makes the row of a new resource and returns its id.
func (s ownRows) insert(ctx context.Context, r *schema.Resource, at writing) (schema.ID, error) {
	values, err := s.assignAll(r, at)
	if err != nil {
		return "", err
	}
	if arg, ok := s.ID.param(r.ID()); ok {
		values.set(s.ID.Column, arg)
		_, err := s.execUnique(ctx, values.insert(s.Name), values.args...)
		return r.ID(), err
	}
	if s.tx.dialect == MySQL {
		n, err := s.insertCounted(ctx, values.insert(s.Name), values.args...)
		return s.ID.text(n), err
	}
	var cell any
	err = s.tx.unique(ctx, values.insert(s.Name)+" RETURNING "+s.quoted(s.ID.Column), values.args, &cell)
	return s.ID.text(cell), err
}

// assignAll assigns everything of a new row but its id.
func (s ownRows) assignAll(r *schema.Resource, at writing) (*assignments, error) {
	values := &assignments{dialect: s.tx.dialect}
	if s.ownTable.Tenant != "" {
		values.set(s.ownTable.Tenant, s.tenant)
	}
	values.fixed(s.Where)
	for _, f := range s.fields {
		if err := values.field(f, r.Get(f.path), at, false); err != nil {
			return nil, err
		}
	}
	if s.created != nil {
		if err := values.field(s.created, schema.DateTime(r.Created()), at, true); err != nil {
			return nil, err
		}
	}
	if s.Version != "" {
		values.set(s.Version, 1)
	}
	return values, s.assignRest(values, r, at)
}

// assignRest assigns what every write changes: the time and the overflow.
func (s ownRows) assignRest(values *assignments, r *schema.Resource, at writing) error {
	overflow, err := s.overflow(r)
	if err != nil {
		return err
	}
	if s.Overflow != "" {
		values.set(s.Overflow, overflow)
	}
	if s.updated != nil {
		return values.field(s.updated, schema.DateTime(r.LastModified()), at, true)
	}
	return nil
}

// replace stores r in place of old, which is locked.
func (s ownRows) replace(ctx context.Context, old, r *schema.Resource, w store.Write) (*schema.Resource, error) {
	r = s.stamped(old, r, w)
	if err := s.update(ctx, old, r, writing{w.Instant(), s.tx.dialect}); err != nil {
		return nil, err
	}
	return s.finish(ctx, old, r, w)
}

// stamped gives r the id and times that follow old's.
func (s ownRows) stamped(old, r *schema.Resource, w store.Write) *schema.Resource {
	now := w.Instant()
	if now.Before(old.LastModified()) {
		now = old.LastModified()
	}
	b := r.Edit()
	b.SetID(old.ID())
	b.SetMeta(old.Created(), now, "")
	return b.Resource()
}

// update changes the columns whose attribute changed, in one statement.
func (s ownRows) update(ctx context.Context, old, r *schema.Resource, at writing) error {
	values := &assignments{dialect: s.tx.dialect}
	for _, f := range s.fields {
		if v := r.Get(f.path); !v.Equal(old.Get(f.path)) {
			if err := values.field(f, v, at, true); err != nil {
				return err
			}
		}
	}
	if err := s.assignRest(values, r, at); err != nil {
		return err
	}
	statement := values.update(s.Name)
	if s.Version != "" {
		counted := s.quoted(s.Version) + " = " + s.quoted(s.Version) + " + 1"
		if statement += ", " + counted; len(values.args) == 0 {
			statement = "UPDATE " + s.quoted(s.Name) + " SET " + counted
		}
	} else if len(values.args) == 0 {
		return nil
	}
	c := &clause{}
	s.own.where(c, s.ownTable, s.tenant, r.ID())
	_, err := s.execUnique(ctx, statement+" WHERE "+c.String(), append(values.args, c.args...)...)
	return err
}

// where adds the condition for one row, in a statement without an alias.
func (db *OwnTables) where(c *clause, t *ownTable, tenant store.TenantID, id schema.ID) {
	arg, _ := t.ID.param(id)
	c.add(db.dialect.quote(t.ID.Column)+" = ?", arg)
	if t.Tenant != "" {
		c.add(" AND "+db.dialect.quote(t.Tenant)+" = ?", tenant)
	}
}

// finish makes the rows of lists and members that belong to r, and returns what
// the database now shows.
func (s ownRows) finish(ctx context.Context, old, r *schema.Resource, w store.Write) (*schema.Resource, error) {
	if err := s.setLists(ctx, old, r, writing{w.Instant(), s.tx.dialect}); err != nil {
		return nil, err
	}
	for _, role := range s.roles {
		if role.holder {
			if err := s.setMembers(ctx, role, old != nil, r, w); err != nil {
				return nil, err
			}
		}
	}
	with := s.alone(everything)
	stored, err := s.reread(ctx, r, with)
	if err != nil {
		return nil, err
	}
	list := []*schema.Resource{stored}
	err = s.complete(ctx, list, everything, with)
	return list[0], err
}

// setLists writes the lists that changed.
func (s ownRows) setLists(ctx context.Context, old, r *schema.Resource, at writing) error {
	for _, l := range s.lists {
		if old != nil && old.Get(l.path).Equal(r.Get(l.path)) {
			continue
		}
		if err := s.setList(ctx, l, old != nil, r, at); err != nil {
			return err
		}
	}
	return nil
}

// reread returns the resource as the database shows it after a write.
func (s ownRows) reread(ctx context.Context, r *schema.Resource, with *reading) (*schema.Resource, error) {
	stored, err := s.get(ctx, r.ID(), with)
	if err != nil {
		return nil, err
	}
	return stored, s.verify(r, stored)
}

// delete removes a row, or marks it, with what belongs to it.
func (s ownRows) delete(ctx context.Context, ref store.Ref, w store.Write) error {
	if _, err := s.lock(ctx, ref.ID, w); err != nil {
		return err
	}
	if err := s.endMemberships(ctx, ref, w); err != nil {
		return err
	}
	c := &clause{}
	s.own.where(c, s.ownTable, s.tenant, ref.ID)
	if s.Deleted.Column != "" {
		values := &assignments{dialect: s.tx.dialect}
		f := &field{Column: Column{Column: s.Deleted.Column}, path: s.Type.MetaPath(), conv: s.Deleted.As, dialect: s.tx.dialect}
		if f.conv == nil {
			f.conv = instant{}
		}
		if err := values.field(f, schema.DateTime(w.Instant()), writing{w.Instant(), s.tx.dialect}, true); err != nil {
			return err
		}
		_, err := s.exec(ctx, values.update(s.Name)+" WHERE "+c.String(), append(values.args, c.args...)...)
		return err
	}
	owner, _ := s.ID.param(ref.ID)
	for _, l := range s.lists {
		d := &clause{}
		d.add("DELETE FROM "+s.quoted(l.Table)+" WHERE "+s.quoted(l.Owner)+" = ?", owner)
		if l.Tenant != "" {
			d.add(" AND "+s.quoted(l.Tenant)+" = ?", s.tenant)
		}
		if _, err := s.exec(ctx, d.String(), d.args...); err != nil {
			return err
		}
	}
	_, err := s.exec(ctx, "DELETE FROM "+s.quoted(s.Name)+" WHERE "+c.String(), c.args...)
	return err
}
