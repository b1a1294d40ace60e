package patch

import "github.com/muster-scim/muster/schema"

// keepReferences returns what p holds after the references in v are written
// over those in old. A resource that is referred to before and after stays as
// it is known: the parts that only the service provider writes are kept, and
// old itself is returned if the same resources are referred to in another
// order.
func keepReferences(p schema.Path, old, v schema.Value) schema.Value {
	if !p.MultiValued() {
		if agrees(p, old, v) {
			return old
		}
		return v
	}
	known := make(map[string]schema.Value, old.Len())
	for _, each := range old.All() {
		known[p.Identity(each)] = each
	}
	kept := 0
	list := make([]schema.Value, 0, v.Len())
	for _, each := range v.All() {
		before, ok := known[p.Identity(each)]
		if ok {
			each = keepFixed(p, before, each)
			if each.Equal(before) {
				kept++
			}
		}
		list = append(list, each)
	}
	if kept == old.Len() && kept == len(list) && kept == len(known) {
		return old
	}
	return schema.List(list...)
}

// keepFixed gives v the sub-attributes of old that a client cannot change.
func keepFixed(p schema.Path, old, v schema.Value) schema.Value {
	for sub := range p.Subs() {
		if held := old.Get(sub); !held.IsZero() && sub.Mutability() != schema.ReadWrite && sub.Mutability() != schema.WriteOnly {
			v = v.With(sub, held)
		}
	}
	return v
}
