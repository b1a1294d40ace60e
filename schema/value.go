package schema

import (
	"encoding/base64"
	"iter"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unsafe"
)

// Kind tells what a Value holds.
type Kind uint8

// The kinds of a Value. Scalars mirror the data types of RFC 7643 §2.3; List
// holds the values of a multi-valued attribute; KindRaw is JSON that no schema
// describes, kept because the host asked to preserve unknown attributes.
const (
	KindNone Kind = iota
	KindString
	KindBoolean
	KindDecimal
	KindInteger
	KindDateTime
	KindBinary
	KindReference
	KindComplex
	KindList
	KindRaw
)

// Value is one immutable attribute value. The zero Value is an unassigned
// attribute (RFC 7643 §2.5). Values are small and safe to copy and to share
// between goroutines; compare them with Equal.
//
// A scalar keeps the text that it was written with, so numbers of any size,
// dateTimes with any offset or fraction, and base64 data come out as they went
// in.
//
// A directory holds millions of values, so a Value is 16 bytes: a pointer to
// the text or to the first child, their number, and the position in the parent.
// The functions at the end of this file, and spineOf for long lists, are the
// only ones that look through the pointer.
type Value struct {
	_    [0]func() // not comparable: == would compare addresses
	data unsafe.Pointer
	size uint32
	attr uint16 // index in the parent record
	kind Kind

	spread bool // a long list: data is a *spine
}

// Kind returns what v holds.
func (v Value) Kind() Kind { return v.kind }

// IsZero reports whether v is unassigned.
func (v Value) IsZero() bool { return v.kind == KindNone }

// Text returns the text of a scalar: a string as it is, a number or dateTime
// in its lexical form, "true" or "false", base64 for binary data, and "" for
// anything else.
func (v Value) Text() string {
	switch v.kind {
	case KindNone, KindComplex, KindList:
		return ""
	case KindBoolean:
		return strconv.FormatBool(v.size == 1)
	default:
		return textOf(v)
	}
}

// Bool returns the value of a boolean, and false for anything else.
func (v Value) Bool() bool { return v.kind == KindBoolean && v.size == 1 }

// Int returns the value of an integer, and whether it is one that an int64
// can hold.
func (v Value) Int() (int64, bool) {
	if v.kind != KindInteger {
		return 0, false
	}
	n, err := strconv.ParseInt(textOf(v), 10, 64)
	return n, err == nil
}

// Rat returns the exact value of a decimal or integer, or nil. Numbers whose
// exponent is too large to be worth expanding give nil too.
func (v Value) Rat() *big.Rat {
	if v.kind != KindInteger && v.kind != KindDecimal {
		return nil
	}
	return parseRat(textOf(v))
}

// Time returns the instant of a dateTime, and whether v is one. A dateTime
// without a zone is read as UTC.
func (v Value) Time() (time.Time, bool) {
	if v.kind != KindDateTime {
		return time.Time{}, false
	}
	return parseDateTime(textOf(v))
}

// Bytes returns the data of a binary value, or nil.
func (v Value) Bytes() []byte {
	if v.kind != KindBinary {
		return nil
	}
	data, _ := decodeBase64(textOf(v))
	return data
}

// Len returns the number of values of a list, and the number of assigned
// sub-attributes of a complex value.
func (v Value) Len() int {
	if v.kind == KindList || v.kind == KindComplex {
		return int(v.size)
	}
	return 0
}

// At returns element i of a list; it panics if i is out of range, like an
// index into a slice.
func (v Value) At(i int) Value {
	if v.spread {
		return v.spineOf().at(i)
	}
	return v.elements()[i]
}

// All iterates over the elements of a list. A single value that is not a list
// is its only element; an unassigned value has none.
func (v Value) All() iter.Seq2[int, Value] {
	return func(yield func(int, Value) bool) {
		if v.kind != KindList {
			_ = v.kind == KindNone || yield(0, v)
			return
		}
		if v.spread {
			v.spineOf().yieldAll(yield)
			return
		}
		for i, e := range v.children() {
			if !yield(i, e) {
				return
			}
		}
	}
}

// Get returns the sub-attribute p of a complex value, or the zero Value. Only
// the last step of p counts, so the Path of "emails.value" reads the value of
// one element of emails.
func (v Value) Get(p Path) Value {
	if v.kind != KindComplex || p.a == nil {
		return Value{}
	}
	return field(v.children(), p.a.index)
}

// Equal reports whether v and w hold the same kind with the same text, and for
// lists and complex values the same children in the same order.
func (v Value) Equal(w Value) bool {
	if v.kind != w.kind || v.size != w.size {
		return false
	}
	switch v.kind {
	case KindNone, KindBoolean:
		return true
	case KindComplex:
		return v.data == w.data || equalRecords(v.children(), w.children())
	case KindList:
		return v.data == w.data || equalLists(v, w)
	default:
		return textOf(v) == textOf(w)
	}
}

// same reports whether v and w are not only equal but the same in memory, which
// is quickly seen.
func (v Value) same(w Value) bool {
	return v.kind == w.kind && v.size == w.size && v.data == w.data
}

func equalRecords(a, b []Value) bool {
	for i := range a {
		if a[i].attr != b[i].attr || !a[i].Equal(b[i]) {
			return false
		}
	}
	return true
}

// String describes v for people: scalars as Text, others by kind and size.
func (v Value) String() string {
	switch v.kind {
	case KindComplex:
		return "complex(" + strconv.Itoa(v.Len()) + ")"
	case KindList:
		var b strings.Builder
		for i, e := range v.All() {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(e.String())
		}
		return "[" + b.String() + "]"
	default:
		return v.Text()
	}
}

// elements returns the children of a short list.
func (v Value) elements() []Value {
	if v.kind != KindList || v.spread {
		return nil
	}
	return v.children()
}

// field finds the value at position index of a record, whose fields are
// sorted by position.
func field(record []Value, index uint16) Value {
	for i := range record {
		if record[i].attr >= index {
			if record[i].attr == index {
				return record[i]
			}
			break
		}
	}
	return Value{}
}

func decodeBase64(text string) ([]byte, bool) {
	text = strings.TrimRight(text, "=")
	encoding := base64.RawStdEncoding
	if strings.ContainsAny(text, "-_") {
		encoding = base64.RawURLEncoding
	}
	data, err := encoding.DecodeString(text)
	return data, err == nil
}

// scalar makes a value of the given kind that shares text.
func scalar(kind Kind, text string) Value {
	return Value{kind: kind, data: unsafe.Pointer(unsafe.StringData(text)), size: uint32(len(text))}
}

// parent makes a complex value or a list that owns children.
func parent(kind Kind, children []Value) Value {
	return Value{kind: kind, data: unsafe.Pointer(unsafe.SliceData(children)), size: uint32(len(children))}
}

func boolean(b bool) Value {
	v := Value{kind: KindBoolean}
	if b {
		v.size = 1
	}
	return v
}

func textOf(v Value) string { return unsafe.String((*byte)(v.data), v.size) }

func (v Value) children() []Value { return unsafe.Slice((*Value)(v.data), v.size) }
