package syntax

import (
	"math"
	"strconv"
	"strings"
)

// Limits bound the work that a text can cause. A text beyond a limit is
// refused where the limit is crossed.
type Limits struct {
	// Bytes limits the length of the text.
	Bytes int
	// Depth limits how many brackets of any kind are open at once.
	Depth int
	// Terms limits the number of comparisons.
	Terms int
}

// Filter parses text as a filter (RFC 7644 §3.4.2.2, Figure 1).
func Filter(text string, l Limits) (Tree, error) {
	p := parser{text: text, limits: l, spacing: -1}
	if err := p.checkLength(); err != nil {
		return Tree{}, err
	}
	p.stack = append(p.room[:0], frame{kind: root})
	if err := p.run(); err != nil {
		return Tree{}, err
	}
	return p.tree(), nil
}

// ParsePath parses text as the path of a PATCH operation (RFC 7644 §3.5.2,
// Figure 7).
func ParsePath(text string, l Limits) (Path, error) {
	p := parser{text: text, limits: l, spacing: -1, inPath: true}
	if err := p.checkLength(); err != nil {
		return Path{}, err
	}
	path, err := p.path()
	if err != nil {
		return Path{}, err
	}
	return path, nil
}

// bracket is the reason why a frame is on the stack. From value on it is a
// value filter.
type bracket uint8

const (
	root   bracket = iota // the whole filter
	group                 // "("
	negate                // "not("
	value                 // "attr["
	target                // "attr[" of a PATCH path
)

// closers is what ends each kind of frame.
var closers = [...]string{root: "the end", group: `")"`, negate: `")"`, value: `"]"`, target: `"]"`}

// frame is one open bracket with what has been read inside it.
type frame struct {
	kind bracket
	ands int32 // operands since the last "or"
	ors  int32 // runs of "and" that are complete
}

type parser struct {
	text    string
	pos     int
	limits  Limits
	terms   int
	spacing int
	inPath  bool // outside the brackets of a PATCH path
	inValue bool // inside a value filter
	nodes   []Node
	stack   []frame
	room    [8]frame // the first frames, so that common filters allocate none
}

func (p *parser) tree() Tree {
	return Tree{Text: p.text, Nodes: p.nodes, Spacing: p.spacing}
}

func (p *parser) top() *frame { return &p.stack[len(p.stack)-1] }

func (p *parser) span(start, end int) Span { return Span{int32(start), int32(end)} }

func (p *parser) checkLength() error {
	if limit := min(p.limits.Bytes, math.MaxInt32); len(p.text) > limit {
		return &Error{Offset: limit, Found: strconv.Itoa(len(p.text)) + " bytes",
			Expected: "at most " + strconv.Itoa(limit), InPath: p.inPath}
	}
	return nil
}

// run alternates between operands and what connects them until the outermost
// frame ends.
func (p *parser) run() error {
	p.nodes = make([]Node, 0, min(len(p.text)/12+1, 64))
	p.blanks(0)
	for {
		if err := p.operand(); err != nil {
			return err
		}
		done, err := p.connect()
		if err != nil {
			return err
		}
		if done {
			return nil
		}
	}
}

const expectTerm = `an attribute name, "not" or "("`

// operand reads one comparison, with the brackets that open before it.
func (p *parser) operand() *Error {
	for {
		start := p.pos
		if start < len(p.text) && p.text[start] == '(' {
			if err := p.push(group, start+1); err != nil {
				return err
			}
			continue
		}
		end := p.skipWhile(start, pathByte)
		if end == start {
			return p.fail(start, expectTerm)
		}
		next := p.skipWhile(end, blank)
		switch {
		case p.at(next, '(') && foldEqual(p.text[start:end], "not"):
			p.onlySpaces(end, next)
			if err := p.push(negate, next+1); err != nil {
				return err
			}
		case p.at(next, '['):
			if err := p.openValue(start, end); err != nil {
				return err
			}
		default:
			return p.comparison(start, end)
		}
	}
}

// openValue reads the "[" after the attribute path between start and end.
func (p *parser) openValue(start, end int) *Error {
	if err := p.checkName(start, end); err != nil {
		return err
	}
	p.pos = end
	p.blanks(0)
	if p.inValue {
		return p.failDetail(p.pos, "an operator", "a value filter cannot contain another value filter")
	}
	p.nodes = append(p.nodes, Node{Kind: Open, Path: p.span(start, end)})
	return p.push(value, p.pos+1)
}

