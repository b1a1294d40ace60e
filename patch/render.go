package patch

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/muster-scim/muster/schema"
)

// requestOf writes edits down as operations. It knows those that between
// makes.
func requestOf(edits []Edit) *Request {
	r := &Request{parsed: true}
	for _, e := range edits {
		r.Operations = append(r.Operations, operationsOf(e)...)
	}
	return r
}

func operationsOf(e Edit) []Operation {
	p := e.Target()
	switch e := e.(type) {
	case *Set:
		return []Operation{{Op: Replace, Path: p.String(), Value: jsonOf(p, e.Value)}}
	case *Clear:
		return []Operation{{Op: Remove, Path: p.String()}}
	case *AddValues:
		return []Operation{{Op: Add, Path: p.String(), Value: jsonOf(p, e.Values)}}
	case *RemoveValues:
		return removals(p, e.Values)
	}
	return nil
}

// removals names the values in filters, which every service provider
// understands.
func removals(p schema.Path, values schema.Value) (ops []Operation) {
	for _, v := range values.All() {
		text := append([]byte(p.String()), '[')
		if v.Kind() != schema.KindComplex {
			text = append(append(text, "value eq "...), jsonOf(p, v)...)
		}
		first := true
		for sub := range p.Subs() {
			held := v.Get(sub)
			if held.IsZero() {
				continue
			}
			if !first {
				text = append(text, " and "...)
			}
			first = false
			text = append(append(append(text, sub.Name()...), " eq "...), jsonOf(sub, held)...)
		}
		ops = append(ops, Operation{Op: Remove, Path: string(append(text, ']'))})
	}
	return ops
}

// jsonOf returns the JSON of v. Resources hold valid text only, so there is no
// error.
func jsonOf(p schema.Path, v schema.Value) jsontext.Value {
	text, _ := p.AppendJSON(nil, v)
	return text
}
