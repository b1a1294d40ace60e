package patch

import "github.com/muster-scim/muster/schema"

// Differences returns the attributes in which two states of a resource differ,
// in the order of the schema: what Result.Diffs has for a change that was made by
// other means. Attributes that only the service provider writes do not count, nor
// does schemas. Either state may be nil, as before a creation and after a
// deletion.
func Differences(before, after *schema.Resource) (list []Difference) {
	one := after
	if one == nil {
		one = before
	}
	if one == nil {
		return nil
	}
	for p := range one.Type().Attributes() {
		if p.Mutability() == schema.ReadOnly || p == one.Type().SchemasPath() {
			continue
		}
		if d := (Difference{Path: p, Old: valueOf(before, p), New: valueOf(after, p)}); !d.Old.Equal(d.New) {
			list = append(list, d)
		}
	}
	return list
}

// valueOf returns a value of r, or none if r is nil.
func valueOf(r *schema.Resource, p schema.Path) schema.Value {
	if r == nil {
		return schema.Value{}
	}
	return r.Get(p)
}
