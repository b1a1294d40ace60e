package scim

import (
	"strings"

	"github.com/muster-scim/muster/schema"
)

// place is where a value is in the JSON of a resource. The base schema has no
// URN.
type place struct{ urn, attr, sub string }

// parsePlace splits the text of an attribute path. A text that is the URN of a
// schema of t alone gives a place without attr.
func parsePlace(t *schema.ResourceType, text string) place {
	p := place{}
	if i := strings.LastIndexByte(text, ':'); i >= 0 {
		for s := range t.Schemas() {
			if strings.EqualFold(s.ID, text) {
				return place{urn: baseless(t, text)}
			}
		}
		p.urn, text = baseless(t, text[:i]), text[i+1:]
	}
	p.attr, p.sub, _ = strings.Cut(text, ".")
	return p
}

func baseless(t *schema.ResourceType, urn string) string {
	if strings.EqualFold(urn, t.Schema().ID) {
		return ""
	}
	return urn
}

// String writes the place as a path.
func (p place) String() string {
	text := p.attr
	switch {
	case p.urn != "" && text != "":
		text = p.urn + ":" + text
	case p.urn != "":
		text = p.urn
	}
	if p.sub != "" {
		text += "." + p.sub
	}
	return text
}

// top is the place of the whole attribute.
func (p place) top() place { return place{p.urn, p.attr, ""} }

func (p place) equal(q place) bool {
	return strings.EqualFold(p.urn, q.urn) && strings.EqualFold(p.attr, q.attr) && strings.EqualFold(p.sub, q.sub)
}
