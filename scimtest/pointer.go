package scimtest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// pointer is a parsed path into a JSON value: JSON Pointer (RFC 6901) plus
// segments of the form [attr=value], which pick the first array element whose
// attr has that text, whatever its letter case.
type pointer []segment

type segment struct {
	name       string // member name or array index
	attr, want string // of an [attr=value] segment
	selects    bool
}

// parsePointer reads a pointer; "" is the whole value.
func parsePointer(text string) (pointer, error) {
	var out pointer
	for rest := text; rest != ""; {
		if rest[0] != '/' {
			return nil, fmt.Errorf("pointer %q: %q must start with a slash", text, rest)
		}
		var s segment
		var err error
		if s, rest, err = parseSegment(rest[1:]); err != nil {
			return nil, fmt.Errorf("pointer %q: %w", text, err)
		}
		out = append(out, s)
	}
	return out, nil
}

var unescapePointer = strings.NewReplacer("~1", "/", "~0", "~")

func parseSegment(text string) (s segment, rest string, err error) {
	if !strings.HasPrefix(text, "[") {
		end := strings.IndexByte(text, '/')
		if end < 0 {
			end = len(text)
		}
		return segment{name: unescapePointer.Replace(text[:end])}, text[end:], nil
	}
	end := strings.IndexByte(text, ']')
	if end < 0 {
		return s, "", errors.New("[ without ]")
	}
	attr, want, ok := strings.Cut(text[1:end], "=")
	if !ok || attr == "" {
		return s, "", fmt.Errorf("%q is not of the form [attr=value]", text[:end+1])
	}
	return segment{attr: attr, want: want, selects: true}, text[end+1:], nil
}

// resolve follows p into v and reports whether there is a value, null included.
func (p pointer) resolve(v any) (any, bool) {
	for _, s := range p {
		var ok bool
		if v, ok = s.step(v); !ok {
			return nil, false
		}
	}
	return v, true
}

func (s segment) step(v any) (any, bool) {
	switch v := v.(type) {
	case object:
		if s.selects {
			return nil, false
		}
		out, ok := v[s.name]
		return out, ok
	case []any:
		return s.element(v)
	}
	return nil, false
}

func (s segment) element(list []any) (any, bool) {
	if !s.selects {
		i, err := strconv.Atoi(s.name)
		if err != nil || i < 0 || i >= len(list) {
			return nil, false
		}
		return list[i], true
	}
	for _, e := range list {
		got, ok := member(e, s.attr), false
		if o, isObject := e.(object); isObject {
			_, ok = o[s.attr]
		}
		if ok && strings.EqualFold(textOf(got), s.want) {
			return e, true
		}
	}
	return nil, false
}
