package scim

import (
	"strings"

	"github.com/muster-scim/muster/schema"
)

// mapped translates the attribute names in a filter, a PATCH path or sortBy.
func (c *call) mapped(t *schema.ResourceType, text string) string {
	if m := c.profile.mapping.of(t); m != nil {
		return m.text(text)
	}
	return text
}

// mappedNames does the same for a list of names.
func (c *call) mappedNames(t *schema.ResourceType, names []string) []string {
	m := c.profile.mapping.of(t)
	if m == nil {
		return names
	}
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = m.path(name)
	}
	return out
}

// path translates one attribute path.
func (m *typeMapper) path(text string) string {
	p := parsePlace(m.typ, m.inURN(text))
	for _, mv := range m.moves {
		if p.attr != "" && p.top().equal(mv.client) {
			p.urn, p.attr = mv.served.urn, mv.served.attr
			break
		}
	}
	for _, s := range m.subs {
		if p.top().equal(s.attr) && strings.EqualFold(p.sub, s.client) {
			p.sub = s.served
		}
	}
	return p.String()
}

// inURN replaces the client's URN at the start of a path, with either of the
// separators that clients put after it.
func (m *typeMapper) inURN(text string) string {
	for _, u := range m.urns {
		n := len(u.client)
		if len(text) < n || !strings.EqualFold(text[:n], u.client) {
			continue
		}
		if len(text) == n || text[n] == ':' || text[n] == '.' {
			return u.served + text[n:]
		}
	}
	return text
}

// sub translates the name of a sub-attribute, as in the brackets after attr.
func (m *typeMapper) sub(attr place, name string) string {
	for _, s := range m.subs {
		if s.attr.equal(attr.top()) && strings.EqualFold(name, s.client) {
			return s.served
		}
	}
	return name
}

// text translates the paths in a filter or a PATCH path. It follows the order of
// words only: path, operator, operand. What is no filter stays none.
func (m *typeMapper) text(text string) string {
	s := textScanner{m: m, rest: text}
	for s.rest != "" {
		s.step()
	}
	return s.out.String()
}

type textScanner struct {
	m       *typeMapper
	rest    string
	out     strings.Builder
	expects wordKind
	last    place // the latest path
	bracket bool  // between [ and ], where names are sub-attributes of last
	closed  bool  // right after ]
}

type wordKind uint8

const (
	aPath wordKind = iota
	anOperator
	anOperand
)

// step copies one blank, bracket, string or word.
func (s *textScanner) step() {
	closed := s.closed
	s.closed = false
	switch s.rest[0] {
	case ' ':
		s.copy(1)
	case '(', ')':
		s.expects = aPath
		s.copy(1)
	case '[', ']':
		s.bracket, s.closed, s.expects = s.rest[0] == '[', s.rest[0] == ']', aPath
		s.copy(1)
	case '"':
		s.copy(stringEnd(s.rest))
		s.expects = aPath
	default:
		n := strings.IndexAny(s.rest, ` ()[]"`)
		if n < 0 {
			n = len(s.rest)
		}
		s.word(s.rest[:n], closed)
		s.rest = s.rest[n:]
	}
}

func (s *textScanner) copy(n int) {
	s.out.WriteString(s.rest[:n])
	s.rest = s.rest[n:]
}

func (s *textScanner) word(word string, closed bool) {
	switch {
	case s.expects == anOperator && strings.EqualFold(word, "pr"), s.expects == anOperand:
		s.expects = aPath
	case s.expects == anOperator:
		s.expects = anOperand
	case closed && word[0] == '.':
		word = "." + s.m.sub(s.last, word[1:])
		s.expects = anOperator
	case isConnective(word):
	case s.bracket:
		word = s.m.sub(s.last, word)
		s.expects = anOperator
	default:
		word = s.m.path(word)
		s.last = parsePlace(s.m.typ, word)
		s.expects = anOperator
	}
	s.out.WriteString(word)
}

func isConnective(word string) bool {
	return strings.EqualFold(word, "and") || strings.EqualFold(word, "or") || strings.EqualFold(word, "not")
}

// stringEnd returns the length of the quoted string at the start of text.
func stringEnd(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}
