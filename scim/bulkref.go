package scim

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// bulkPrefix starts a reference to a resource that another operation of the
// same bulk request creates (RFC 7644 §3.7.2).
const bulkPrefix = "bulkId:"

// eachReference calls fn for every bulkId reference in text, in order, and
// returns text with the answers in their places. A reference is the whole
// text, a segment of a path, or a quoted operand of a filter (AMB-54).
func eachReference(text string, fn func(bulkID string) (string, error)) (string, error) {
	var out strings.Builder
	rest := text
	for {
		i := strings.Index(rest, bulkPrefix)
		if i < 0 {
			break
		}
		start := i + len(bulkPrefix)
		if at := len(text) - len(rest) + i; at > 0 && text[at-1] != '/' && text[at-1] != '"' {
			out.WriteString(rest[:start])
			rest = rest[start:]
			continue
		}
		end := start + strings.IndexAny(rest[start:]+"/", `/"`)
		id, err := fn(rest[start:end])
		if err != nil {
			return "", err
		}
		out.WriteString(rest[:i])
		out.WriteString(id)
		rest = rest[end:]
	}
	if out.Len() == 0 {
		return text, nil
	}
	return out.String() + rest, nil
}

// references lists the bulkIds that an operation refers to, in its path and
// in the string values of its data.
func (op *bulkOperation) references() []string {
	var ids []string
	note := func(id string) (string, error) {
		ids = append(ids, id)
		return "", nil
	}
	_, _ = eachReference(op.path, note)
	if bytes.Contains(op.data, []byte(bulkPrefix)) {
		_, _ = rewriteStrings(op.data, func(text string) (string, error) {
			_, _ = eachReference(text, note)
			return text, nil
		})
	}
	return ids
}

// rewriteStrings returns JSON with every string value, though no name, passed
// through fn.
func rewriteStrings(data []byte, fn func(string) (string, error)) ([]byte, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(data))
	var out bytes.Buffer
	enc := jsontext.NewEncoder(&out)
	for {
		token, err := dec.ReadToken()
		if err == io.EOF {
			return out.Bytes(), nil
		}
		if err != nil {
			return nil, syntaxError(err)
		}
		if kind, n := dec.StackIndex(dec.StackDepth()); token.Kind() == '"' && (kind != '{' || n%2 == 0) {
			text, err := fn(token.String())
			if err != nil {
				return nil, err
			}
			token = jsontext.String(text)
		}
		if err := enc.WriteToken(token); err != nil {
			return nil, syntaxError(err)
		}
	}
}

// without returns data without the values that refer to one of the deferred
// bulkIds: an element of a list goes as a whole, and so does a complex value;
// an attribute that is nothing but the reference goes too. It is what can be
// created before the resources that are referred to exist.
func without(data []byte, deferred map[string]bool) ([]byte, error) {
	var tree any
	if err := unmarshalTree(data, &tree); err != nil {
		return nil, err
	}
	s := stripper{deferred}
	s.strip(tree, true)
	return json.Marshal(tree)
}

type stripper struct{ deferred map[string]bool }

// strip removes deferred references below v and reports whether v itself has
// to go. Attributes of the resource and of an extension, which are holders, go
// alone; other objects go whole.
func (s stripper) strip(v any, holder bool) (gone bool) {
	switch v := v.(type) {
	case string:
		return s.refers(v)
	case map[string]any:
		for name, child := range v {
			child, lost := s.child(child, strings.Contains(name, ":"))
			switch {
			case !lost:
				v[name] = child
			case !holder:
				return true
			default:
				delete(v, name)
			}
		}
	}
	return false
}

// child strips a list element by element and anything else as it is.
func (s stripper) child(v any, holder bool) (any, bool) {
	list, ok := v.([]any)
	if !ok {
		return v, s.strip(v, holder)
	}
	kept := list[:0]
	for _, e := range list {
		if !s.strip(e, false) {
			kept = append(kept, e)
		}
	}
	return kept, false
}

func (s stripper) refers(text string) (found bool) {
	_, _ = eachReference(text, func(id string) (string, error) {
		found = found || s.deferred[id]
		return "", nil
	})
	return found
}

// unmarshalTree reads JSON and keeps numbers as they are written.
func unmarshalTree(data []byte, tree *any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(tree); err != nil {
		return syntaxError(err)
	}
	return nil
}
