package scimtest

import (
	"cmp"
	"strings"
)

// sample returns a value for an attribute that a server should accept, made
// from unique, a text of letters, digits and "-". It is nil when no value can be
// made up: for references to resources that would have to exist.
func sample(a *attr, unique string) any {
	v := sampleOne(a, unique)
	if a.multi && v != nil {
		return []any{v}
	}
	return v
}

func sampleOne(a *attr, unique string) any {
	switch a.typ {
	case "boolean":
		return true
	case "integer":
		return 7
	case "decimal":
		return 1.5
	case "dateTime":
		return "2021-02-03T04:05:06Z"
	case "binary":
		return "c2FtcGxl"
	case "reference":
		return sampleReference(a, unique)
	case "complex":
		return sampleComplex(a, unique)
	}
	return sampleText(a, unique)
}

func sampleReference(a *attr, unique string) any {
	for _, kind := range a.refTypes {
		if kind != "external" && kind != "uri" {
			return nil
		}
	}
	return "https://example.com/" + unique
}

func sampleComplex(a *attr, unique string) any {
	if ref := a.sub("$ref"); ref != nil && sample(ref, unique) == nil && a.mutability != "readOnly" {
		return nil // a reference to a resource in parts
	}
	out := object{}
	for _, s := range a.subs {
		settable := s.mutability != "readOnly" || a.mutability == "readOnly"
		if v := sample(s, unique); v != nil && settable && (s.required || s.name == "value" || s.name == "type" || s.plainText() && !isDelicate(s)) {
			out[s.name] = v
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// wellFormed gives values for core attributes that have a format.
var wellFormed = map[string]string{
	"locale": "en-US", "timezone": "Europe/Berlin", "preferredlanguage": "en-US", "country": "DE", "postalcode": "10115",
}

func sampleText(a *attr, unique string) any {
	if len(a.canonical) > 0 {
		return a.canonical[0]
	}
	if v, ok := wellFormed[strings.ToLower(a.name)]; ok {
		return v
	}
	owner := strings.ToLower(cmp.Or(a.parent, a).name)
	switch {
	case strings.Contains(owner, "mail"):
		return unique + "@example.com"
	case strings.Contains(owner, "phone") && a.name == "value":
		return "tel:+1-201-555-0123"
	case strings.EqualFold(a.name, "password"):
		return "Aa1!" + unique
	case strings.EqualFold(a.name, "userName"):
		return unique + "@example.com"
	}
	return unique
}

// minimal returns a resource with what the type requires, and its key.
func (t *resType) minimal(unique string) object {
	out := object{"schemas": []any{t.schema}}
	for _, a := range t.attrs {
		wanted := a.required && (a.urn == "" || t.requires(a.urn))
		if a == t.key() || wanted && a.mutability != "readOnly" {
			t.set(out, a, sample(a, unique))
		}
	}
	return out
}

func (t *resType) requires(urn string) bool {
	for _, e := range t.extensions {
		if e.urn == urn {
			return e.required
		}
	}
	return false
}

// set assigns an attribute in a representation, with the extension's URN in
// "schemas" where it belongs to one. A nil value leaves everything as it is.
func (t *resType) set(o object, a *attr, v any) {
	if v == nil {
		return
	}
	if a.parent != nil {
		holder, _ := o[a.parent.name].(object)
		if holder == nil {
			holder = object{}
		}
		holder[a.name] = v
		t.set(o, a.parent, holder)
		return
	}
	if a.urn == "" {
		o[a.name] = v
		return
	}
	holder, ok := o[a.urn].(object)
	if !ok {
		holder = object{}
		o[a.urn] = holder
		o["schemas"] = append(o["schemas"].([]any), a.urn)
	}
	holder[a.name] = v
}
