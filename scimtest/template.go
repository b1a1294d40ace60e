package scimtest

import (
	"fmt"
	"regexp"
	"strings"
)

// vars are the variables of one scenario.
type vars map[string]string

var varPattern = regexp.MustCompile(`\$\{([^}]*)\}`)

// varName is what may stand between the braces.
var varName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// text substitutes the variables in a text, as they are.
func (v vars) text(text string) string {
	return v.replace(text, func(value string) string { return value })
}

// path substitutes in a request path; values are percent-encoded whole.
func (v vars) path(text string) string { return v.replace(text, percentEncode) }

func (v vars) replace(text string, encode func(string) string) string {
	if !strings.Contains(text, "${") {
		return text
	}
	return varPattern.ReplaceAllStringFunc(text, func(m string) string {
		value, ok := v[m[2:len(m)-1]]
		if !ok {
			return m
		}
		return encode(value)
	})
}

// value substitutes in every string of a JSON value, member names included.
func (v vars) value(in any) any {
	switch in := in.(type) {
	case string:
		return v.text(in)
	case []any:
		out := make([]any, len(in))
		for i, e := range in {
			out[i] = v.value(e)
		}
		return out
	case object:
		out := make(object, len(in))
		for name, e := range in {
			out[v.text(name)] = v.value(e)
		}
		return out
	}
	return in
}

// varsIn lists the variables that a value uses, in no particular order.
func varsIn(in any) []string {
	var out []string
	for _, m := range varPattern.FindAllStringSubmatch(compactJSON(in), -1) {
		out = append(out, m[1])
	}
	return out
}

// percentEncode keeps only the unreserved characters of RFC 3986 §2.3.
func percentEncode(text string) string {
	var out strings.Builder
	for _, b := range []byte(text) {
		if strings.IndexByte(unreserved, b) >= 0 {
			out.WriteByte(b)
		} else {
			fmt.Fprintf(&out, "%%%02X", b)
		}
	}
	return out.String()
}

const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
