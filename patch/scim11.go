package patch

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/muster-scim/muster/schema"
)

// scim11 reads the body as a PATCH of SCIM 1.1, which is a partial resource:
// each value of a list says by its "operation" whether it is added or deleted,
// "meta.attributes" lists what is removed, everything else is replaced.
func (p *parser) scim11() error {
	p.r.report.Ignored = nil
	p.r.report.Rewrites = append(p.r.report.Rewrites, schema.Rewrite{Tolerance: schema.SCIM11Members})
	for name, raw := range members(p.text) {
		switch {
		case strings.EqualFold(name, "schemas"):
		case strings.EqualFold(name, "meta"):
			p.scim11Meta(raw)
		case raw.Kind() == '[':
			for element := range items(raw) {
				p.scim11Element(name, element)
			}
		default:
			p.r.Operations = append(p.r.Operations, Operation{Op: Replace, Path: name, Value: raw})
		}
		if len(p.r.Operations) > p.o.maxOperations() {
			return &Error{Operation: -1, Reason: TooLarge, Detail: "more operations than are allowed"}
		}
	}
	if len(p.r.Operations) == 0 {
		return p.fail("Operations must have at least one operation")
	}
	return nil
}

func (p *parser) scim11Meta(meta jsontext.Value) {
	for name, raw := range members(meta) {
		if !strings.EqualFold(name, "attributes") {
			continue
		}
		list, _ := stringList(raw)
		for _, path := range list {
			p.r.Operations = append(p.r.Operations, Operation{Op: Remove, Path: path})
		}
	}
}

func (p *parser) scim11Element(attribute string, element jsontext.Value) {
	op := Add
	rest := []byte{'{'}
	for name, raw := range members(element) {
		if strings.EqualFold(name, "operation") {
			if strings.EqualFold(stringOf(raw), "delete") {
				op = Remove
			}
			continue
		}
		if len(rest) > 1 {
			rest = append(rest, ',')
		}
		rest, _ = jsontext.AppendQuote(rest, name)
		rest = append(append(rest, ':'), raw...)
	}
	value := append(append([]byte{'['}, append(rest, '}')...), ']')
	if element.Kind() != '{' {
		value = append(append([]byte{'['}, element...), ']')
	}
	p.r.Operations = append(p.r.Operations, Operation{Op: op, Path: attribute, Value: value})
}
