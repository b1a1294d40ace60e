package schema

import (
	"fmt"
	"time"
	"unicode/utf8"
)

// Builder makes a Resource, from nothing or from another one. Every value is
// checked against the type as it is set, so a Resource never holds a value
// that its schema does not allow; whether required attributes are there and
// immutable ones were left alone is for CheckCreate and CheckReplace to see,
// because only the caller knows whose values these are. A Builder must not be
// used concurrently.
type Builder struct {
	typ    *ResourceType
	fields []Value
}

// New returns a Builder for an empty resource of type t.
func (t *ResourceType) New() *Builder { return &Builder{typ: t} }

// Resource returns the resource built so far. The Builder can be used further
// without changing it.
func (b *Builder) Resource() *Resource { return &Resource{typ: b.typ, fields: b.fields} }

// Get returns the value at p, like Resource.Get.
func (b *Builder) Get(p Path) Value {
	if p.a == nil || p.a.owner != b.typ || p.a == b.typ.schemas || p.a.inList {
		return b.Resource().Get(p)
	}
	return single(b.fields, p.a)
}

// Set assigns v to p; the zero Value unassigns p. Setting a sub-attribute
// creates the complex attribute around it, and unassigning the last one
// removes it. It returns a *PathError if p belongs to another type, lies below
// a multi-valued attribute (set the whole list instead), is "schemas" (which
// follows from the data), or if v does not conform to p.
func (b *Builder) Set(p Path, v Value) error {
	if err := b.settable(p); err != nil {
		return err
	}
	if err := p.a.conform(b.Get(p), v); err != nil {
		return err
	}
	b.fields = b.with(p.a, v)
	return nil
}

// SetID assigns the identifier.
func (b *Builder) SetID(id ID) { b.put(b.typ.id, stringOrNone(string(id))) }

// SetExternalID assigns the client's identifier; "" unassigns it.
func (b *Builder) SetExternalID(id ExternalID) { b.put(b.typ.externalID, stringOrNone(string(id))) }

// SetMeta assigns meta: the type's name, the two times in UTC and the version.
// Zero times and an empty version are left out. The location is not stored: it
// is written from the base URL when the resource is encoded.
func (b *Builder) SetMeta(created, modified time.Time, version string) {
	was := single(b.fields, b.typ.meta).record()
	record := append(make([]Value, 0, len(was)+4), was...)
	for _, f := range [...]struct {
		a *attr
		v Value
	}{
		{b.typ.metaType, String(b.typ.def.Name)},
		{b.typ.created, timeOrNone(created)},
		{b.typ.modified, timeOrNone(modified)},
		{b.typ.version, stringOrNone(version)},
	} {
		record = putField(record, f.a.index, f.v)
	}
	b.put(b.typ.meta, complexOf(record))
}

func (b *Builder) put(a *attr, v Value) { b.fields = b.with(a, v) }

// with returns the top-level record with v at a.
func (b *Builder) with(a *attr, v Value) []Value {
	for a.parent != nil {
		v = complexOf(withField(single(b.fields, a.parent).record(), a.index, v))
		a = a.parent
	}
	return withField(b.fields, a.index, v)
}

func (b *Builder) settable(p Path) error {
	switch {
	case p.a == nil || p.a.owner != b.typ:
		return &PathError{Path: p.String(), Offset: -1, Err: ErrUnknownAttribute, Detail: fmt.Sprintf("not an attribute of %s", b.typ.Name())}
	case p.a == b.typ.schemas:
		return &PathError{Path: "schemas", Offset: -1, Err: ErrValue, Detail: "follows from the data and cannot be set"}
	case p.a.inList:
		return &PathError{Path: p.String(), Offset: -1, Err: ErrValue, Detail: "is part of a multi-valued attribute; set the whole list"}
	}
	return nil
}

// conform checks that v is what the definition of a says: its kind, a list
// only where allowed, and the same for every child. What it shares with old,
// which conforms, is not looked at again.
func (a *attr) conform(old, v Value) error {
	switch {
	case v.kind == KindNone:
		return nil
	case v.kind == KindList && a.def.MultiValued:
		return a.conformList(old, v)
	case a.def.MultiValued:
		return a.mismatch(v)
	default:
		return a.conformSingle(v)
	}
}

// conformList is apart from conform because its loop allocates.
func (a *attr) conformList(old, v Value) error {
	for i, e := range v.added(old) {
		if err := a.conformSingle(e); err != nil {
			return fmt.Errorf("value %d: %w", i, err)
		}
	}
	return nil
}

func (a *attr) conformSingle(v Value) error {
	if v.kind != a.kind {
		return a.mismatch(v)
	}
	if (v.kind == KindString || v.kind == KindReference) && !utf8.ValidString(textOf(v)) {
		return &PathError{Path: a.canonical, Offset: -1, Err: ErrValue, Characteristic: "type", Detail: "is not UTF-8"}
	}
	for _, f := range v.record() {
		if f.kind == KindRaw {
			continue
		}
		if int(f.attr) >= len(a.subs) {
			return &PathError{Path: a.canonical, Offset: -1, Err: ErrValue, Detail: "has a sub-attribute of another attribute"}
		}
		if err := a.subs[f.attr].conform(Value{}, f); err != nil {
			return err
		}
	}
	return nil
}

func (a *attr) mismatch(v Value) error {
	want := string(a.def.Type)
	if a.def.MultiValued && v.kind != KindList {
		want = "list of " + want
	}
	return &PathError{Path: a.canonical, Offset: -1, Err: ErrValue, Characteristic: "type", Detail: fmt.Sprintf("wants a %s, not a %s", want, v.kind)}
}

func stringOrNone(text string) Value {
	if text == "" {
		return Value{}
	}
	return String(text)
}

func timeOrNone(t time.Time) Value {
	if t.IsZero() {
		return Value{}
	}
	return DateTime(t)
}
