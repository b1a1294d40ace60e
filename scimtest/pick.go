package scimtest

import (
	"cmp"
	"slices"
	"strings"
)

// The pick functions choose attributes by their characteristics. Among several
// that fit they prefer well-known ones, whose values servers seldom restrict.

// delicate names attributes whose values many servers check against a format.
var delicate = []string{"locale", "timezone", "preferredLanguage", "profileUrl", "userType", "password", "country", "type", "display"}

// key returns the attribute that identifies a resource to people: a unique one
// if there is one, else a required one. Nil when no string will do.
func (t *resType) key() *attr {
	unique := func(a *attr) bool { return a.plainText() && a.uniqueness != "none" && a.urn == "" }
	required := func(a *attr) bool { return a.plainText() && a.required && a.urn == "" }
	return cmp.Or(t.find(unique, "userName"), t.find(required, "displayName"), at(t.free(), 0))
}

// free returns the optional plain texts of the core schema, best first.
func (t *resType) free() []*attr {
	var out []*attr
	for _, name := range []string{"displayName", "nickName", "title", "description"} {
		out = append(out, t.all(func(a *attr) bool { return a.name == name && t.isFree(a) })...)
	}
	return append(out, t.all(func(a *attr) bool { return t.isFree(a) && !slices.Contains(out, a) })...)
}

func (t *resType) isFree(a *attr) bool {
	return a.plainText() && !a.required && a.uniqueness == "none" && a.urn == "" && a.returned == "default" && !isDelicate(a)
}

func isDelicate(a *attr) bool {
	return slices.ContainsFunc(delicate, func(name string) bool { return strings.EqualFold(name, a.name) })
}

// texts returns n free texts other than the key, or nil.
func (t *resType) texts(n int) []*attr {
	key := t.key()
	out := slices.DeleteFunc(t.free(), func(a *attr) bool { return a == key })
	if len(out) < n {
		return nil
	}
	return out[:n]
}

// text returns the best free text other than the key, or nil.
func (t *resType) text() *attr { return at(t.texts(1), 0) }

// complex returns a single-valued complex attribute with two free strings.
func (t *resType) complex() *attr {
	return t.find(func(a *attr) bool {
		return a.typ == "complex" && !a.multi && a.writable() && a.urn == "" && a.returned == "default" && len(a.strings()) >= 2
	}, "name")
}

// strings returns the optional plain sub-attributes, named parts before a
// formatted whole that a server may compute from them.
func (a *attr) strings() []*attr {
	var out []*attr
	for _, s := range a.subs {
		if s.plainText() && !s.required && !isDelicate(s) && s.name != "formatted" {
			out = append(out, s)
		}
	}
	return out
}

// multi returns a multi-valued complex attribute with writable value and type,
// other than references to resources.
func (t *resType) multi() *attr {
	return t.find(func(a *attr) bool {
		value, kind := a.sub("value"), a.sub("type")
		return a.typ == "complex" && a.multi && a.writable() && a.urn == "" && a.returned == "default" &&
			value != nil && value.typ == "string" && value.writable() && kind != nil && kind.writable() && a.sub("$ref") == nil
	}, "emails", "phoneNumbers")
}

// members returns the multi-valued attribute that refers to other resources,
// with the type to take them from; nil if there is none.
func (m *model) members(t *resType) (*attr, *resType) {
	a := t.find(func(a *attr) bool {
		return a.typ == "complex" && a.multi && a.writable() && a.sub("value") != nil && a.sub("$ref") != nil
	}, "members")
	if a == nil {
		return nil, nil
	}
	for _, name := range append([]string{"User"}, a.sub("$ref").refTypes...) {
		if target := m.typeNamed(name); target != nil && slices.Contains(a.sub("$ref").refTypes, target.name) {
			return a, target
		}
	}
	return nil, nil
}

// boolean returns a writable boolean.
func (t *resType) boolean() *attr {
	return t.find(func(a *attr) bool { return a.typ == "boolean" && !a.multi && a.writable() && a.urn == "" }, "active")
}

// extensionText returns a free text of an extension.
func (t *resType) extensionText() *attr {
	return t.find(func(a *attr) bool { return a.plainText() && a.urn != "" && !a.required && a.uniqueness == "none" }, "department")
}

// secret returns an attribute that is never returned.
func (t *resType) secret() *attr {
	return t.find(func(a *attr) bool {
		return a.returned == "never" && a.typ == "string" && !a.multi && a.mutability != "readOnly"
	}, "password")
}

// onRequest returns a writable text that is only returned when asked for.
func (t *resType) onRequest() *attr {
	return t.find(func(a *attr) bool {
		return a.returned == "request" && a.typ == "string" && !a.multi && a.writable()
	})
}

// readOnly returns an attribute that only the server sets.
func (t *resType) readOnly() *attr {
	return t.find(func(a *attr) bool {
		return a.mutability == "readOnly" && a.returned != "never" && sample(a, "x") != nil
	}, "groups")
}

// immutable returns a text that can be set once.
func (t *resType) immutable() *attr {
	return t.find(func(a *attr) bool {
		return a.mutability == "immutable" && a.typ == "string" && !a.multi && a.returned != "never" && len(a.canonical) == 0
	})
}

// exact returns a text whose letter case matters.
func (t *resType) exact() *attr {
	return t.find(func(a *attr) bool { return a.plainText() && a.caseExact && a.uniqueness == "none" && !isDelicate(a) })
}

func (t *resType) all(fits func(*attr) bool) []*attr {
	var out []*attr
	for _, a := range t.attrs {
		if fits(a) {
			out = append(out, a)
		}
	}
	return out
}

// find returns the first attribute that fits, in the order of the preferred
// names and then of the schema.
func (t *resType) find(fits func(*attr) bool, preferred ...string) *attr {
	all := t.all(fits)
	for _, name := range preferred {
		for _, a := range all {
			if strings.EqualFold(a.name, name) {
				return a
			}
		}
	}
	return at(all, 0)
}
