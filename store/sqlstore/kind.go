package sqlstore

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// kind is a resource type as the tables see it.
type kind struct {
	typ      *schema.ResourceType
	roles    []role
	indexed  []schema.Path
	combined []combined
	unique   []schema.Path // the id, and what the schema says is unique
	key      schema.Path   // that of unique with a column of its own, if there is one
}

// role is the part that a resource type plays in one relation: it holds the
// list, or it shows its memberships.
type role struct {
	store.Relation
	holder bool
	links  store.Links
}

func newKind(t *schema.ResourceType, rels []store.Relation, indexes []string, together [][]string) *kind {
	k := &kind{typ: t, indexed: []schema.Path{t.ExternalIDPath()}}
	if t.IDPath().CaseExact() {
		k.unique = append(k.unique, t.IDPath())
	}
	for p := range t.AllPaths() {
		if p.Uniqueness() != schema.UniquenessNone && p != t.IDPath() && !p.IsExtension() && p.Type() != schema.TypeComplex {
			k.indexed = append(k.indexed, p)
			k.unique = append(k.unique, p)
			if k.key.IsZero() && !manyValued(p) {
				k.key = p
			}
		}
	}
	for _, name := range indexes {
		if p, err := t.Path(name); err == nil && p.Type() != schema.TypeComplex && !k.indexes(p) {
			k.indexed = append(k.indexed, p)
		}
	}
	k.addRoles(rels)
	for _, names := range together {
		k.combine(names)
	}
	return k
}

// addRoles finds the parts that the type plays.
func (k *kind) addRoles(rels []store.Relation) {
	t := k.typ
	for _, rel := range rels {
		if rel.Type == t.Name() {
			if links, ok := store.LinksOf(t, rel.Attribute); ok {
				k.roles = append(k.roles, role{rel, true, links})
			}
		}
		if target, ok := rel.Target(t.Name()); ok {
			if links, ok := store.LinksOf(t, target.Inverse); ok {
				k.roles = append(k.roles, role{rel, false, links})
			}
		}
	}
}

// names are what the tables call the type, its values and its relations.
func (k *kind) names() []string {
	names := []string{k.typ.Name()}
	for _, p := range k.indexed {
		names = append(names, p.String())
	}
	for _, c := range k.combined {
		names = append(names, c.name)
	}
	for _, r := range k.roles {
		names = append(names, r.key())
	}
	return names
}

func (k *kind) indexes(p schema.Path) bool {
	for _, q := range k.indexed {
		if p == q {
			return true
		}
	}
	return false
}

// manyValued reports whether a resource may have several values at p.
func manyValued(p schema.Path) bool { return p.MultiValued() || p.Parent().MultiValued() }

// keyColumns returns what the columns for look-ups hold of r: nil is NULL.
func (k *kind) keyColumns(r *schema.Resource) (unique, external []byte) {
	if text := k.key.FoldValue(r.Get(k.key)); text != "" {
		unique = column(text)
	}
	p := k.typ.ExternalIDPath()
	if v := r.Get(p); !v.IsZero() {
		external = column(p.FoldValue(v))
	}
	return unique, external
}

// roleAt returns the role whose list p is or lies in, or nil.
func (k *kind) roleAt(p schema.Path) *role {
	for i := range k.roles {
		if k.roles[i].links.Holds(p) {
			return &k.roles[i]
		}
	}
	return nil
}

// bare returns r without what is kept as rows or derived.
func (k *kind) bare(r *schema.Resource) *schema.Resource {
	for _, role := range k.roles {
		r = with(r, role.links, nil)
	}
	return r
}

// with sets the list of r. It cannot fail: the elements are of its own links.
func with(r *schema.Resource, links store.Links, list []schema.Value) *schema.Resource {
	if len(list) == 0 && r.Get(links.List).IsZero() {
		return r
	}
	b := r.Edit()
	if b.Set(links.List, schema.List(list...)) != nil {
		return r
	}
	return b.Resource()
}

// decode reads a document.
func (k *kind) decode(doc []byte) (*schema.Resource, error) {
	r, err := k.typ.DecodeStored(doc)
	if err != nil {
		return nil, fmt.Errorf("sqlstore: a stored %s cannot be read: %w", k.typ.Name(), err)
	}
	return r, nil
}

// names returns what names a resource in each relation, in the form in which it
// is kept beside the document: one line for each.
func (db *DB) names(r *schema.Resource) string {
	var b bytes.Buffer
	for _, rel := range db.relations {
		b.WriteString(intoLine.Replace(rel.Name(r)) + "\n")
	}
	return b.String()
}

// What a name cannot have in a line.
var (
	intoLine  = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\x00", `\0`)
	outOfLine = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\0`, "\x00")
)

// nameIn reads the line of a relation.
func (db *DB) nameIn(rel store.Relation, names string) string {
	lines := strings.Split(names, "\n")
	for i, other := range db.relations {
		if other.Type == rel.Type && other.Attribute == rel.Attribute && i < len(lines) {
			return outOfLine.Replace(lines[i])
		}
	}
	return ""
}

// maxKey is the length from which a prepared key is cut: with what stands for
// the rest, it fits the smallest limit of an index.
const maxKey = 512

// column returns the form of a prepared key in a KEY column: the key itself, or
// if it is long its beginning and a hash of all of it, so that equal keys and no
// others are equal.
func column(key string) []byte {
	if len(key) <= maxKey {
		return []byte(key)
	}
	sum := sha256.Sum256([]byte(key))
	return append([]byte(key[:maxKey]), sum[:]...)
}
