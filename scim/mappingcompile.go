package scim

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// newMapper compiles a Mapping and adds its mistakes to e. It returns nil for
// one that maps nothing.
func (h *Handler) newMapper(m *Mapping, e *ProfileError) *mapper {
	if len(m.URNs) == 0 && len(m.Types) == 0 {
		return nil
	}
	mistakes := len(e.Problems)
	for _, name := range sorted(m.Types) {
		if _, ok := h.registry.ByName(name); !ok {
			e.add(fmt.Sprintf("Mapping.Types[%q]", name), "is not served", "use the name of a resource type")
		}
	}
	out := &mapper{types: map[*schema.ResourceType]*typeMapper{}}
	used := map[string]bool{}
	for t := range h.registry.Types() {
		b := mappingBuilder{h: h, e: e, field: fmt.Sprintf("Mapping.Types[%q]", t.Name()), m: &typeMapper{typ: t}}
		b.urns(m.URNs, used)
		b.compile(m.Types[t.Name()])
		if !b.m.empty() {
			out.types[t] = b.m
		}
	}
	for _, urn := range sorted(m.URNs) {
		if !used[urn] {
			e.add(fmt.Sprintf("Mapping.URNs[%q]", urn), fmt.Sprintf("stands for %q, which is not served", m.URNs[urn]), "use the URN of a schema")
		}
	}
	if !m.ServiceNames && len(e.Problems) == mistakes {
		out.catalogue = h.clientCatalogue(out, e)
	}
	return out
}

func (m *typeMapper) empty() bool {
	return len(m.urns) == 0 && len(m.moves) == 0 && len(m.subs) == 0 && len(m.copies) == 0 && len(m.constants) == 0
}

// mappingBuilder compiles the mapping of one type.
type mappingBuilder struct {
	h     *Handler
	e     *ProfileError
	field string
	m     *typeMapper
}

func (b *mappingBuilder) fail(kind, key, detail, cure string) {
	b.e.add(fmt.Sprintf("%s.%s[%q]", b.field, kind, key), detail, cure)
}

// urns takes those of the type's schemas, and notes them as used.
func (b *mappingBuilder) urns(urns map[string]string, used map[string]bool) {
	taken := map[string]bool{}
	for _, client := range sorted(urns) {
		served := urns[client]
		if !b.m.serves(served) {
			continue
		}
		used[client] = true
		key := strings.ToLower(served)
		switch {
		case client == "" || b.m.serves(client):
			b.e.add(fmt.Sprintf("Mapping.URNs[%q]", client), "is served itself", "use a URN that the service does not have")
		case taken[key]:
			b.e.add(fmt.Sprintf("Mapping.URNs[%q]", client), fmt.Sprintf("is a second name of %q", served), "keep one; Profile.SchemaAliases accepts further ones without writing them")
		default:
			taken[key] = true
			b.m.urns = append(b.m.urns, pair{client, served})
		}
	}
}

func (b *mappingBuilder) compile(t TypeMapping) {
	for _, client := range sorted(t.Attributes) { // attributes before their sub-attributes
		b.attribute(client, t.Attributes[client])
	}
	b.findHidden()
	for _, to := range sorted(t.Copies) {
		b.copied(to, t.Copies[to])
	}
	for _, at := range sorted(t.Constants) {
		b.constant(at, jsontext.Value(t.Constants[at]))
	}
}

// attribute adds one entry of Attributes.
func (b *mappingBuilder) attribute(client, served string) {
	p, ok := b.served("Attributes", client, served)
	if !ok {
		return
	}
	from, to := parsePlace(b.m.typ, b.m.inURN(client)), parsePlace(b.m.typ, p.String())
	switch {
	case from.attr == "" || strings.ContainsAny(client, ` ()[]",`):
		b.fail("Attributes", client, "is not the name of an attribute", "write it as in a filter")
	case isReserved(from) || b.isList(p):
		b.fail("Attributes", client, fmt.Sprintf("%s cannot be renamed", served), "leave it out")
	case b.clash(from, to):
		b.fail("Attributes", client, fmt.Sprintf("it or %s is in another entry already", served), "map one name to one attribute")
	case to.sub != "":
		b.subAttribute(client, from, to)
	case from.sub != "":
		b.fail("Attributes", client, "a sub-attribute cannot stand for an attribute of its own", "map attributes to attributes, and sub-attributes to others of the same attribute")
	case !from.equal(to):
		b.m.moves = append(b.m.moves, move{client: from, served: to})
	}
}

// served resolves a path of the service.
func (b *mappingBuilder) served(kind, key, text string) (schema.Path, bool) {
	p, err := b.m.typ.Path(text)
	switch {
	case err != nil:
		b.fail(kind, key, err.Error(), "use the path of an attribute of the service")
	case p.IsExtension():
		b.fail(kind, key, fmt.Sprintf("%s is a schema", text), "map schemas with URNs")
	case isReserved(parsePlace(b.m.typ, p.String())):
		b.fail(kind, key, fmt.Sprintf("%s belongs to the protocol", text), "leave it out")
	default:
		return p, true
	}
	return p, false
}

