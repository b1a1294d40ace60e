package schema

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// Key is one value that must be unique, in prepared form.
type Key struct {
	// Path is the attribute.
	Path Path
	// Text is the value as Path.FoldValue prepares it.
	Text string
}

// Keys returns the values of r whose attribute has uniqueness server or global
// (RFC 7643 §7), prepared for comparison: a store must keep two resources of
// the type from having one in common. The id is not among them. Values of
// sub-attributes and of multi-valued attributes are included one by one.
func (r *Resource) Keys() []Key {
	var keys []Key
	for _, a := range r.typ.keys {
		p := Path{a}
		for v := range r.Values(p) {
			if text := p.FoldValue(v); text != "" {
				keys = append(keys, Key{p, text})
			}
		}
	}
	return keys
}

// FoldValue returns the prepared form of a single value v of p: two values are
// equal for p if and only if their prepared forms are the same bytes. Strings
// are folded as Fold does, numbers and dateTimes are brought to one notation
// for each number and each instant, and binary data to one base64 form. A
// complex value is prepared as its ElementKey. Lists and unassigned values give "".
func (p Path) FoldValue(v Value) string {
	switch v.kind {
	case KindString, KindReference:
		return p.Fold(v.Text())
	case KindInteger, KindDecimal:
		return foldNumber(v)
	case KindDateTime:
		return foldTime(v)
	case KindBinary:
		return foldBinary(v)
	case KindBoolean:
		return v.Text()
	case KindComplex:
		return p.ElementKey(v)
	default:
		return ""
	}
}

// ElementKey returns what identifies e among the elements of p: for a complex
// element its "value" in prepared form, for any other its FoldValue. A complex
// element without a value has no key, which is "".
func (p Path) ElementKey(e Value) string {
	switch {
	case e.kind != KindComplex:
		return p.FoldValue(e)
	case p.a == nil || p.a.value == nil:
		return ""
	}
	return Path{p.a.value}.FoldValue(field(e.children(), p.a.value.index))
}

// foldNumber gives every notation of a number the same text, as far as its
// exponent is of a size that is worth expanding.
func foldNumber(v Value) string {
	if text := v.Text(); v.kind == KindInteger && text != "-0" {
		return text
	}
	if r := v.Rat(); r != nil {
		return r.RatString()
	}
	return strings.ToLower(v.Text())
}

// foldBinary writes base64 in the standard alphabet with padding, as it mostly
// is already.
func foldBinary(v Value) string {
	text := v.Text()
	if n := len(text); n > 0 && n%4 == 0 && !strings.ContainsAny(text, "-_") {
		if _, err := base64.StdEncoding.Strict().DecodeString(text[n-4:]); err == nil {
			return text
		}
	}
	return base64.StdEncoding.EncodeToString(v.Bytes())
}

// foldTime writes the instant in UTC, so that the texts also sort by time.
func foldTime(v Value) string {
	t, ok := v.Time()
	if !ok {
		return v.Text()
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000000Z")
}

// Identity returns what makes e different from the other elements of p (RFC
// 7643 §2.4): two elements with the same identity are the same value, and a
// list should hold it once. For references to resources, such as members of a
// group, this is the ElementKey; for other complex values it is all
// sub-attributes, except that primary is false where it is missing.
func (p Path) Identity(e Value) string {
	if e.kind != KindComplex || p.a == nil {
		return p.FoldValue(e)
	}
	if key := p.ElementKey(e); p.a.ref != nil && key != "" {
		return key
	}
	var b strings.Builder
	p.a.identify(&b, e.children())
	return b.String()
}

// identify writes every member with its length in front, so that no two
// different records give the same text.
func (a *attr) identify(b *strings.Builder, record []Value) {
	for _, f := range record {
		if f.kind == KindRaw {
			writeCounted(b, rawAttr, f.Text())
			continue
		}
		sub := a.subs[f.attr]
		if sub == a.primary && !f.Bool() {
			continue
		}
		for _, v := range f.All() {
			writeCounted(b, f.attr, Path{sub}.Identity(v))
		}
	}
}

func writeCounted(b *strings.Builder, attr uint16, text string) {
	b.WriteString(strconv.Itoa(int(attr)))
	b.WriteByte(':')
	b.WriteString(strconv.Itoa(len(text)))
	b.WriteByte(':')
	b.WriteString(text)
}
