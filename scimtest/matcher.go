package scimtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// matcher is one expectation on a value of a response.
type matcher struct {
	want string // in words
	test func(v any, found bool) bool
}

// newMatcher builds the matcher that the corpus format writes as v: a one-key
// object whose key starts with "$", or any other value for deep equality.
func newMatcher(v any) (matcher, error) {
	name, arg, ok := operatorOf(v)
	if !ok {
		return equals(v), nil
	}
	build, known := matcherOps[name]
	if !known {
		return matcher{}, fmt.Errorf("unknown matcher %q", name)
	}
	if len(v.(object)) != 1 {
		return matcher{}, fmt.Errorf("matcher %s must be the only key of its object", name)
	}
	m, err := build(arg)
	if err != nil {
		return matcher{}, fmt.Errorf("matcher %s: %w", name, err)
	}
	return m, nil
}

// operatorOf returns the first $-key of an object. "$ref" is an attribute.
func operatorOf(v any) (name string, arg any, ok bool) {
	o, _ := v.(object)
	for name, arg := range o {
		if strings.HasPrefix(name, "$") && name != "$ref" {
			return name, arg, true
		}
	}
	return "", nil, false
}

var matcherOps = map[string]func(arg any) (matcher, error){
	"$any":           flag("any value", func(v any, found bool) bool { return found && v != nil && v != "" }),
	"$emptyOrAbsent": flag("no value", func(v any, found bool) bool { return !found || emptyJSON(v) }),
	"$type":          hasType,
	"$len":           length("an array of %d", func(n, want int) bool { return n == want }),
	"$minLen":        length("an array of at least %d", func(n, want int) bool { return n >= want }),
	"$min":           atLeast,
	"$contains":      contains,
	"$oneOf":         oneOf,
	"$not":           not,
	"$prefix":        prefix,
	"$oneOfPrefix":   oneOfPrefix,
}

func equals(want any) matcher {
	return matcher{compactJSON(want), func(v any, found bool) bool { return found && equalJSON(v, want) }}
}

func flag(want string, test func(any, bool) bool) func(any) (matcher, error) {
	return func(arg any) (matcher, error) {
		if arg != true {
			return matcher{}, errors.New("the argument must be true")
		}
		return matcher{want, test}, nil
	}
}

func hasType(arg any) (matcher, error) {
	name, _ := arg.(string)
	if !slices.Contains([]string{"string", "integer", "boolean", "array", "object"}, name) {
		return matcher{}, fmt.Errorf("%s is no JSON type name", compactJSON(arg))
	}
	return matcher{"a JSON " + name, func(v any, found bool) bool { return found && typeOf(v) == name }}, nil
}

func intArg(arg any) (int, error) {
	n, _ := arg.(json.Number)
	i, err := strconv.Atoi(string(n))
	if err != nil {
		return 0, fmt.Errorf("the argument must be an integer, not %s", compactJSON(arg))
	}
	return i, nil
}

func length(want string, test func(n, want int) bool) func(any) (matcher, error) {
	return func(arg any) (matcher, error) {
		n, err := intArg(arg)
		return matcher{fmt.Sprintf(want, n), func(v any, _ bool) bool {
			list, ok := v.([]any)
			return ok && test(len(list), n)
		}}, err
	}
}

func atLeast(arg any) (matcher, error) {
	least, err := intArg(arg)
	return matcher{fmt.Sprintf("an integer of at least %d", least), func(v any, _ bool) bool {
		n, ok := v.(json.Number)
		i, err := strconv.Atoi(string(n))
		return ok && err == nil && i >= least
	}}, err
}

func contains(arg any) (matcher, error) {
	return matcher{"an array with " + compactJSON(arg), func(v any, _ bool) bool {
		list, _ := v.([]any)
		return slices.ContainsFunc(list, func(e any) bool { return equalJSON(e, arg) })
	}}, nil
}

func oneOf(arg any) (matcher, error) {
	list, ok := arg.([]any)
	if !ok || len(list) == 0 {
		return matcher{}, errors.New("the argument must be a list of values")
	}
	return matcher{"one of " + compactJSON(list), func(v any, found bool) bool {
		return found && slices.ContainsFunc(list, func(e any) bool { return equalJSON(e, v) })
	}}, nil
}

func not(arg any) (matcher, error) {
	return matcher{"anything but " + compactJSON(arg), func(v any, found bool) bool {
		return !found || !equalJSON(v, arg)
	}}, nil
}

func prefix(arg any) (matcher, error) {
	if _, ok := arg.(string); !ok {
		return matcher{}, errors.New("the argument must be a string")
	}
	return oneOfPrefix([]any{arg})
}

func oneOfPrefix(arg any) (matcher, error) {
	list, _ := arg.([]any)
	if len(list) == 0 || slices.ContainsFunc(list, func(e any) bool { _, ok := e.(string); return !ok }) {
		return matcher{}, errors.New("the argument must be a list of strings")
	}
	return matcher{"a text that starts with " + compactJSON(arg), func(v any, _ bool) bool {
		text, ok := v.(string)
		return ok && slices.ContainsFunc(list, func(e any) bool { return hasPrefixFold(text, e.(string)) })
	}}, nil
}

func hasPrefixFold(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}
