package sqlstore

import (
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// overflow returns what is kept of r besides columns and child tables: what has
// no place there, and what its place does not show as it is.
func (t *ownTable) overflow(r *schema.Resource) (string, error) {
	rest, err := t.rest(r)
	if err != nil {
		return "", err
	}
	if t.Overflow == "" {
		return "", t.refuseRest(rest)
	}
	if t.created == nil || t.updated == nil || t.Version == "" {
		b := rest.Edit()
		b.SetMeta(ifNone(t.created, r.Created()), ifNone(t.updated, r.LastModified()), t.tag())
		rest = b.Resource()
	}
	text, err := rest.AppendJSON(nil, &schema.Encoding{All: true})
	return string(text), err
}

// ifNone is a time that has no column of its own.
func ifNone(f *field, at time.Time) time.Time {
	if f != nil {
		return time.Time{}
	}
	return at
}

// tag is a new tag, unless there is a column that counts.
func (t *ownTable) tag() string {
	if t.Version != "" {
		return ""
	}
	return store.NewVersion()
}

// rest returns r without what its columns and child tables hold.
func (t *ownTable) rest(r *schema.Resource) (*schema.Resource, error) {
	b := r.Edit()
	drop := []schema.Path{t.Type.IDPath(), t.Type.MetaPath()}
	for _, role := range t.roles {
		drop = append(drop, role.links.List)
	}
	for _, f := range t.fields {
		if v := r.Get(f.path); f.ReadOnly || !f.spare || f.shows(v).Equal(v) {
			drop = append(drop, f.path)
		}
	}
	for _, l := range t.lists {
		if v := r.Get(l.path); !l.spare || l.shows(v).Equal(v) {
			drop = append(drop, l.path)
		}
	}
	for _, p := range drop {
		if b.Get(p).IsZero() {
			continue
		}
		if err := b.Set(p, schema.Value{}); err != nil {
			return nil, err
		}
	}
	return b.Resource(), nil
}

// refuseRest is the error for what there is no place for.
func (t *ownTable) refuseRest(rest *schema.Resource) error {
	for p := range t.Type.Paths() {
		if p != t.Type.SchemasPath() && !rest.Get(p).IsZero() {
			return refuse(p, "has no place in the tables")
		}
	}
	if !rest.Equal(t.Type.New().Resource()) {
		return refuse(schema.Path{}, "an unknown attribute has no place in the tables")
	}
	return nil
}

// verify compares what was to be stored with what the tables show: a column
// may be too short, drop what it does not like, or be changed by a trigger.
func (t *ownTable) verify(want, got *schema.Resource) error {
	for _, f := range t.fields {
		if !f.ReadOnly && !kept(f.path, want.Get(f.path), got.Get(f.path)) {
			return refuse(f.path, "cannot be kept as it is: its column changes it")
		}
	}
	for _, l := range t.lists {
		w, g := want.Get(l.path), got.Get(l.path)
		if w.Len() != g.Len() {
			return refuse(l.path, "cannot be kept as it is: its table changes it")
		}
		for _, f := range l.fields {
			for i := range w.Len() {
				if !kept(f.path, l.part(w.At(i), f.path), l.part(g.At(i), f.path)) && l.Order != "" {
					return refuse(f.path, "cannot be kept as it is: its column changes it")
				}
			}
		}
	}
	return nil
}

// kept reports whether got stands for want: an equal value, perhaps in another
// notation; a time of less precision; or what the database has for no value.
func kept(p schema.Path, want, got schema.Value) bool {
	if want.IsZero() || want.Equal(got) {
		return true
	}
	if a, ok := want.Time(); ok {
		b, ok := got.Time()
		return ok && a.Sub(b).Abs() < time.Second
	}
	if want.Kind() == schema.KindList || want.Kind() == schema.KindComplex {
		return false
	}
	return p.FoldValue(want) == p.FoldValue(got)
}
