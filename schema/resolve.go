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
	if rest, ok := cutURN(text, t.def.Schema.ID); ok && rest != "" {
		return descend(t.root, rest)
	}
	var longest *attr
	var tail string
	for _, e := range t.byURN {
		if rest, ok := cutURN(text, e.urn); ok && (longest == nil || len(e.urn) > len(longest.urn)) {
			longest, tail = e, rest
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

// descend follows a name or name.subName below a.
func descend(a *attr, text string) *attr {
	name, sub, dotted := strings.Cut(text, ".")
	found := a.names.find(name)
	if found == nil || found.container || !dotted {
		return found
	}
	return found.names.find(sub)
}

func (t *ResourceType) unknown(text string) error {
	detail := fmt.Sprintf("not an attribute of %s", t.Name())
	if near := t.nearest(text); near != "" {
		detail += fmt.Sprintf("; did you mean %q?", near)
	}
	return &PathError{Path: text, Offset: -1, Err: ErrUnknownAttribute, Detail: detail}
}
