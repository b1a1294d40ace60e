package patch

import (
	"iter"

	"github.com/go-json-experiment/json/jsontext"
)

// The functions here look into JSON text that has been validated before; what
// is malformed nevertheless ends early or counts as absent.

// members iterates over the members of an object.
func members(object jsontext.Value) iter.Seq2[string, jsontext.Value] {
	return func(yield func(string, jsontext.Value) bool) {
		r := open(object, '{')
		if r == nil {
			return
		}
		defer r.release()
		for r.dec.PeekKind() == '"' {
			name, err := r.dec.ReadToken()
			if err != nil {
				return
			}
			text := name.String()
			raw, err := r.next()
			if err != nil || !yield(text, raw) {
				return
			}
		}
	}
}

// items iterates over the elements of an array.
func items(array jsontext.Value) iter.Seq[jsontext.Value] {
	return func(yield func(jsontext.Value) bool) {
		r := open(array, '[')
		if r == nil {
			return
		}
		defer r.release()
		for kind := r.dec.PeekKind(); kind != ']' && kind != 0; kind = r.dec.PeekKind() {
			raw, err := r.next()
			if err != nil || !yield(raw) {
				return
			}
		}
	}
}

// stringOf returns the text of a JSON string, "" for anything else.
func stringOf(raw jsontext.Value) string {
	text, err := jsontext.AppendUnquote(nil, raw)
	if err != nil {
		return ""
	}
	return string(text)
}

// stringList returns the strings of an array, and whether raw is an array of
// nothing but strings.
func stringList(raw jsontext.Value) (list []string, ok bool) {
	if raw.Kind() != '[' {
		return nil, false
	}
	for item := range items(raw) {
		if item.Kind() != '"' {
			return nil, false
		}
		list = append(list, stringOf(item))
	}
	return list, true
}

// only returns the single element of an array, and whether there is just one.
func only(array jsontext.Value) (element jsontext.Value, ok bool) {
	n := 0
	for item := range items(array) {
		element = item
		if n++; n > 1 {
			return nil, false
		}
	}
	return element, n == 1
}

// isEmpty reports whether raw is null, [] or absent, all of which are no value
// (RFC 7643 §2.5).
func isEmpty(raw jsontext.Value) bool {
	switch raw.Kind() {
	case 0, 'n':
		return true
	case '[':
		for range items(raw) {
			return false
		}
		return true
	}
	return false
}