// push opens a bracket whose inside starts at pos.
func (p *parser) push(kind bracket, pos int) *Error {
	if len(p.stack) > p.limits.Depth {
		return &Error{Offset: pos - 1, Found: "another bracket",
			Expected: "at most " + strconv.Itoa(p.limits.Depth) + " open at once"}
	}
	p.stack = append(p.stack, frame{kind: kind})
	p.inValue = p.inValue || kind >= value
	p.pos = pos
	p.blanks(0)
	return nil
}

// comparison reads the rest of a term whose attribute path is between start
// and end.
func (p *parser) comparison(start, end int) *Error {
	if err := p.checkName(start, end); err != nil {
		return err
	}
	n := Node{Kind: Compare, Path: p.span(start, end)}
	p.pos = end
	return p.rest(&n)
}

// rest reads an operator and its operand, and adds the finished node n.
func (p *parser) rest(n *Node) *Error {
	if p.terms++; p.terms > p.limits.Terms {
		return &Error{Offset: int(n.Path.Start), Found: "another comparison",
			Expected: "at most " + strconv.Itoa(p.limits.Terms)}
	}
	p.blanks(1)
	if err := p.operator(n); err != nil {
		return err
	}
	if n.Op != Pr {
		p.blanks(1)
		if err := p.literal(n); err != nil {
			return err
		}
	}
	p.nodes = append(p.nodes, *n)
	return nil
}

const expectOperator = "an operator: eq, ne, co, sw, ew, pr, gt, ge, lt or le"

func (p *parser) operator(n *Node) *Error {
	end := p.skipWhile(p.pos, nameByte)
	word := p.text[p.pos:end]
	op, ok := lookupOp(word)
	if !ok {
		e := p.fail(p.pos, expectOperator)
		if word != "" {
			e.Detail = "the operator " + Quote(word) + " is not supported"
		}
		return e
	}
	n.Op, p.pos = op, end
	return nil
}

// connect reads what follows an operand: closing brackets, then "and", "or",
// or the end. It reports whether the outermost frame is complete.
func (p *parser) connect() (done bool, err *Error) {
	for {
		word := p.skipWhile(p.pos, blank)
		switch {
		case word >= len(p.text):
			p.blanks(0)
			if p.top().kind != root {
				return done, p.failOpen(word)
			}
			p.endRun(p.top())
			return true, nil
		case p.text[word] == ')' || p.text[word] == ']':
			p.blanks(0)
			if done, err := p.pop(); done || err != nil {
				return done, err
			}
		default:
			return false, p.connective()
		}
	}
}

func (p *parser) failOpen(pos int) *Error {
	return p.fail(pos, `"and", "or" or `+closers[p.top().kind])
}

// connective reads "and" or "or" with the blanks around it.
func (p *parser) connective() *Error {
	p.blanks(1)
	end := p.skipWhile(p.pos, alpha)
	top := p.top()
	switch word := p.text[p.pos:end]; {
	case foldEqual(word, "and"):
		top.ands++
	case foldEqual(word, "or"):
		top.ands++
		p.endAnds(top)
	default:
		return p.failOpen(p.pos)
	}
	p.pos = end
	p.blanks(1)
	return nil
}

// endAnds completes a run of "and".
func (p *parser) endAnds(f *frame) {
	if f.ands > 1 {
		p.nodes = append(p.nodes, Node{Kind: And, N: f.ands})
	}
	f.ands = 0
	f.ors++
}

// endRun completes everything that f holds into one operand.
func (p *parser) endRun(f *frame) {
	f.ands++
	p.endAnds(f)
	if f.ors > 1 {
		p.nodes = append(p.nodes, Node{Kind: Or, N: f.ors})
	}
}

// pop closes the innermost bracket. It reports whether that ends a PATCH
// path's filter.
func (p *parser) pop() (done bool, err *Error) {
	f := p.top()
	if closer := closers[f.kind]; closer[1] != p.text[p.pos] {
		return done, p.failOpen(p.pos)
	}
	p.endRun(f)
	p.pos++
	kind := f.kind
	p.stack = p.stack[:len(p.stack)-1]
	switch kind {
	case negate:
		p.nodes = append(p.nodes, Node{Kind: Not})
	case value:
		p.inValue = false
		return false, p.closeValue()
	case target:
		return true, nil
	}
	return false, nil
}

