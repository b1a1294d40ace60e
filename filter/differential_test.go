package filter

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	parser "github.com/scim2/filter-parser/v2"

	"github.com/muster-scim/muster/filter/internal/syntax"
)

// The tests here compare the grammar with that of filter-parser, without any
// schema, by writing both trees in one notation.

// differences explains where the grammars differ: whether a text is a case of
// the row with that id in docs/filter.md.
var differences = map[string]func(text string, ours *syntax.Tree) bool{
	"brackets": func(text string, _ *syntax.Tree) bool { return strings.Contains(text, "[") },
	"selection": func(_ string, t *syntax.Tree) bool {
		return hasNode(t, func(n *syntax.Node) bool { return n.Kind == syntax.CloseSub })
	},
	"word":      func(_ string, t *syntax.Tree) bool { return hasNode(t, func(n *syntax.Node) bool { return n.Odd }) },
	"spacing":   func(_ string, t *syntax.Tree) bool { return t.Spacing >= 0 },
	"escape":    func(text string, _ *syntax.Tree) bool { return strings.Contains(text, `\u`) },
	"surrogate": func(text string, _ *syntax.Tree) bool { return strings.Contains(strings.ToLower(text), `\ud`) },
	"utf8":      func(text string, _ *syntax.Tree) bool { return !utf8.ValidString(text) },
	"name":      func(text string, _ *syntax.Tree) bool { return strings.Contains(text, "$") },
	"uri":       func(text string, _ *syntax.Tree) bool { return strings.Contains(text, ":") },
	"glued":     func(text string, _ *syntax.Tree) bool { return glued.MatchString(text) },
	"limit":     func(text string, _ *syntax.Tree) bool { return strings.Count(text, "(") > DefaultMaxDepth },
}

// onlyOurs are the differences by which we accept more.
var onlyOurs = []string{"brackets", "selection", "word", "spacing", "escape", "name", "uri"}

// onlyTheirs are those by which we accept less.
var onlyTheirs = []string{"surrogate", "utf8", "glued", "limit"}

// glued is a word in brackets that begins or ends like an operator.
var glued = regexp.MustCompile(`(?is)\[.*(\S(and|or)|(and|or)\S)`)

func hasNode(t *syntax.Tree, is func(*syntax.Node) bool) bool {
	for i := range t.Nodes {
		if is(&t.Nodes[i]) {
			return true
		}
	}
	return false
}

// TestDifferential checks the table of differences in docs/filter.md.
func TestDifferential(t *testing.T) {
	page, err := os.ReadFile("../docs/filter.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "| Id | Example |")
	seen := map[string]bool{}
	for _, line := range strings.Split(table, "\n")[2:] {
		cells := strings.Split(line, " | ")
		if len(cells) != 5 {
			break
		}
		id := strings.TrimPrefix(cells[0], "| ")
		text := strings.TrimSuffix(strings.Trim(strings.TrimSuffix(cells[1], " (the byte)"), "`"), "`")
		text = strings.ReplaceAll(text, `\xff`, "\xff")
		seen[id] = true
		t.Run(id, func(t *testing.T) { checkDifference(t, id, text, cells[2], cells[3]) })
	}
	for id := range differences {
		if !seen[id] {
			t.Errorf("docs/filter.md has no row %q", id)
		}
	}
}

func checkDifference(t *testing.T, id, text, theirs, ours string) {
	verdict := map[bool]string{true: "accepts", false: "refuses"}
	_, err := parser.ParseFilterNumber([]byte(text))
	if got := verdict[err == nil]; got != theirs {
		t.Errorf("filter-parser %s %q", got, text)
	}
	tree, err := syntax.Filter(text, (*Options)(nil).limits())
	if got := verdict[err == nil]; got != ours {
		t.Errorf("muster %s %q: %v", got, text, err)
	}
	if explains, ok := differences[id]; !ok || !explains(text, &tree) {
		t.Errorf("%q is not a case of %s", text, id)
	}
}

// FuzzDifferential looks for differences that the table does not explain.
func FuzzDifferential(f *testing.F) {
	for _, seed := range []string{
		`userName eq "bjensen"`, `a pr and b pr or not (c pr)`, `emails[type eq "work" and value co "@x"]`,
		`a.b ne -1.5E+3 or a eq true`, `urn:x:y.z:a.b sw "\u00E9\n"`, `(a pr or b pr) and (c pr)`, `a[not (b pr)]`, `a eq null`, `a EQ False`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 200 {
			return // the other parser is slow, and deep nesting kills it
		}
		theirs, theirErr := parser.ParseFilterNumber([]byte(text))
		ours, ourErr := syntax.Filter(text, (*Options)(nil).limits())
		switch {
		case theirErr == nil && ourErr == nil:
			if a, b := ourNotation(&ours), theirNotation(theirs); a != b {
				t.Errorf("%q is %s for us and %s for filter-parser", text, a, b)
			}
		case ourErr == nil:
			checkExplained(t, text, &ours, onlyOurs, theirErr)
		case theirErr == nil:
			checkExplained(t, text, &ours, onlyTheirs, ourErr)
		}
	})
}

