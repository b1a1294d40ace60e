package scim

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// patch translates the body of a PATCH: the paths and the values of its
// operations. What is no PATCH is left for package patch to refuse.
func (m *typeMapper) patch(body []byte) []byte {
	if m == nil {
		return body
	}
	o, ok := parseObject(body)
	if !ok {
		return body
	}
	list := o.find("Operations")
	if list == nil || list.value.Kind() != '[' {
		return body
	}
	var out []jsontext.Value
	var targets []place
	for _, item := range arrayItems(list.value) {
		op, ok := parseObject(item)
		if !ok {
			out, targets = append(out, item), append(targets, place{})
			continue
		}
		targets = append(targets, m.operation(op))
		out = append(out, op.append(nil))
	}
	out = append(out, m.copiedOperations(out, targets)...)
	list.value = appendArray(nil, out)
	return o.append(nil)
}

// operation translates one operation and returns its target, which is the zero
// place for an operation without path.
func (m *typeMapper) operation(op *object) place {
	path, value := op.find("path"), op.find("value")
	if path == nil || path.value.Kind() != '"' {
		m.operationValue(value)
		return place{}
	}
	text, _ := jsontext.AppendUnquote(nil, path.value)
	mapped := m.text(string(text))
	attr, _, _ := strings.Cut(mapped, "[")
	target := parsePlace(m.typ, attr)
	if target.attr == "" && value != nil && value.value.Kind() == '{' {
		op.take("path") // of a whole extension: what it holds may belong elsewhere
		value = op.find("value")
		whole := &object{}
		whole.put(target.urn, value.value)
		value.value = whole.append(nil)
		m.operationValue(value)
		return place{}
	}
	path.value = appendString(nil, mapped)
	if value != nil {
		for _, s := range m.subs {
			if target.top().equal(s.attr) {
				value.value = renameMember(value.value, s.client, s.served)
			}
		}
	}
	return target
}

// operationValue translates the value of an operation without path. Its keys may
// be paths themselves.
func (m *typeMapper) operationValue(value *objectMember) {
	if value == nil {
		return
	}
	o, ok := parseObject(value.value)
	if !ok {
		return
	}
	for i, member := range o.members {
		if name := member.name; strings.ContainsAny(name, ".:[") && !m.serves(m.inURN(name)) {
			o.members[i].name = m.text(name)
		}
	}
	m.inObject(o)
	for _, c := range m.copies {
		if v := o.valueFor(c.client); v != nil && o.valueFor(c.served) == nil {
			o.putAt(c.served, v)
		}
	}
	value.value = o.append(nil)
}

// copiedOperations repeats the operations on the sources of copies for the
// copies, unless the request changes those itself.
func (m *typeMapper) copiedOperations(ops []jsontext.Value, targets []place) []jsontext.Value {
	var out []jsontext.Value
	for _, c := range m.copies {
		if slices.ContainsFunc(targets, c.served.equal) {
			continue
		}
		for i, target := range targets {
			if op, ok := parseObject(ops[i]); ok && target.equal(c.client) {
				op.find("path").value = appendString(nil, c.served.String())
				out = append(out, op.append(nil))
			}
		}
	}
	return out
}

// valueFor returns the value at a place, or that of a key which is its path.
func (o *object) valueFor(p place) jsontext.Value {
	if value := o.at(p); value != nil {
		return value
	}
	if m := o.find(p.String()); m != nil {
		return m.text()
	}
	return nil
}
