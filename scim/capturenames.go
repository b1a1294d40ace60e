package scim

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/muster-scim/muster/schema"
)

// redacted stands for a value that is not kept.
const redacted = "[redacted]"

// captureNames knows, by the names of attributes in lower case, which values
// may be kept. It works on names, because a body that is worth capturing may be
// one that no type can make sense of. It is immutable.
type captureNames struct {
	known  map[string]bool
	hidden map[string]bool
}

// messageMembers are the members of the messages of RFC 7644 and of what
// discovery answers.
var messageMembers = []string{
	"schemas", "operations", "op", "path", "value", "failonerrors", "method", "bulkid", "data", "version", "response", "location", "status",
	"scimtype", "detail", "attributes", "excludedattributes", "filter", "sortby", "sortorder", "startindex", "count", "cursor",
	"totalresults", "itemsperpage", "resources", "nextcursor", "previouscursor", "id", "externalid", "meta", "resourcetype", "created", "lastmodified",
}

func newCaptureNames(types []*schema.ResourceType, x *redactor) *captureNames {
	n := &captureNames{known: map[string]bool{}, hidden: map[string]bool{}}
	for _, name := range messageMembers {
		n.known[name] = true
	}
	for _, t := range types {
		for s := range t.Schemas() {
			n.known[strings.ToLower(s.ID)] = true
		}
		for p := range t.AllPaths() {
			n.known[strings.ToLower(p.Name())] = true
			if x.secret[p] || x.sensitive[p] {
				n.hidden[strings.ToLower(topOf(p).Name())] = true
			}
		}
	}
	return n
}

// keeps reports whether the values of a member may be kept. A name may be a
// path with a URN, dots and a filter.
func (n *captureNames) keeps(name string) bool {
	name = strings.ToLower(name)
	if n.known[name] && !n.hidden[name] {
		return true
	}
	name, _, _ = strings.Cut(name, "[")
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	for part := range strings.SplitSeq(name, ".") {
		if n.hidden[part] || !n.known[part] {
			return false
		}
	}
	return true
}

// mentions reports whether a filter or path is about something hidden.
func (n *captureNames) mentions(text string) bool {
	text = strings.ToLower(text)
	for name := range n.hidden {
		if strings.Contains(text, name) {
			return true
		}
	}
	return false
}

// query returns a raw query with its question mark, without values that mention
// something hidden.
func (n *captureNames) query(raw string) string {
	if raw == "" {
		return ""
	}
	pairs := strings.Split(raw, "&")
	for i, pair := range pairs {
		name, value, err := unescapePair(pair)
		if err != nil || paramSetters[strings.ToLower(name)] == nil || n.mentions(value) {
			name, _, _ = strings.Cut(pair, "=")
			pairs[i] = name + "=" + redacted
		}
	}
	return "?" + strings.Join(pairs, "&")
}

// body returns JSON without what must not be kept, or nil if it is none.
func (n *captureNames) body(data []byte) []byte {
	if len(data) == 0 || !jsontext.Value(data).IsValid() {
		return nil
	}
	var out strings.Builder
	e := jsontext.NewEncoder(&out)
	if err := n.copy(e, jsontext.NewDecoder(strings.NewReader(string(data)))); err != nil {
		return nil
	}
	return []byte(strings.TrimSpace(out.String()))
}

// copy copies one value.
func (n *captureNames) copy(e *jsontext.Encoder, d *jsontext.Decoder) error {
	switch d.PeekKind() {
	case '{':
		return n.copyObject(e, d)
	case '[':
		if err := copyToken(e, d); err != nil {
			return err
		}
		for d.PeekKind() != ']' {
			if err := n.copy(e, d); err != nil {
				return err
			}
		}
		return copyToken(e, d)
	default:
		return copyToken(e, d)
	}
}

func copyToken(e *jsontext.Encoder, d *jsontext.Decoder) error {
	token, err := d.ReadToken()
	if err != nil {
		return err
	}
	return e.WriteToken(token)
}

// capturedMember is a member of an object.
type capturedMember struct {
	name  string
	value jsontext.Value
}

// copyObject copies an object. In an operation of a PATCH the path says what
// the value is, and may come after it; so all members are read first.
func (n *captureNames) copyObject(e *jsontext.Encoder, d *jsontext.Decoder) error {
	members, hidden, err := n.members(d)
	if err != nil {
		return err
	}
	if err := e.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for _, m := range members {
		if err := e.WriteToken(jsontext.String(m.name)); err != nil {
			return err
		}
		if err := n.copyMember(e, m, hidden); err != nil {
			return err
		}
	}
	return e.WriteToken(jsontext.EndObject)
}

// members reads an object, and reports whether its value must be hidden because
// of its path.
func (n *captureNames) members(d *jsontext.Decoder) (list []capturedMember, hidden bool, err error) {
	if _, err := d.ReadToken(); err != nil {
		return nil, false, err
	}
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return nil, false, err
		}
		m := capturedMember{name: name.String()}
		value, err := d.ReadValue()
		if err != nil {
			return nil, false, err
		}
		m.value = value.Clone()
		list = append(list, m)
		if text, ok := stringOf(m.value); ok && strings.EqualFold(m.name, "path") && !strings.HasPrefix(text, "/") && !n.keeps(text) {
			hidden = true
		}
	}
	_, err = d.ReadToken()
	return list, hidden, err
}

// copyMember copies the value of a member as far as it may be kept.
func (n *captureNames) copyMember(e *jsontext.Encoder, m capturedMember, hidden bool) error {
	text, isText := stringOf(m.value)
	switch {
	case !n.keeps(m.name), hidden && strings.EqualFold(m.name, "value"):
		return e.WriteToken(jsontext.String(redacted))
	case isText && strings.EqualFold(m.name, "filter") && n.mentions(text):
		return e.WriteToken(jsontext.String(redacted))
	case isText && strings.EqualFold(m.name, "path") && n.mentions(text):
		attribute, _, _ := strings.Cut(text, "[")
		return e.WriteToken(jsontext.String(attribute))
	default:
		return n.copy(e, jsontext.NewDecoder(strings.NewReader(string(m.value))))
	}
}

// stringOf returns the text of a JSON string.
func stringOf(v jsontext.Value) (string, bool) {
	if v.Kind() != '"' {
		return "", false
	}
	text, err := jsontext.AppendUnquote(nil, v)
	return string(text), err == nil
}
