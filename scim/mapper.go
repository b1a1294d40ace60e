package scim

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/muster-scim/muster/schema"
)

// mapper is a Mapping compiled for the types of a Handler. A nil mapper maps
// nothing.
type mapper struct {
	types     map[*schema.ResourceType]*typeMapper
	catalogue *catalogue // nil if discovery shows the names of the service
}

// typeMapper translates resources of one type. Its places have the URNs of the
// service.
type typeMapper struct {
	typ       *schema.ResourceType
	urns      []pair     // of the schemas of this type
	moves     []move     // of attributes
	subs      []subMove  // of sub-attributes
	hidden    []place    // of the service, whose names the client uses for something else
	copies    []move     // served is copied from client, both of the service
	constants []constant // in order
}

// pair is a URN of the client and the one that is served.
type pair struct{ client, served string }

// move is an attribute that the client calls differently.
type move struct{ client, served place }

func (mv move) toService() (from, to place) { return mv.client, mv.served }

func (mv move) toClient() (from, to place) { return mv.served, mv.client }

// subMove is a sub-attribute that the client calls differently.
type subMove struct {
	attr           place // of the service
	client, served string
}

type constant struct {
	at    place
	value jsontext.Value
}

// of returns the mapper of a type, or nil if it has nothing to translate.
func (m *mapper) of(t *schema.ResourceType) *typeMapper {
	if m == nil {
		return nil
	}
	return m.types[t]
}

// in translates the body of a POST or PUT. What is not a JSON object is left to
// the decoder to complain about.
func (m *typeMapper) in(body []byte) []byte {
	if m == nil {
		return body
	}
	o, ok := parseObject(body)
	if !ok {
		return body
	}
	m.inObject(o)
	m.complete(o)
	return o.append(nil)
}

// inObject translates a resource, or a part of one.
func (m *typeMapper) inObject(o *object) {
	for _, u := range m.urns {
		if found := o.find(u.client); found != nil {
			found.name = u.served
		}
	}
	m.inSchemas(o)
	o.relocate(m.moves, move.toService)
	for _, s := range m.subs {
		o.renameSub(s.attr, s.client, s.served)
	}
}

// inSchemas translates the URNs in "schemas", without those that only the
// client has.
func (m *typeMapper) inSchemas(o *object) {
	m.eachSchema(o, func(urn string) string {
		for _, u := range m.urns {
			if strings.EqualFold(u.client, urn) {
				return u.served
			}
		}
		for _, mv := range m.moves {
			if strings.EqualFold(mv.client.urn, urn) && !m.serves(urn) {
				return ""
			}
		}
		return urn
	})
}

// serves reports whether a URN is that of a schema of the type.
func (m *typeMapper) serves(urn string) bool {
	for s := range m.typ.Schemas() {
		if strings.EqualFold(s.ID, urn) {
			return true
		}
	}
	return false
}

// eachSchema replaces the texts in "schemas"; "" removes one.
func (m *typeMapper) eachSchema(o *object, translate func(string) string) {
	list := o.find("schemas")
	if list == nil || list.value.Kind() != '[' {
		return
	}
	var kept []jsontext.Value
	for _, item := range arrayItems(list.value) {
		if item.Kind() != '"' {
			kept = append(kept, item)
			continue
		}
		text, _ := jsontext.AppendUnquote(nil, item)
		if urn := translate(string(text)); urn != "" {
			kept = append(kept, appendString(nil, urn))
		}
	}
	list.value = appendArray(nil, kept)
}

// complete adds copies and constants that were not sent.
func (m *typeMapper) complete(o *object) {
	for _, c := range m.copies {
		if value := o.at(c.client); hasValue(value) && o.at(c.served) == nil {
			o.putAt(c.served, value)
		}
	}
	for _, c := range m.constants {
		if o.at(c.at) == nil {
			o.putAt(c.at, c.value)
		}
	}
}

func hasValue(value jsontext.Value) bool { return value != nil && value.Kind() != 'n' }

// out translates a resource of a response.
func (m *typeMapper) out(text []byte) []byte {
	o, ok := parseObject(text)
	if !ok {
		return text
	}
	for _, s := range m.subs {
		o.renameSub(s.attr, s.served, s.client)
	}
	for _, p := range m.hidden {
		o.takeAt(p)
	}
	o.relocate(m.moves, move.toClient)
	m.outURNs(o)
	return o.append(nil)
}

// outURNs makes "schemas" fit the data, and uses the client's URNs.
func (m *typeMapper) outURNs(o *object) {
	var listed []string
	m.eachSchema(o, func(urn string) string {
		listed = append(listed, urn)
		if !strings.EqualFold(urn, m.typ.Schema().ID) && o.find(urn) == nil {
			return ""
		}
		return m.clientURN(urn)
	})
	for i := range o.members {
		name := o.members[i].name
		if !strings.Contains(name, ":") {
			continue
		}
		known := false
		for _, urn := range listed {
			known = known || strings.EqualFold(urn, name)
		}
		o.members[i].name = m.clientURN(name)
		if list := o.find("schemas"); list != nil && !known {
			list.value = appendArray(nil, append(arrayItems(list.value), appendString(nil, m.clientURN(name))))
		}
	}
}

func (m *typeMapper) clientURN(urn string) string {
	for _, u := range m.urns {
		if strings.EqualFold(u.served, urn) {
			return u.client
		}
	}
	return urn
}
