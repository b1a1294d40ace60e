package scimtest

import (
	"slices"
	"strings"
)

// matcherFunc is a compiled filter of the model server. The resource comes as
// the server represents it.
type matcherFunc func(object) bool

// filterParser reads the grammar of RFC 7644 §3.4.2.2.
type filterParser struct {
	s      *modelServer
	types  []*resType
	tokens []string
	depth  int
	within *attr // inside brackets: the attribute before them
	err    error
}

func (s *modelServer) parseFilter(types []*resType, text string) (matcherFunc, error) {
	p := &filterParser{s: s, types: types, tokens: filterTokens(text)}
	m := p.or()
	if p.err == nil && len(p.tokens) > 0 {
		p.fail("cannot read " + p.tokens[0])
	}
	return m, p.err
}

// filterTokens splits at spaces, brackets and parentheses outside of strings.
func filterTokens(text string) []string {
	var out []string
	for text = strings.TrimLeft(text, " "); text != ""; text = strings.TrimLeft(text, " ") {
		n := 1
		switch {
		case strings.ContainsRune("()[]", rune(text[0])):
		case text[0] == '"':
			for n < len(text) && text[n] != '"' {
				if text[n] == '\\' {
					n++
				}
				n++
			}
			n = min(n+1, len(text))
		default:
			if n = strings.IndexAny(text, " ()[]\""); n < 0 {
				n = len(text)
			}
		}
		out, text = append(out, text[:n]), text[n:]
	}
	return out
}

func (p *filterParser) fail(text string) matcherFunc {
	if p.err == nil {
		p.err = bad("invalidFilter", "%s", text)
	}
	p.tokens = nil
	return func(object) bool { return false }
}

func (p *filterParser) next() string {
	if len(p.tokens) == 0 {
		return ""
	}
	token := p.tokens[0]
	p.tokens = p.tokens[1:]
	return token
}

func (p *filterParser) take(word string) bool {
	if len(p.tokens) > 0 && strings.EqualFold(p.tokens[0], word) {
		p.tokens = p.tokens[1:]
		return true
	}
	return false
}

func (p *filterParser) or() matcherFunc {
	if p.s.on("or before and") {
		return p.chain("and", func() matcherFunc { return p.chain("or", p.term) })
	}
	return p.chain("or", func() matcherFunc { return p.chain("and", p.term) })
}

// chain reads terms joined by a word.
func (p *filterParser) chain(word string, term func() matcherFunc) matcherFunc {
	left := term()
	for p.take(word) {
		a, b := left, term()
		left = func(o object) bool {
			if word == "and" {
				return a(o) && b(o)
			}
			return a(o) || b(o)
		}
	}
	return left
}

func (p *filterParser) term() matcherFunc {
	if p.depth++; p.depth > 100 {
		return p.fail("too deep")
	}
	defer func() { p.depth-- }()
	switch {
	case p.take("not"):
		if !p.take("(") {
			return p.fail("not without (")
		}
		inner := p.closed(")")
		if p.s.on("not ignored") {
			return inner
		}
		return func(o object) bool { return !inner(o) }
	case p.take("("):
		return p.closed(")")
	}
	return p.comparison()
}

func (p *filterParser) closed(end string) matcherFunc {
	inner := p.or()
	if !p.take(end) {
		return p.fail("missing " + end)
	}
	return inner
}

func (p *filterParser) comparison() matcherFunc {
	name := p.next()
	a, at, ok := p.resolve(name)
	switch {
	case !ok && p.s.on("unknown attributes match all"):
		p.tokens = nil
		return func(object) bool { return true }
	case !ok:
		return p.fail("unknown attribute " + name)
	case p.take("["):
		return p.brackets(a, at)
	case p.take("pr"):
		return func(o object) bool {
			return slices.ContainsFunc(valuesAt(o, at), func(v any) bool { return !emptyJSON(v) })
		}
	}
	operator, operand := strings.ToLower(p.next()), p.next()
	want, err := decodeJSON([]byte(operand))
	_, isText := want.(string)
	switch {
	case err != nil:
		return p.fail("no operand: " + operand)
	case !slices.Contains([]string{"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"}, operator):
		return p.fail("unknown operator " + operator)
	case a.typ == "boolean" && operator != "eq" && operator != "ne" && !p.s.on("booleans have an order"):
		return p.fail(operator + " on a boolean")
	case a.typ != "boolean" && !isText:
		return p.fail("a text is needed")
	case a.returned == "never" && !p.s.on("secret can be filtered on"):
		return p.fail(a.name + " cannot be filtered on")
	}
	return func(o object) bool {
		values := valuesAt(o, at)
		if p.s.on("only first value compared") && len(values) > 1 {
			values = values[:1]
		}
		hit := slices.ContainsFunc(values, func(v any) bool { return p.s.compare(a, v, strings.Replace(operator, "ne", "eq", 1), want) })
		return hit != (operator == "ne")
	}
}