func checkExplained(t *testing.T, text string, tree *syntax.Tree, ids []string, err error) {
	t.Helper()
	for _, id := range ids {
		if differences[id](text, tree) {
			return
		}
	}
	t.Errorf("%q: unexplained difference: %v", text, err)
}

// joined writes terms joined by op; terms that are so joined themselves count
// as part of the whole.
func joined(op string, terms ...string) string {
	for i, term := range terms {
		if inner, ok := strings.CutPrefix(term, op+"{"); ok && strings.HasSuffix(term, "}"+op) {
			terms[i] = strings.TrimSuffix(inner, "}"+op)
		}
	}
	return op + "{" + strings.Join(terms, "; ") + "}" + op
}

func ourNotation(t *syntax.Tree) string {
	var stack, open []string
	pop := func(n int) []string {
		args := stack[len(stack)-n:]
		stack = stack[:len(stack)-n]
		return args
	}
	for i := range t.Nodes {
		n, s := &t.Nodes[i], ""
		switch n.Kind {
		case syntax.Compare:
			operand := strings.ToLower(t.Slice(n.Value))
			if n.Lit == syntax.String || n.Lit == syntax.Escaped {
				operand = t.Slice(n.Value)
			}
			s = strings.Join([]string{t.Slice(n.Path), syntax.OpNames[n.Op], operand}, " ")
		case syntax.Not:
			s = "not{" + pop(1)[0] + "}"
		case syntax.And:
			s = joined("and", pop(int(n.N))...)
		case syntax.Or:
			s = joined("or", pop(int(n.N))...)
		case syntax.Open:
			open = append(open, t.Slice(n.Path))
			continue
		case syntax.Close:
			s = open[len(open)-1] + "[" + pop(1)[0] + "]"
		}
		stack = append(stack, s)
	}
	return stack[0]
}

func theirNotation(e parser.Expression) string {
	switch e := e.(type) {
	case *parser.LogicalExpression:
		return joined(string(e.Operator), theirNotation(e.Left), theirNotation(e.Right))
	case *parser.NotExpression:
		return "not{" + theirNotation(e.Expression) + "}"
	case *parser.ValuePath:
		return e.AttributePath.String() + "[" + theirNotation(e.ValueFilter) + "]"
	case *parser.AttributeExpression:
		operand := ""
		switch v := e.CompareValue.(type) {
		case string:
			operand = `"` + v + `"`
		case nil:
			if e.Operator != parser.PR {
				operand = "null"
			}
		default:
			operand = fmt.Sprint(v)
		}
		return strings.Join([]string{e.AttributePath.String(), string(e.Operator), operand}, " ")
	}
	return fmt.Sprintf("%T", e)
}
