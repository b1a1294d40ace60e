package sets

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
)

// patchURN is the schema of a PATCH (RFC 7644 §3.5.2).
const patchURN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

// dataOf returns what is new as the SCIM request that would have the same
// effect, in the form of RFC 9967 §2.2: the new resource with its id, what it
// was replaced by, or a PATCH. Attributes of which something was left out are
// left out as a whole: half a value is a wrong one.
func (i *Issuer) dataOf(r *scim.Record) (uri string, data []byte, ok bool) {
	var err error
	switch r.Operation {
	case scim.OpCreate, scim.OpRestore:
		uri = CreateFull
		data, err = json.Marshal(i.created(r))
	case scim.OpModify, scim.OpReplace:
		if r.State != nil {
			return PutFull, r.State, true
		}
		uri = PatchFull
		data, err = json.Marshal(patched(r))
	}
	return uri, data, uri != "" && err == nil
}

// created builds a resource from a record that lists all it has.
func (i *Issuer) created(r *scim.Record) map[string]any {
	t := i.typeNamed(r.ResourceType)
	if t == nil {
		return nil
	}
	schemas := []string{t.Schema().ID}
	resource := map[string]any{"id": r.ResourceID}
	for _, c := range r.Changes {
		p, err := t.Path(c.Path)
		if err != nil || c.Redacted || c.New == nil {
			continue
		}
		in := resource
		if urn := p.Extension(); urn != "" {
			if resource[urn] == nil {
				resource[urn] = map[string]any{}
				schemas = append(schemas, urn)
			}
			in = resource[urn].(map[string]any)
		}
		in[p.Name()] = c.New
	}
	for attribute, members := range membersOf(r, true) {
		resource[attribute] = members
	}
	resource["schemas"] = schemas
	return resource
}

// member is one value of a list of a relation.
type member struct {
	Value schema.ID `json:"value"`
	Type  string    `json:"type,omitempty"`
}

// membersOf returns the members that came or went, by list.
func membersOf(r *scim.Record, added bool) map[string][]member {
	lists := map[string][]member{}
	for _, m := range r.Members {
		if m.Holder == r.ResourceID && m.Added == added {
			lists[m.Attribute] = append(lists[m.Attribute], member{m.Member, m.MemberType})
		}
	}
	return lists
}

// patchOp is a PATCH.
type patchOp struct {
	Schemas    []string    `json:"schemas"`
	Operations []operation `json:"Operations"`
}

type operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

// patched returns the PATCH that has the effect of a change.
func patched(r *scim.Record) patchOp {
	message := patchOp{[]string{patchURN}, []operation{}}
	add := func(op, path string, value any) {
		message.Operations = append(message.Operations, operation{op, path, value})
	}
	for _, c := range r.Changes {
		switch {
		case c.Redacted:
		case c.New == nil:
			add("remove", c.Path, nil)
		default:
			add("replace", c.Path, c.New)
			for _, part := range lostParts(c) {
				add("remove", c.Path+"."+part, nil)
			}
		}
	}
	gone, came := membersOf(r, false), membersOf(r, true)
	for _, attribute := range slices.Sorted(maps.Keys(gone)) {
		for _, m := range gone[attribute] {
			add("remove", attribute+"[value eq "+quote(string(m.Value))+"]", nil)
		}
	}
	for _, attribute := range slices.Sorted(maps.Keys(came)) {
		add("add", attribute, came[attribute])
	}
	return message
}

// lostParts returns the sub-attributes that a single complex value has no more:
// a replace keeps those that it does not name (RFC 7644 §3.5.2.3).
func lostParts(c scim.RecordChange) []string {
	var old, new map[string]json.RawMessage
	if json.Unmarshal(c.Old, &old) != nil || json.Unmarshal(c.New, &new) != nil {
		return nil
	}
	maps.DeleteFunc(old, func(name string, _ json.RawMessage) bool { _, kept := new[name]; return kept })
	return slices.Sorted(maps.Keys(old))
}

// quote returns a text as filters and JSON write it.
func quote(text string) string {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a text always has a form
	return string(bytes.TrimSpace(buf.Bytes()))
}