func (p *filterParser) brackets(a *attr, at []string) matcherFunc {
	outer := p.within
	p.within = a
	inner := p.closed("]")
	p.within = outer
	return func(o object) bool {
		elements := valuesAt(o, at)
		if p.s.on("terms match different elements") {
			return inner(flattened(elements))
		}
		return slices.ContainsFunc(elements, func(e any) bool { m, ok := e.(object); return ok && inner(m) })
	}
}

// flattened merges elements into one whose members have all their values.
func flattened(elements []any) object {
	out := object{}
	for _, e := range elements {
		for k, v := range e.(object) {
			list, _ := out[k].([]any)
			out[k] = append(list, v)
		}
	}
	return out
}

// resolve finds the attribute and the members that lead to it.
func (p *filterParser) resolve(name string) (*attr, []string, bool) {
	if p.within != nil {
		sub := p.within.sub(name)
		if sub == nil {
			return nil, nil, false
		}
		return sub, []string{sub.name}, true
	}
	for _, t := range p.types {
		if a, at, ok := p.s.attribute(t, name); ok {
			return a, at, true
		}
	}
	return nil, nil, false
}

// attribute resolves a name in attribute notation.
func (s *modelServer) attribute(t *resType, name string) (*attr, []string, bool) {
	rest, urn := foldPrefix(name, t.schema+":"), ""
	if s.on("core URN not understood") {
		rest = name
	}
	for _, e := range t.extensions {
		if short := foldPrefix(rest, e.urn+":"); short != rest {
			rest, urn = short, e.urn
		}
	}
	if s.on("paths split at every dot") && urn != "" {
		return nil, nil, false
	}
	head, tail, _ := strings.Cut(rest, ".")
	if a := commonAttr(head, tail); a != nil && urn == "" {
		return a, strings.Split(a.name, "."), true
	}
	a := t.find(func(a *attr) bool {
		return a.urn == urn && (a.name == head || strings.EqualFold(a.name, head) && !s.on("exact names in paths and filters"))
	})
	if a == nil {
		return nil, nil, false
	}
	at := []string{a.name}
	if urn != "" {
		at = []string{urn, a.name}
	}
	if tail == "" {
		return a, at, true
	}
	sub := a.sub(tail)
	if sub == nil {
		return nil, nil, false
	}
	return sub, append(at, sub.name), true
}

// commonAttr describes the attributes that every resource has.
func commonAttr(head, tail string) *attr {
	exact := func(a *attr) { a.caseExact, a.mutability = true, "readOnly" }
	when := func(a *attr) { a.typ, a.mutability = "dateTime", "readOnly" }
	switch strings.ToLower(head + "." + tail) {
	case "id.":
		return text("id", exact)
	case "externalid.":
		return text("externalId", func(a *attr) { a.caseExact = true })
	case "meta.lastmodified":
		return text("meta.lastModified", when)
	case "meta.created":
		return text("meta.created", when)
	case "meta.resourcetype":
		return text("meta.resourceType", exact)
	case "meta.":
		return text("meta", exact)
	}
	return nil
}

// valuesAt collects the values that a path leads to, through lists.
func valuesAt(v any, at []string) []any {
	if list, ok := v.([]any); ok {
		var out []any
		for _, e := range list {
			out = append(out, valuesAt(e, at)...)
		}
		return out
	}
	if len(at) == 0 {
		if v == nil {
			return nil
		}
		return []any{v}
	}
	return valuesAt(member(v, at[0]), at[1:])
}

func (s *modelServer) compare(a *attr, v any, operator string, want any) bool {
	if a.typ == "boolean" {
		return v == want
	}
	got, wanted := textOf(v), textOf(want)
	if a.typ == "dateTime" && !s.on("dates compared as texts") {
		x, okX := dateTime(got)
		y, okY := dateTime(wanted)
		return okX && okY && ordered(operator, x.Compare(y))
	}
	if !a.caseExact && !s.on("filters compare exactly") || s.on("filters never compare exactly") {
		got, wanted = fold(got), fold(wanted)
		if s.on("names not prepared") {
			got, wanted = strings.ToLower(textOf(v)), strings.ToLower(textOf(want))
		}
	}
	switch operator {
	case "co":
		return strings.Contains(got, wanted)
	case "sw":
		return strings.HasPrefix(got, wanted)
	case "ew":
		return strings.HasSuffix(got, wanted) || s.on("ew is co") && strings.Contains(got, wanted)
	}
	return ordered(operator, strings.Compare(got, wanted))
}

func ordered(operator string, c int) bool {
	switch operator {
	case "eq":
		return c == 0
	case "gt":
		return c > 0
	case "ge":
		return c >= 0
	case "lt":
		return c < 0
	}
	return c <= 0
}
