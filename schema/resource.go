package schema

import (
	"iter"
	"time"
)

// Resource is one resource of a ResourceType: canonical names and typed values
// only, in schema order. It is immutable, so it may be shared, kept and read
// by any number of goroutines without copying; Edit starts a changed copy that
// shares whatever stays the same.
type Resource struct {
	typ    *ResourceType
	fields []Value // top-level record
}

// Type returns the resource's type.
func (r *Resource) Type() *ResourceType { return r.typ }

// ID returns the identifier that the service provider assigned, or "".
func (r *Resource) ID() ID { return ID(field(r.fields, r.typ.id.index).Text()) }

// ExternalID returns the identifier that the client assigned, or "".
func (r *Resource) ExternalID() ExternalID {
	return ExternalID(field(r.fields, r.typ.externalID.index).Text())
}

// Version returns meta.version, the entity tag, or "".
func (r *Resource) Version() string { return r.Get(Path{r.typ.version}).Text() }

// Created returns meta.created, or the zero time.
func (r *Resource) Created() time.Time {
	t, _ := r.Get(Path{r.typ.created}).Time()
	return t
}

// LastModified returns meta.lastModified, or the zero time.
func (r *Resource) LastModified() time.Time {
	t, _ := r.Get(Path{r.typ.modified}).Time()
	return t
}

// Get returns the value at p, or the zero Value if it is unassigned or p
// belongs to another type. For a path below a multi-valued attribute, such as
// emails.value, it returns the list of what the elements hold; Values reads
// the same without building a list.
func (r *Resource) Get(p Path) Value {
	if p.a == nil || p.a.owner != r.typ {
		return Value{}
	}
	if p.a == r.typ.schemas {
		return r.schemasValue()
	}
	if p.a.inList {
		var list []Value
		for v := range r.Values(p) {
			list = append(list, v)
		}
		return List(list...)
	}
	return r.single(p.a)
}

// single follows parents that hold one value each.
func (r *Resource) single(a *attr) Value { return single(r.fields, a) }

func single(fields []Value, a *attr) Value {
	if a.parent == nil {
		return field(fields, a.index)
	}
	return field(single(fields, a.parent).record(), a.index)
}

// record returns the fields of a complex value.
func (v Value) record() []Value {
	if v.kind != KindComplex {
		return nil
	}
	return v.children()
}

// Values iterates over every single value at p: the elements of a multi-valued
// attribute, and for a path below one what each element holds. Filters compare
// against exactly these (RFC 7644 §3.4.2.2).
func (r *Resource) Values(p Path) iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if p.a == nil || p.a.owner != r.typ {
			return
		}
		if p.a.inList {
			for e := range r.Values(Path{p.a.parent}) {
				if !yieldElements(e.Get(p), yield) {
					return
				}
			}
			return
		}
		yieldElements(r.Get(p), yield)
	}
}

func yieldElements(v Value, yield func(Value) bool) bool {
	for _, e := range v.All() {
		if !yield(e) {
			return false
		}
	}
	return true
}

// Schemas iterates over the URIs of "schemas": the base schema, then each
// extension that has data.
func (r *Resource) Schemas() iter.Seq[string] {
	return func(yield func(string) bool) {
		if !yield(r.typ.def.Schema.ID) {
			return
		}
		for _, e := range r.typ.byURN {
			if !field(r.fields, e.index).IsZero() && !yield(e.urn) {
				return
			}
		}
	}
}

func (r *Resource) schemasValue() Value {
	var list []Value
	for uri := range r.Schemas() {
		list = append(list, Reference(uri))
	}
	return List(list...)
}

// Equal reports whether r and other are of the same type and hold equal values.
func (r *Resource) Equal(other *Resource) bool {
	if r == other {
		return true
	}
	if r == nil || other == nil || r.typ != other.typ || len(r.fields) != len(other.fields) {
		return false
	}
	return parent(KindComplex, r.fields).Equal(parent(KindComplex, other.fields))
}

// Edit returns a Builder that starts from r. r itself never changes.
func (r *Resource) Edit() *Builder { return &Builder{typ: r.typ, fields: r.fields} }
