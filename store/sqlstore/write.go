package sqlstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Create stores a new resource.
func (h handle) Create(ctx context.Context, r *schema.Resource, w store.Write) (created *schema.Resource, err error) {
	k, err := h.kindOf(r.Type())
	if err != nil {
		return nil, err
	}
	err = h.session.insert(ctx, k.hasSteps(r, w), func(t *tx) error {
		created, err = h.rows(t, k).create(ctx, r, w)
		return err
	})
	return ifNil(created, err)
}

// hasSteps reports whether the creation of r can fail, other than with the whole
// transaction, after its row has been made: for an id that is in the trash, for
// a further unique key that somebody has, for a member that does not exist.
func (k *kind) hasSteps(r *schema.Resource, w store.Write) bool {
	for _, key := range w.Keys(r) {
		if key.Path != k.key {
			return true
		}
	}
	for _, role := range k.roles {
		if role.holder && !r.Get(role.links.List).IsZero() {
			return true
		}
	}
	return r.ID() != ""
}

// Replace stores a new state of a resource.
func (h handle) Replace(ctx context.Context, r *schema.Resource, w store.Write) (replaced *schema.Resource, err error) {
	k, err := h.kindOf(r.Type())
	if err != nil {
		return nil, err
	}
	err = h.session.write(ctx, func(t *tx) error {
		replaced, err = h.rows(t, k).replace(ctx, r, w)
		return err
	})
	return ifNil(replaced, err)
}

// Delete removes a resource and its memberships.
func (h handle) Delete(ctx context.Context, ref store.Ref, w store.Write) error {
	return h.session.write(ctx, func(t *tx) error {
		_, err := h.delete(ctx, t, ref, w)
		return err
	})
}

func ifNil(r *schema.Resource, err error) (*schema.Resource, error) {
	if err != nil {
		return nil, err
	}
	return r, nil
}

// kindOf returns the kind of a type, which has to be one of the configuration.
func (h handle) kindOf(t *schema.ResourceType) (*kind, error) {
	k := h.db.kinds[t.Name()]
	if k == nil || k.typ != t {
		return nil, fmt.Errorf("sqlstore: the resource type %s is not that of Config.Types", t.Name())
	}
	return k, nil
}

// rows are the rows of one type and tenant in one transaction.
type rows struct {
	handle
	*tx
	*kind
}

func (h handle) rows(t *tx, k *kind) rows { return rows{h, t, k} }

func (h handle) delete(ctx context.Context, t *tx, ref store.Ref, w store.Write) (*schema.Resource, error) {
	k := h.db.kinds[ref.Type]
	if k == nil {
		return nil, store.ErrNotFound
	}
	s := h.rows(t, k)
	old, err := s.lock(ctx, ref.ID, w)
	if err != nil {
		return nil, err
	}
	for _, table := range []string{"muster_unique", "muster_values", "muster_resources"} {
		if _, err := s.exec(ctx, "DELETE FROM "+table+" WHERE tenant = ? AND id = ?", h.tenant, ref.ID); err != nil {
			return nil, err
		}
	}
	return old, s.endMemberships(ctx, ref, w)
}

// lock reads a stored resource so that nobody else changes it any more, and
// checks its version.
func (s rows) lock(ctx context.Context, id schema.ID, w store.Write) (*schema.Resource, error) {
	if !namable(id) {
		return nil, store.ErrNotFound
	}
	var doc []byte
	found, err := s.one(ctx, "SELECT doc FROM muster_resources WHERE tenant = ? AND id = ? AND type = ?"+s.tx.dialect.forUpdate(),
		[]any{s.tenant, id, s.typ.Name()}, &doc)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, store.ErrNotFound
	}
	r, err := s.decode(doc)
	if err != nil {
		return nil, err
	}
	return r, w.Check(r)
}

func (s rows) create(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
	given := r.ID() != ""
	if !namable(r.ID()) {
		return nil, fmt.Errorf("sqlstore: an id of %d bytes cannot be kept", len(r.ID()))
	}
	r = w.Stamp(nil, r)
	if err := s.insert(ctx, r); err != nil {
		return nil, err
	}
	if given {
		if ref, found, err := s.holderOfID(ctx, "muster_trash", r.ID()); err != nil || found {
			return nil, orConflict(err, r.Type().IDPath(), ref)
		}
	}
	return s.store(ctx, nil, r, w)
}

