package sqlstore

import (
	"context"
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// key names the relation in the tables.
func (r role) key() string { return keyOf(r.Relation) }

func keyOf(rel store.Relation) string { return rel.Type + "." + rel.Attribute }

// setMembers makes the list of a holder what r says. Members that stay keep
// their place.
func (s rows) setMembers(ctx context.Context, role role, exists bool, r *schema.Resource, w store.Write) error {
	is := role.idsIn(r)
	if exists {
		var gone []schema.ID
		err := s.each(ctx, "SELECT member FROM muster_members WHERE tenant = ? AND relation = ? AND holder = ?",
			[]any{s.tenant, role.key(), r.ID()}, func(scan func(...any) error) error {
				var id schema.ID
				err := scan(&id)
				if !is[id] {
					gone = append(gone, id)
				}
				delete(is, id)
				return err
			})
		if err == nil {
			err = s.removeMembers(ctx, role, r.ID(), gone)
		}
		if err != nil {
			return err
		}
	}
	return s.addMembers(ctx, role, r, is, w)
}

// idsIn returns the ids in the list of a resource.
func (r role) idsIn(res *schema.Resource) map[schema.ID]bool {
	list := res.Get(r.links.List)
	ids := make(map[schema.ID]bool, list.Len())
	for _, e := range list.All() {
		ids[r.links.ID(e)] = true
	}
	return ids
}

// inChunks calls fn with a part of ids at a time, as parameters.
func inChunks(ids []schema.ID, fn func(args []any) error) error {
	const most = 500
	for chunk := range slices.Chunk(ids, most) {
		args := make([]any, len(chunk))
		for i, id := range chunk {
			args[i] = id
		}
		if err := fn(args); err != nil {
			return err
		}
	}
	return nil
}

func (s rows) removeMembers(ctx context.Context, role role, holder schema.ID, ids []schema.ID) error {
	return inChunks(ids, func(args []any) error {
		_, err := s.exec(ctx, "DELETE FROM muster_members WHERE tenant = ? AND relation = ? AND holder = ? AND member IN "+marks(len(args)),
			append([]any{s.tenant, role.key(), holder}, args...)...)
		return err
	})
}

// addMembers adds those in the list of r whose ids are wanted, which are not
// members yet.
func (s rows) addMembers(ctx context.Context, role role, r *schema.Resource, wanted map[schema.ID]bool, w store.Write) error {
	if len(wanted) == 0 {
		return nil
	}
	var ids []schema.ID
	for e := range r.Values(role.links.List) {
		if id := role.links.ID(e); wanted[id] {
			wanted[id] = false
			ids = append(ids, id)
		}
	}
	known, err := s.resolve(ctx, role, r.ID(), ids, w)
	if err != nil || len(known) == 0 {
		return err
	}
	var last int64
	_, err = s.one(ctx, "SELECT COALESCE(MAX(seq), 0) FROM muster_members WHERE tenant = ? AND relation = ? AND holder = ?",
		[]any{s.tenant, role.key(), r.ID()}, &last)
	if err != nil {
		return err
	}
	list := make([][]any, len(known))
	for i, id := range known {
		list[i] = []any{s.tenant, role.key(), r.ID(), id, last + int64(i) + 1}
	}
	return s.insertAll(ctx, "muster_members (tenant, relation, holder, member, seq)", list)
}

// resolve returns the ids that exist and may be members, and locks them so that
// they stay.
func (s rows) resolve(ctx context.Context, role role, holder schema.ID, ids []schema.ID, w store.Write) (known []schema.ID, err error) {
	types, err := s.typesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	var above map[schema.ID]bool
	for _, id := range ids {
		name := types[id]
		if _, ok := role.Target(name); !ok {
			refused := &store.MemberError{Path: role.links.List.String(), ID: id, Err: store.ErrUnknownMember}
			if !w.Skips(role.Relation) {
				return nil, refused
			}
			if w.OnSkip != nil {
				w.OnSkip(refused)
			}
			continue
		}
		if name == role.Type && above == nil {
			if above, err = s.above(ctx, role, holder); err != nil {
				return nil, err
			}
		}
		if name == role.Type && above[id] {
			return nil, &store.MemberError{Path: role.links.List.String(), ID: id, Err: store.ErrCycle}
		}
		known = append(known, id)
	}
	return known, nil
}

// typesOf returns the types of the ids that exist. It locks in the order of the
// ids.
func (s rows) typesOf(ctx context.Context, ids []schema.ID) (map[schema.ID]string, error) {
	types := make(map[schema.ID]string, len(ids))
	sorted := slices.DeleteFunc(slices.Sorted(slices.Values(ids)), func(id schema.ID) bool { return !namable(id) })
	err := inChunks(sorted, func(args []any) error {
		query := "SELECT id, type FROM muster_resources WHERE tenant = ? AND id IN " + marks(len(args)) + " ORDER BY id" + s.tx.dialect.forShare()
		return s.each(ctx, query, append([]any{s.tenant}, args...), func(scan func(...any) error) error {
			var id schema.ID
			var name string
			err := scan(&id, &name)
			types[id] = name
			return err
		})
	})
	return types, err
}

// above returns the holder and everything that it is a part of. Whoever makes
// one holder a member of another waits for the others who do.
func (s rows) above(ctx context.Context, role role, holder schema.ID) (map[schema.ID]bool, error) {
	_, err := s.exec(ctx, s.tx.dialect.insertNew("muster_locks (tenant, name) VALUES (?, ?)"), s.tenant, role.key())
	if err == nil {
		var one int
		_, err = s.one(ctx, "SELECT 1 FROM muster_locks WHERE tenant = ? AND name = ?"+s.tx.dialect.forUpdate(), []any{s.tenant, role.key()}, &one)
	}
	above := map[schema.ID]bool{holder: true}
	for next := []schema.ID{holder}; len(next) > 0 && err == nil; {
		var found []schema.ID
		err = inChunks(next, func(args []any) error {
			query := "SELECT holder FROM muster_members WHERE tenant = ? AND relation = ? AND member IN " + marks(len(args))
			return s.each(ctx, query, append([]any{s.tenant, role.key()}, args...), func(scan func(...any) error) error {
				var id schema.ID
				err := scan(&id)
				if !above[id] {
					above[id] = true
					found = append(found, id)
				}
				return err
			})
		})
		next = found
	}
	return above, err
}

// endMemberships removes what a deleted resource held and takes it out of every
// list. The holders of those lists get a new version.
func (s rows) endMemberships(ctx context.Context, ref store.Ref, w store.Write) error {
	for _, rel := range s.db.relations {
		if rel.Type == ref.Type {
			_, err := s.exec(ctx, "DELETE FROM muster_members WHERE tenant = ? AND relation = ? AND holder = ?", s.tenant, keyOf(rel), ref.ID)
			if err != nil {
				return err
			}
		}
		holders := s.db.kinds[rel.Type]
		if _, ok := rel.Target(ref.Type); !ok || holders == nil {
			continue
		}
		if err := s.handle.rows(s.tx, holders).dropMember(ctx, rel, ref.ID, w); err != nil {
			return err
		}
	}
	return nil
}

// dropMember takes a member out of every list of a relation.
func (s rows) dropMember(ctx context.Context, rel store.Relation, id schema.ID, w store.Write) error {
	var holders []schema.ID
	err := s.each(ctx, "SELECT holder FROM muster_members WHERE tenant = ? AND relation = ? AND member = ? ORDER BY holder",
		[]any{s.tenant, keyOf(rel), id}, func(scan func(...any) error) error {
			var holder schema.ID
			err := scan(&holder)
			holders = append(holders, holder)
			return err
		})
	if err != nil || len(holders) == 0 {
		return err
	}
	w.Version = ""
	for _, holder := range holders {
		r, err := s.lock(ctx, holder, w)
		if err == nil {
			err = s.update(ctx, r, w.Stamp(r, r))
		}
		if err != nil {
			return err
		}
	}
	_, err = s.exec(ctx, "DELETE FROM muster_members WHERE tenant = ? AND relation = ? AND member = ?", s.tenant, keyOf(rel), id)
	return err
}
