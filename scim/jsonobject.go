package scim

import (
	"bytes"
	"iter"

	"github.com/go-json-experiment/json/jsontext"
)

// objectMembers iterates over the members of a valid JSON object.
func objectMembers(object jsontext.Value) iter.Seq2[string, jsontext.Value] {
	return func(yield func(string, jsontext.Value) bool) {
		dec := jsontext.NewDecoder(bytes.NewReader(object))
		if _, err := dec.ReadToken(); err != nil {
			return
		}
		for dec.PeekKind() == '"' {
			name, err := dec.ReadToken()
			if err != nil {
				return
			}
			text := name.String()
			value, err := dec.ReadValue()
			if err != nil || !yield(text, bytes.Clone(value)) {
				return
			}
		}
	}
}
