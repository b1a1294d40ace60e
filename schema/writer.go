package schema

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// writer is the state of one AppendJSON. Its methods report whether they wrote
// anything; what they did write of something empty they take back.
type writer struct {
	out      []byte
	shown    []bool  // by ord; nil shows everything
	raw      bool    // whether preserved unknown members are shown
	gone     []*attr // extensions that must not be seen
	location func(resourceType string, id ID) string
	err      error
}

func (w *writer) configure(t *ResourceType, e *Encoding) {
	if e.All {
		w.shown = nil
		return
	}
	w.location = e.Location
	if e.Projection != nil && e.Projection.typ == t {
		w.shown, w.raw, w.gone = e.Projection.shown, e.Projection.raw, e.Projection.gone
	}
}

func (w *writer) shows(a *attr) bool { return w.shown == nil || w.shown[a.ord] }

// resource writes the members in schema order. Two of them are special: schemas
// is not stored, and meta is there even if only its location is known.
func (w *writer) resource(r *Resource) {
	w.out = append(w.out, '{')
	w.schemas(r)
	before, meta, after := splitAt(r.fields, r.typ.meta.index)
	w.members(r.typ.root, before)
	w.meta(r, meta)
	w.members(r.typ.root, after)
	w.out = append(w.out, '}')
}

// splitAt splits a record around the field at position index.
func splitAt(record []Value, index uint16) (before []Value, at Value, after []Value) {
	i := 0
	for i < len(record) && record[i].attr < index {
		i++
	}
	if i < len(record) && record[i].attr == index {
		return record[:i], record[i], record[i+1:]
	}
	return record[:i], Value{}, record[i:]
}

func (w *writer) schemas(r *Resource) {
	w.out = append(append(w.out, r.typ.schemas.member...), '[')
	for uri := range r.Schemas() {
		if !w.isGone(uri) {
			w.comma()
			w.quote(uri)
		}
	}
	w.out = append(w.out, ']')
}

func (w *writer) isGone(uri string) bool {
	return slices.ContainsFunc(w.gone, func(a *attr) bool { return a.urn == uri })
}

func (w *writer) meta(r *Resource, v Value) {
	a, d := r.typ.meta, derived{}
	if id := r.ID(); w.location != nil && id != "" && w.shows(r.typ.location) {
		d = derived{r.typ.location, w.location(r.typ.def.Name, id)}
	}
	if v.IsZero() && d.a == nil || !w.shows(a) {
		return
	}
	mark := len(w.out)
	w.comma()
	w.out = append(w.out, a.member...)
	if !w.record(a, v.record(), d) {
		w.out = w.out[:mark]
	}
}

func (w *writer) members(a *attr, record []Value) {
	for _, f := range record {
		if f.kind == KindRaw {
			w.unknown(f)
			continue
		}
		w.member(a.subs[f.attr], f)
	}
}

func (w *writer) member(a *attr, v Value) {
	if !w.shows(a) {
		return
	}
	mark := len(w.out)
	w.comma()
	w.out = append(w.out, a.member...)
	if !w.value(a, v) {
		w.out = w.out[:mark]
	}
}

func (w *writer) unknown(v Value) {
	if w.raw {
		w.comma()
		w.out = append(w.out, textOf(v)...)
	}
}

func (w *writer) value(a *attr, v Value) bool {
	switch v.kind {
	case KindNone:
		return false
	case KindComplex:
		record := v.children()
		return w.record(a, record, w.reference(a, record))
	case KindList:
		return w.list(a, v)
	case KindBoolean, KindInteger, KindDecimal, KindRaw:
		w.out = append(w.out, v.Text()...)
	default:
		w.quote(textOf(v))
	}
	return true
}

func (w *writer) list(a *attr, v Value) bool {
	start := len(w.out)
	w.out = append(w.out, '[')
	for _, e := range v.All() {
		mark := len(w.out)
		w.comma()
		if !w.value(a, e) {
			w.out = w.out[:mark]
		}
	}
	return w.end(start, ']')
}

// derived is a member that is computed instead of stored.
type derived struct {
	a    *attr
	text string
}

// record writes the members of a complex value and d, if there is one, in its
// place among them.
func (w *writer) record(a *attr, record []Value, d derived) bool {
	start := len(w.out)
	w.out = append(w.out, '{')
	if d.a == nil {
		w.members(a, record)
	} else {
		before, _, after := splitAt(record, d.a.index)
		w.members(a, before)
		w.member(d.a, scalar(KindReference, d.text))
		w.members(a, after)
	}
	return w.end(start, '}')
}

// reference computes the $ref of a reference to a resource from its value (RFC
// 7643 §2.4), if the type of that resource is known.
func (w *writer) reference(a *attr, record []Value) derived {
	if w.location == nil || len(a.targets) == 0 || !w.shows(a.ref) {
		return derived{}
	}
	id, target := field(record, a.value.index).Text(), a.target(record)
	if id == "" || target == "" {
		return derived{}
	}
	return derived{a.ref, w.location(target, ID(id))}
}

// target is the resource type that a reference points to: the only possible
// one, or the one that its "type" names.
func (a *attr) target(record []Value) string {
	if len(a.targets) == 1 {
		return a.targets[0]
	}
	if a.typ == nil {
		return ""
	}
	text := field(record, a.typ.index).Text()
	for _, name := range a.targets {
		if strings.EqualFold(name, text) {
			return name
		}
	}
	return ""
}

// end closes what was opened at start, or takes it back if it is empty.
func (w *writer) end(start int, closing byte) bool {
	if len(w.out) == start+1 {
		w.out = w.out[:start]
		return false
	}
	w.out = append(w.out, closing)
	return true
}

func (w *writer) comma() {
	if last := w.out[len(w.out)-1]; last != '{' && last != '[' {
		w.out = append(w.out, ',')
	}
}

func (w *writer) quote(text string) {
	out, err := jsontext.AppendQuote(w.out, text)
	w.out = out
	if err != nil && w.err == nil {
		w.err = err
	}
}