// insert makes the row of a new resource.
func (s rows) insert(ctx context.Context, r *schema.Resource) error {
	doc, err := s.document(r)
	if err != nil {
		return err
	}
	unique, external := s.keyColumns(r)
	row := []any{s.tenant, r.ID(), s.typ.Name(), r.Version(), unique, external, s.db.names(r), doc}
	if s.tx.free() {
		n, err := s.exec(ctx, s.tx.dialect.insertNew(resourceColumns+s.tx.dialect.sharing()), append(row, s.tenant)...)
		if err != nil || n > 0 {
			s.tx.guard.held = shared
			return err
		}
		if err := s.tx.share(ctx); err != nil {
			return err
		}
	}
	n, err := s.exec(ctx, s.tx.dialect.insertNew(resourceColumns+"VALUES "+marks(len(row))), row...)
	if err != nil || n > 0 {
		return err
	}
	if ref, found, err := s.holderOfID(ctx, "muster_resources", r.ID()); err != nil || found {
		return orConflict(err, r.Type().IDPath(), ref)
	}
	if err := s.keyIsFree(ctx, unique, r.ID()); err != nil {
		return err
	}
	return s.clash("what had the key of a new resource is gone")
}

// resourceColumns are what an INSERT sets.
const resourceColumns = "muster_resources (tenant, id, type, version, unique_key, external_key, name, doc) "

// sharing makes the row of a resource where the row of the tenant is, which it
// locks as share does.
func (d Dialect) sharing() string {
	row := strings.Repeat("?, ", 7) + "?"
	if d == PostgreSQL { // which takes parameters for text here
		row = "?, ?, ?, ?, CAST(? AS bytea), CAST(? AS bytea), ?, ?"
	}
	return "SELECT " + row + " FROM muster_tenants WHERE tenant = ?" + d.forShare()
}

// keyIsFree returns a conflict if another resource has the unique key.
func (s rows) keyIsFree(ctx context.Context, unique []byte, id schema.ID) error {
	if unique == nil {
		return nil
	}
	ref := store.Ref{Type: s.typ.Name()}
	found, err := s.one(ctx, "SELECT id FROM muster_resources WHERE tenant = ? AND type = ? AND unique_key = ? AND id <> ?",
		[]any{s.tenant, s.typ.Name(), unique, id}, &ref.ID)
	if err != nil || found {
		return orConflict(err, s.key, ref)
	}
	return nil
}

func orConflict(err error, p schema.Path, existing store.Ref) error {
	if err != nil {
		return err
	}
	return &store.ConflictError{Path: p.String(), Existing: existing}
}

// holderOfID looks for an id among all types, because ids are unique across
// them (RFC 7643 §3.1).
func (s rows) holderOfID(ctx context.Context, table string, id schema.ID) (store.Ref, bool, error) {
	ref := store.Ref{ID: id}
	found, err := s.one(ctx, "SELECT type FROM "+table+" WHERE tenant = ? AND id = ?", []any{s.tenant, id}, &ref.Type)
	return ref, found, err
}

// document returns what is kept of r itself.
func (s rows) document(r *schema.Resource) (string, error) {
	doc, err := s.bare(r).AppendJSON(nil, &schema.Encoding{All: true})
	return string(doc), err
}

func (s rows) replace(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
	old, err := s.lock(ctx, r.ID(), w)
	if err != nil {
		return nil, err
	}
	r = w.Stamp(old, r)
	if err := s.update(ctx, old, r); err != nil {
		return nil, err
	}
	return s.store(ctx, old, r, w)
}

// update changes the row of a resource, which is locked.
func (s rows) update(ctx context.Context, old, r *schema.Resource) error {
	doc, err := s.document(r)
	if err != nil {
		return err
	}
	unique, external := s.keyColumns(r)
	if was, _ := s.keyColumns(old); !bytes.Equal(was, unique) {
		if err := s.keyIsFree(ctx, unique, r.ID()); err != nil {
			return err
		}
	}
	n, err := s.exec(ctx, "UPDATE muster_resources SET version = ?, unique_key = ?, external_key = ?, name = ?, doc = ? WHERE tenant = ? AND id = ? AND version = ?",
		r.Version(), unique, external, s.db.names(r), doc, s.tenant, r.ID(), old.Version())
	if f, ok := errors.AsType[*failure](err); ok && s.tx.dialect.duplicate(f.code) {
		f.verdict = clash // somebody else took the key just now
	}
	if err == nil && n == 0 {
		return store.ErrVersion
	}
	return err
}

// store makes the rows that belong to r, which is stamped: its keys, and its
// lists in place of the ones there are.
func (s rows) store(ctx context.Context, old, r *schema.Resource, w store.Write) (*schema.Resource, error) {
	if err := s.setKeys(ctx, old, s.bare(r), w); err != nil {
		return nil, err
	}
	include := everything
	if old == nil {
		include = func(p schema.Path) bool { return !r.Get(p).IsZero() } // nothing holds a new resource yet
	}
	for _, role := range s.roles {
		if role.holder {
			if err := s.setMembers(ctx, role, old != nil, r, w); err != nil {
				return nil, err
			}
		}
	}
	list := []*schema.Resource{s.bare(r)}
	err := s.assemble(ctx, list, include)
	return list[0], err
}
