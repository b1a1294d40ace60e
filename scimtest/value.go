package scimtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
)

// JSON values are held as encoding/json decodes them with UseNumber: nil, bool,
// json.Number, string, []any and object.
type object = map[string]any

// decodeJSON reads exactly one JSON value and refuses duplicate member names,
// of which encoding/json silently keeps the last.
func decodeJSON(data []byte) (any, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, errors.New("the body is empty")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	v, err := decodeValue(dec, "", maxDepth)
	if err != nil {
		return nil, positioned(data, dec.InputOffset(), err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, positioned(data, dec.InputOffset(), errors.New("text after the end of the JSON value"))
	}
	return v, nil
}

// maxDepth bounds the nesting of a value, and so the stack of its reader.
const maxDepth = 200

func decodeValue(dec *json.Decoder, at string, depth int) (any, error) {
	token, err := dec.Token()
	switch {
	case err != nil:
		return nil, err
	case depth == 0:
		return nil, fmt.Errorf("more than %d levels of nesting", maxDepth)
	case token == json.Delim('{'):
		return decodeObject(dec, at, depth-1)
	case token == json.Delim('['):
		return decodeArray(dec, at, depth-1)
	}
	return token, nil
}

func decodeObject(dec *json.Decoder, at string, depth int) (any, error) {
	out := object{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string)
		if _, dup := out[name]; dup {
			return nil, fmt.Errorf("duplicate name %q in %s", name, cmpOr(at, "the outermost object"))
		}
		if out[name], err = decodeValue(dec, at+"/"+name, depth); err != nil {
			return nil, err
		}
	}
	_, err := dec.Token()
	return out, err
}

func decodeArray(dec *json.Decoder, at string, depth int) (any, error) {
	out := []any{}
	for dec.More() {
		v, err := decodeValue(dec, fmt.Sprintf("%s/%d", at, len(out)), depth)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	_, err := dec.Token()
	return out, err
}

// positioned adds line and column to err.
func positioned(data []byte, offset int64, err error) error {
	before := data[:min(offset, int64(len(data)))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := len(before) - (bytes.LastIndexByte(before, '\n') + 1)
	return fmt.Errorf("line %d, column %d: %w", line, column+1, err)
}

func cmpOr(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// equalJSON is deep equality that respects JSON types; numbers compare by value.
func equalJSON(a, b any) bool {
	switch a := a.(type) {
	case json.Number:
		b, ok := b.(json.Number)
		return ok && equalNumbers(a, b)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, equalJSON)
	case object:
		b, ok := b.(object)
		return ok && equalObjects(a, b)
	}
	switch b.(type) {
	case json.Number, []any, object:
		return false
	}
	return a == b
}

func equalObjects(a, b object) bool {
	if len(a) != len(b) {
		return false
	}
	for name, v := range a {
		other, ok := b[name]
		if !ok || !equalJSON(v, other) {
			return false
		}
	}
	return true
}

// maxNumber bounds the length of numbers that are compared by value, because
// the cost of a decimal like 1e999999 does not show in its length.
const maxNumber = 40

func equalNumbers(a, b json.Number) bool {
	if a == b {
		return true
	}
	if len(a) > maxNumber || len(b) > maxNumber || strings.ContainsAny(string(a+b), "eE") {
		return false
	}
	x, okX := new(big.Rat).SetString(string(a))
	y, okY := new(big.Rat).SetString(string(b))
	return okX && okY && x.Cmp(y) == 0
}

// isInteger reports whether n is written without fraction and exponent, as
// RFC 7643 §2.3.4 asks.
func isInteger(n json.Number) bool { return !strings.ContainsAny(string(n), ".eE") }

// emptyJSON reports whether v counts as unassigned (RFC 7643 §2.5) or is an
// empty string or object.
func emptyJSON(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case object:
		return len(v) == 0
	}
	return false
}

// textOf is the text of a scalar: a string without quotes, or the JSON literal.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case nil:
		return ""
	}
	return compactJSON(v)
}

// compactJSON renders v on one line.
func compactJSON(v any) string {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// typeOf names the JSON type of v as the $type matcher does.
func typeOf(v any) string {
	switch v := v.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case []any:
		return "array"
	case object:
		return "object"
	case json.Number:
		if isInteger(v) {
			return "integer"
		}
		return "number"
	}
	return "null"
}

// member returns v[name] when v is an object, else nil.
func member(v any, name string) any {
	o, _ := v.(object)
	return o[name]
}

// textAt returns the string member of an object, or "".
func textAt(v any, name string) string {
	text, _ := member(v, name).(string)
	return text
}
