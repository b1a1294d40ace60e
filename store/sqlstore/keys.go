package sqlstore

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// entry is a row of muster_values: one value at an indexed path.
type entry struct {
	path    string
	element int
	key     string
}

// compare is the order of the rows of one resource.
func (e entry) compare(o entry) int {
	return cmp.Or(strings.Compare(e.path, o.path), strings.Compare(e.key, o.key), cmp.Compare(e.element, o.element))
}

// entries returns the rows of a resource in an order, each once, so that writers
// of equal values do not lock each other out.
func (k *kind) entries(r *schema.Resource) (found []entry) {
	if r == nil {
		return nil
	}
	for _, p := range k.indexed {
		if k.roleAt(p) == nil {
			found = k.appendSortEntry(k.appendEntries(found, r, p), r, p)
		}
	}
	for _, c := range k.combined {
		if key, ok := c.key(r.Get); ok {
			found = append(found, entry{path: c.name, key: key})
		}
	}
	slices.SortFunc(found, entry.compare)
	return slices.Compact(found)
}

// without returns the entries that are not in other; both are in order.
func without(entries, other []entry) (rest []entry) {
	for _, e := range entries {
		if _, found := slices.BinarySearchFunc(other, e, entry.compare); !found {
			rest = append(rest, e)
		}
	}
	return rest
}

// setKeys makes the rows of unique keys and indexed values of r, in place of
// those of old.
func (s rows) setKeys(ctx context.Context, old, r *schema.Resource, w store.Write) error {
	if err := s.setUnique(ctx, old != nil, r, w); err != nil {
		return err
	}
	was, is := s.entries(old), s.entries(r)
	for _, e := range without(was, is) {
		_, err := s.exec(ctx, "DELETE FROM muster_values WHERE tenant = ? AND id = ? AND path = ? AND element = ? AND value = ?",
			s.tenant, r.ID(), e.path, e.element, column(e.key))
		if err != nil {
			return err
		}
	}
	return s.insertValues(ctx, r.ID(), without(is, was))
}

// insertValues makes the rows of entries of a resource; those that are there
// already stay.
func (s rows) insertValues(ctx context.Context, id schema.ID, entries []entry) error {
	list := make([][]any, len(entries))
	for i, e := range entries {
		var whole []byte
		if len(e.key) > maxKey {
			whole = []byte(e.key)
		}
		list[i] = []any{s.tenant, s.typ.Name(), e.path, column(e.key), id, e.element, whole}
	}
	return s.insertAll(ctx, "muster_values (tenant, type, path, value, id, element, whole)", list)
}

// appendEntries numbers the values below a multi-valued attribute by the element
// that has them.
func (k *kind) appendEntries(found []entry, r *schema.Resource, p schema.Path) []entry {
	path := p.String()
	add := func(element int, v schema.Value) {
		if v.Kind() != schema.KindList {
			if !v.IsZero() {
				found = append(found, entry{path, element, sortKey(p, v)})
			}
			return
		}
		for i, e := range v.All() {
			if !p.Parent().MultiValued() {
				element = i
			}
			found = append(found, entry{path, element, sortKey(p, e)})
		}
	}
	if !p.Parent().MultiValued() {
		add(0, r.Get(p))
		return found
	}
	for i, e := range r.Get(p.Parent()).All() {
		add(i, e.Get(p))
	}
	return found
}

// insertAll inserts rows, many at a time; those that are there already stay.
func (t *tx) insertAll(ctx context.Context, into string, list [][]any) error {
	if len(list) == 0 {
		return nil
	}
	return t.insertRows(ctx, t.dialect.insertNew, into, marks(len(list[0])), list)
}

// insertRows is insertAll with an INSERT and the expressions of a row.
func (t *tx) insertRows(ctx context.Context, insert func(rest string) string, into, row string, list [][]any) error {
	const most = 500
	for chunk := range slices.Chunk(list, most) {
		args := make([]any, 0, len(chunk)*len(chunk[0]))
		for _, values := range chunk {
			args = append(args, values...)
		}
		values := strings.TrimSuffix(strings.Repeat(row+",", len(chunk)), ",")
		if _, err := t.exec(ctx, insert(into+" VALUES "+values), args...); err != nil {
			return err
		}
	}
	return nil
}

// uniqueKey is a row of muster_unique.
type uniqueKey struct{ path, value string }

// setUnique takes the unique keys of r that have no column of their own, and
// frees those that it had.
func (s rows) setUnique(ctx context.Context, exists bool, r *schema.Resource, w store.Write) error {
	had := map[uniqueKey]bool{}
	if exists {
		if err := s.uniqueOf(ctx, r.ID(), had); err != nil {
			return err
		}
	}
	for _, key := range w.Keys(r) {
		if key.Path == s.key {
			continue
		}
		value := column(key.Text)
		k := uniqueKey{key.Path.String(), string(value)}
		if had[k] {
			delete(had, k)
			continue
		}
		if err := s.take(ctx, key.Path, key.Text, r.ID()); err != nil {
			return err
		}
	}
	for k := range had {
		_, err := s.exec(ctx, "DELETE FROM muster_unique WHERE tenant = ? AND type = ? AND path = ? AND value = ? AND id = ?",
			s.tenant, s.typ.Name(), k.path, []byte(k.value), r.ID())
		if err != nil {
			return err
		}
	}
	return nil
}

// uniqueOf reads the unique keys of a resource.
func (s rows) uniqueOf(ctx context.Context, id schema.ID, into map[uniqueKey]bool) error {
	return s.each(ctx, "SELECT path, value FROM muster_unique WHERE tenant = ? AND id = ?", []any{s.tenant, id},
		func(scan func(...any) error) error {
			var path string
			var value []byte
			err := scan(&path, &value)
			into[uniqueKey{path, string(value)}] = true
			return err
		})
}

// take makes a key that of a resource. Another one that has it is a conflict;
// so is an indexed value that was stored by a write that did not mind.
func (s rows) take(ctx context.Context, p schema.Path, text string, id schema.ID) error {
	if err := fits(p.String()); err != nil {
		return err
	}
	ref, value := store.Ref{Type: s.typ.Name()}, column(text)
	n, err := s.exec(ctx, s.tx.dialect.insertNew("muster_unique (tenant, type, path, value, id) VALUES (?, ?, ?, ?, ?)"),
		s.tenant, s.typ.Name(), p.String(), value, id)
	if err != nil {
		return err
	}
	if n == 0 {
		_, err = s.one(ctx, "SELECT id FROM muster_unique WHERE tenant = ? AND type = ? AND path = ? AND value = ?",
			[]any{s.tenant, s.typ.Name(), p.String(), value}, &ref.ID)
		if err == nil && ref.ID == id {
			return nil
		}
		return orConflict(err, p, ref)
	}
	if p.Uniqueness() != schema.UniquenessNone || !s.indexes(p) {
		return nil
	}
	found, err := s.one(ctx, "SELECT id FROM muster_values WHERE tenant = ? AND type = ? AND path = ? AND value = ? AND id <> ?",
		[]any{s.tenant, s.typ.Name(), p.String(), column(foldedKey(p, text)), id}, &ref.ID)
	if err != nil || found {
		return orConflict(err, p, ref)
	}
	return nil
}