// isReserved reports whether a place is part of the protocol.
func isReserved(p place) bool {
	return p.urn == "" && slices.Contains([]string{"id", "meta", "schemas"}, strings.ToLower(p.attr))
}

// isList reports whether p is in the list of a relation, which is streamed.
func (b *mappingBuilder) isList(p schema.Path) bool {
	for _, rel := range b.h.relations {
		if rel.Type != b.m.typ.Name() {
			continue
		}
		if links, ok := store.LinksOf(b.m.typ, rel.Attribute); ok && links.List.Contains(p) {
			return true
		}
	}
	return false
}

// clash reports whether a name of either side is taken.
func (b *mappingBuilder) clash(from, to place) bool {
	for _, m := range b.m.moves {
		if m.client.equal(from) || m.served.equal(to) {
			return true
		}
	}
	for _, s := range b.m.subs {
		if s.attr.equal(to.top()) && (strings.EqualFold(s.client, from.sub) || strings.EqualFold(s.served, to.sub)) {
			return true
		}
	}
	return false
}

// subAttribute adds an entry for a sub-attribute. It stays in its attribute, and
// cannot take the name of another one there.
func (b *mappingBuilder) subAttribute(client string, from, to place) {
	parent := from.top()
	for _, m := range b.m.moves {
		if m.client.equal(parent) {
			parent = m.served
		}
	}
	attr, err := b.m.typ.Path(to.top().String())
	switch {
	case err != nil || from.sub == "" || !parent.equal(to.top()):
		b.fail("Attributes", client, fmt.Sprintf("is not in the attribute of %s", to), "map sub-attributes within their attribute")
		return
	case strings.ContainsAny(from.sub, ".:"):
		b.fail("Attributes", client, "is too deep", "write attribute.sub-attribute")
		return
	}
	if _, taken := attr.Sub(from.sub); taken {
		if !strings.EqualFold(from.sub, to.sub) {
			b.fail("Attributes", client, "is the name of another sub-attribute", "use a name that the service does not have there")
		}
		return
	}
	b.m.subs = append(b.m.subs, subMove{attr: to.top(), client: from.sub, served: to.sub})
}

// findHidden finds the attributes whose names the client uses for others.
func (b *mappingBuilder) findHidden() {
	for _, mv := range b.m.moves {
		p, err := b.m.typ.Path(mv.client.String())
		moved := slices.ContainsFunc(b.m.moves, func(o move) bool { return o.served.equal(mv.client) })
		switch {
		case err != nil || moved:
		case p.Required():
			b.fail("Attributes", mv.client.String(), "takes the name of a required attribute, which the client then cannot send", "map that attribute to another name")
		default:
			b.m.hidden = append(b.m.hidden, mv.client)
		}
	}
}

// copied adds one entry of Copies.
func (b *mappingBuilder) copied(to, from string) {
	target, ok := b.served("Copies", to, to)
	source, ok2 := b.served("Copies", to, from)
	switch {
	case !ok || !ok2:
	case target == source || !isSingle(target) || !isSingle(source) || target.Kind() != source.Kind():
		b.fail("Copies", to, fmt.Sprintf("cannot be a copy of %s", from), "both must be different single values of the same type")
	case target.Mutability() == schema.ReadOnly:
		b.fail("Copies", to, "is readOnly", "copy to an attribute that can be written")
	case source.Returned() == schema.ReturnedNever && target.Returned() != schema.ReturnedNever:
		b.fail("Copies", to, fmt.Sprintf("would show %s, which is never returned", from), "copy from an attribute that can be read")
	default:
		b.m.copies = append(b.m.copies, move{client: parsePlace(b.m.typ, source.String()), served: parsePlace(b.m.typ, target.String())})
	}
}

// isSingle reports whether p has at most one simple value.
func isSingle(p schema.Path) bool {
	for q := p; !q.IsZero(); q = q.Parent() {
		if q.MultiValued() {
			return false
		}
	}
	return p.Kind() != schema.KindComplex
}

// constant adds one entry of Constants.
func (b *mappingBuilder) constant(at string, value jsontext.Value) {
	p, ok := b.served("Constants", at, at)
	if !ok {
		return
	}
	decoded, _, err := p.DecodeValue(value, &schema.DecodeOptions{Off: schema.Strict, Unknown: schema.RejectUnknown})
	switch {
	case err != nil:
		b.fail("Constants", at, err.Error(), "write the value as the attribute has it in JSON")
	case decoded.IsZero():
		b.fail("Constants", at, "has no value", "leave it out")
	case p.Mutability() == schema.ReadOnly || b.isList(p) || isWithinList(p):
		b.fail("Constants", at, "cannot be set by a constant", "use an attribute that can be written, as a whole")
	default:
		b.m.constants = append(b.m.constants, constant{at: parsePlace(b.m.typ, p.String()), value: value})
	}
}

func isWithinList(p schema.Path) bool { return !p.Parent().IsZero() && p.Parent().MultiValued() }
