package schema

import (
	"fmt"
	"strings"
)

// Path resolves the text of an attribute path in any letter case: "userName",
// "name.givenName", "emails.value", or qualified with the URN of the base
// schema or of an extension; an extension's URN alone is the extension as a
// whole. The error is a *PathError that names the nearest known attribute.
func (t *ResourceType) Path(text string) (Path, error) {
	if a := t.resolve(text); a != nil {
		return Path{a}, nil
	}
	return Path{}, t.unknown(text)
}

// MustPath is Path for texts that are part of the program; it panics if the
// attribute does not exist.
func (t *ResourceType) MustPath(text string) Path {
	p, err := t.Path(text)
	if err != nil {
		panic(err)
	}
	return p
}

func (t *ResourceType) resolve(text string) *attr {
	if strings.IndexByte(text, ':') < 0 {
		return descend(t.root, text)
	}
	var longest *attr
	tail, length := "", 0
	if rest, ok := cutURN(text, t.def.Schema.ID); ok && rest != "" {
		longest, tail, length = t.root, rest, len(t.def.Schema.ID)
	}
	for _, e := range t.byURN {
		if rest, ok := cutURN(text, e.urn); ok && len(e.urn) > length {
			longest, tail, length = e, rest, len(e.urn)
		}
	}
	if longest == nil || tail == "" {
		return longest
	}
	return descend(longest, tail)
}

// cutURN removes urn and the colon after it from the front of text.
func cutURN(text, urn string) (rest string, ok bool) {
	if len(text) < len(urn) || !equalFoldASCII(text[:len(urn)], urn) {
		return "", false
	}
	if len(text) == len(urn) {
		return "", true
	}
	return text[len(urn)+1:], text[len(urn)] == ':' && len(text) > len(urn)+1
}

// descend follows a name, or several with dots between them, below a.
func descend(a *attr, text string) *attr {
	if strings.IndexByte(text, ':') >= 0 {
		return descendNested(a, text)
	}
	for {
		name, sub, dotted := strings.Cut(text, ".")
		a = a.names.find(name)
		if a == nil || !dotted {
			return a
		}
		text = sub
	}
}

// descendNested finds the data of an extension inside that of another one.
func descendNested(outer *attr, text string) *attr {
	if !outer.container {
		return nil
	}
	for _, a := range outer.subs {
		if rest, ok := cutURN(text, a.def.Name); ok && strings.Contains(a.def.Name, ":") {
			if rest == "" {
				return a
			}
			return descend(a, rest)
		}
	}
	return nil
}

func (t *ResourceType) unknown(text string) error {
	detail := fmt.Sprintf("not an attribute of %s", t.Name())
	if near := t.nearest(text); near != "" {
		detail += fmt.Sprintf("; did you mean %q?", near)
	}
	return &PathError{Path: text, Offset: -1, Err: ErrUnknownAttribute, Detail: detail}
}

// Resolve is Path with two tolerances, unless they are in off: URNDot reads a
// dot between the URN of a schema and an attribute as the colon that belongs
// there, and BareExtensionName finds an attribute of an extension without its
// URN, if only one extension has it. What was needed is returned.
func (t *ResourceType) Resolve(text string, off ToleranceSet) (Path, []Rewrite, error) {
	p, rewrites, ok := t.Find(text, off)
	if !ok {
		return Path{}, nil, t.unknown(text)
	}
	return p, rewrites, nil
}

// Find is Resolve for texts that are as likely as not to be unknown, such as
// the member names of a client's JSON: it does not look for the nearest known
// attribute, which takes much longer than the look-up itself.
func (t *ResourceType) Find(text string, off ToleranceSet) (p Path, rewrites []Rewrite, ok bool) {
	if a := t.resolve(text); a != nil {
		return Path{a}, nil, true
	}
	for _, r := range resolvers {
		if off.Has(r.tolerance) {
			continue
		}
		if a := r.resolve(t, text); a != nil {
			return Path{a}, []Rewrite{{r.tolerance, a.canonical}}, true
		}
	}
	return Path{}, nil, false
}

var resolvers = []struct {
	tolerance Tolerance
	resolve   func(*ResourceType, string) *attr
}{
	{URNDot, (*ResourceType).resolveDot},
	{BareExtensionName, (*ResourceType).resolveBare},
}

// resolveDot resolves "urn:…:User.department".
func (t *ResourceType) resolveDot(text string) *attr {
	for _, e := range t.byURN {
		if rest, ok := cutURNDot(text, e.urn); ok {
			return descend(e, rest)
		}
	}
	if rest, ok := cutURNDot(text, t.def.Schema.ID); ok {
		return descend(t.root, rest)
	}
	return nil
}

func cutURNDot(text, urn string) (rest string, ok bool) {
	if len(text) < len(urn)+2 || text[len(urn)] != '.' || !equalFoldASCII(text[:len(urn)], urn) {
		return "", false
	}
	return text[len(urn)+1:], true
}

// resolveBare resolves "department" or "manager.value".
func (t *ResourceType) resolveBare(text string) *attr {
	if strings.IndexByte(text, ':') >= 0 {
		return nil
	}
	var only *attr
	for _, e := range t.byURN {
		switch a := descend(e, text); {
		case a == nil:
		case only != nil:
			return nil
		default:
			only = a
		}
	}
	return only
}