// closeValue completes a value filter. Some clients compare a sub-attribute of
// the selected values: emails[type eq "work"].value eq "x".
func (p *parser) closeValue() *Error {
	if !p.at(p.pos, '.') {
		p.nodes = append(p.nodes, Node{Kind: Close})
		return nil
	}
	start := p.pos + 1
	end := p.skipWhile(start, nameByte)
	if err := p.checkName(start, end); err != nil {
		return err
	}
	n := Node{Kind: CloseSub, Path: p.span(start, end)}
	p.pos = end
	return p.rest(&n)
}

// path reads a PATCH path.
func (p *parser) path() (Path, error) {
	p.blanks(0)
	start := p.pos
	end := p.skipWhile(start, pathByte)
	if err := p.checkName(start, end); err != nil {
		return Path{}, err
	}
	path := Path{Attr: p.span(start, end)}
	p.pos = end
	p.blanks(0)
	if p.at(p.pos, '[') {
		if err := p.targetFilter(); err != nil {
			return Path{}, err
		}
		if p.at(p.pos, '.') {
			start, end := p.pos+1, p.skipWhile(p.pos+1, nameByte)
			if err := p.checkName(start, end); err != nil {
				return Path{}, err
			}
			path.Sub = p.span(start, end)
			p.pos = end
		}
		p.blanks(0)
	}
	if p.pos < len(p.text) {
		return Path{}, p.fail(p.pos, "the end of the path")
	}
	path.Filter = p.tree()
	return path, nil
}

// targetFilter reads the bracketed part of a PATCH path.
func (p *parser) targetFilter() error {
	p.stack = append(p.room[:0], frame{kind: root})
	if err := p.push(target, p.pos+1); err != nil {
		return err
	}
	p.inPath = false
	if err := p.run(); err != nil {
		return err
	}
	p.inPath = true
	return nil
}

// IsAttrPath reports whether text can stand where a filter has an attribute
// path.
func IsAttrPath(text string) bool {
	p := parser{text: text}
	return text != "" && p.skipWhile(0, pathByte) == len(text) && p.checkName(0, len(text)) == nil
}

// checkName checks the attribute path between start and end. A path without a
// schema URI is checked in full; where a URI ends only a schema can tell.
func (p *parser) checkName(start, end int) *Error {
	const expected = "an attribute name"
	text := p.text[start:end]
	if strings.IndexByte(text, ':') >= 0 {
		return nil
	}
	name, sub, dotted := strings.Cut(text, ".")
	if bad := badNameByte(name); bad >= 0 {
		return p.fail(start+bad, expected)
	}
	if dotted {
		if bad := badNameByte(sub); bad >= 0 {
			return p.fail(start+len(name)+1+bad, "the name of a sub-attribute")
		}
	}
	return nil
}

// badNameByte returns the index of the first byte of s that cannot stand there
// in an attribute name, -1 if s is a name. "$" alone is no name.
func badNameByte(s string) int {
	if s == "" || (classes[s[0]]&alpha == 0 && (s[0] != '$' || len(s) == 1)) {
		return 0
	}
	for i := 1; i < len(s); i++ {
		if classes[s[i]]&nameByte == 0 {
			return i
		}
	}
	return -1
}

// at reports whether c stands at pos.
func (p *parser) at(pos int, c byte) bool { return pos < len(p.text) && p.text[pos] == c }

// blanks skips blanks and takes note when they are not exactly the number of
// spaces that the grammar has.
func (p *parser) blanks(want int) {
	start := p.pos
	p.pos = p.skipWhile(start, blank)
	if p.spacing < 0 && (p.pos-start != want || (want == 1 && p.text[start] != ' ')) {
		p.spacing = start
	}
}

// onlySpaces takes note of blanks between start and end that are no spaces,
// where the grammar has any number of these.
func (p *parser) onlySpaces(start, end int) {
	if p.spacing < 0 && strings.Trim(p.text[start:end], " ") != "" {
		p.spacing = start
	}
}
