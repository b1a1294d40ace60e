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
	case *UpdateMatching:
		return updateOperations(e)
	}
	return nil
}

// updateOperations writes the changes within the values that a filter selects:
// what is removed one by one, what is set together where that is possible.
func updateOperations(e *UpdateMatching) (ops []Operation) {
	selected := e.Path.String() + "[" + e.Filter.String() + "]"
	var fields []schema.Field
	for _, sub := range e.Subs {
		p := sub.Target()
		path := selected + "." + p.Name()
		set, ok := sub.(*Set)
		switch {
		case !ok:
			ops = append(ops, Operation{Op: Remove, Path: path})
		case p.MultiValued():
			ops = append(ops, Operation{Op: Replace, Path: path, Value: jsonOf(p, set.Value)})
		default:
			fields = append(fields, schema.Field{Path: p, Value: set.Value})
		}
	}
	switch len(fields) {
	case 0:
		return ops
	case 1:
		path := selected + "." + fields[0].Path.Name()
		return append(ops, Operation{Op: Replace, Path: path, Value: jsonOf(fields[0].Path, fields[0].Value)})
	}
	return append(ops, Operation{Op: Add, Path: selected, Value: jsonOf(e.Path, schema.Complex(fields...))})
}

// removals names the values, which are complex, in filters: every service
// provider understands those.
func removals(p schema.Path, values schema.Value) (ops []Operation) {
	for _, v := range values.All() {
		text := append([]byte(p.String()), '[')
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
