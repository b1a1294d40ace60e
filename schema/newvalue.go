package schema

import (
	"encoding/base64"
	"slices"
	"strconv"
	"time"
)

// String makes a string value.
func String(text string) Value { return scalar(KindString, text) }

// Bool makes a boolean value.
func Bool(b bool) Value { return boolean(b) }

// Int makes an integer value.
func Int(n int64) Value { return scalar(KindInteger, strconv.FormatInt(n, 10)) }

// Decimal makes a decimal value; the shortest text that reads back as f is kept.
func Decimal(f float64) Value {
	return scalar(KindDecimal, strconv.FormatFloat(f, 'f', -1, 64))
}

// DateTime makes a dateTime value in UTC, with as many fraction digits as t has.
func DateTime(t time.Time) Value {
	return scalar(KindDateTime, t.UTC().Format(time.RFC3339Nano))
}

// Binary makes a binary value, kept as padded base64 (RFC 7643 §2.3.6).
func Binary(data []byte) Value {
	return scalar(KindBinary, base64.StdEncoding.EncodeToString(data))
}

// Reference makes a reference value from a URI.
func Reference(uri string) Value { return scalar(KindReference, uri) }

// Field names one sub-attribute of a complex value.
type Field struct {
	// Path is the sub-attribute; its last step counts.
	Path Path
	// Value is what it holds; an unassigned one is left out.
	Value Value
}

// Complex makes a complex value from its sub-attributes. Unassigned fields are
// left out; of two fields with the same path the last one counts. A complex
// value without fields is unassigned, so the result is then the zero Value.
func Complex(fields ...Field) Value {
	record := make([]Value, 0, len(fields))
	for _, f := range fields {
		record = putField(record, f.Path.a.index, f.Value)
	}
	return complexOf(record)
}

// putField is withField for a record that nobody shares yet.
func putField(record []Value, index uint16, v Value) []Value {
	at, found := searchField(record, index)
	v.attr = index
	switch {
	case v.IsZero() && found:
		return slices.Delete(record, at, at+1)
	case v.IsZero():
		return record
	case found:
		record[at] = v
		return record
	}
	return slices.Insert(record, at, v)
}

func searchField(record []Value, index uint16) (at int, found bool) {
	return slices.BinarySearchFunc(record, index, func(f Value, index uint16) int {
		return int(f.attr) - int(index)
	})
}

// List makes the value of a multi-valued attribute. Unassigned elements are
// left out; a list without elements is unassigned, so the result is then the
// zero Value.
func List(values ...Value) Value {
	if slices.ContainsFunc(values, Value.IsZero) {
		values = slices.DeleteFunc(slices.Clone(values), Value.IsZero)
	}
	return listOf(slices.Clone(values))
}

func complexOf(record []Value) Value {
	if len(record) == 0 {
		return Value{}
	}
	return parent(KindComplex, record)
}

// withField returns a copy of record in which position index holds v. The
// record itself stays as it is, because other values may share it.
func withField(record []Value, index uint16, v Value) []Value {
	at, found := searchField(record, index)
	v.attr = index
	tail := record[at:]
	if found {
		tail = tail[1:]
	}
	out := make([]Value, 0, len(record)+1)
	out = append(out, record[:at]...)
	if !v.IsZero() {
		out = append(out, v)
	}
	return append(out, tail...)
}
