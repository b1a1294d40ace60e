package filter_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	parser "github.com/scim2/filter-parser/v2"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// Every filter that the other module can express survives the way there and
// back.
func TestASTRoundTrip(t *testing.T) {
	for _, tt := range matchTests {
		f := filter.MustParse(user, tt.text)
		again, err := filter.FromAST(user, filter.ToAST(f.Expr()), nil)
		if err != nil {
			t.Errorf("%s: %v", f, err)
		} else if again.String() != f.String() {
			t.Errorf("%s became %s", f, again)
		}
	}
}

// What filter-parser reads from a text, bound, is what Parse makes of it.
func TestFromASTAgreesWithParse(t *testing.T) {
	for _, tt := range matchTests {
		tree, err := parser.ParseFilterNumber([]byte(tt.text))
		if err != nil {
			continue // TestDifferential explains these
		}
		want := filter.MustParse(user, tt.text)
		if f, err := filter.FromAST(user, tree, nil); err != nil || f.String() != want.String() {
			t.Errorf("%s: got %v, %v", tt.text, f, err)
		}
	}
}

func TestFromAST(t *testing.T) {
	title := parser.AttributePath{AttributeName: "title"}
	count := parser.AttributePath{AttributeName: "count"}
	cmp := func(p parser.AttributePath, v any) parser.Expression {
		return &parser.AttributeExpression{AttributePath: p, Operator: parser.EQ, CompareValue: v}
	}
	tests := []struct {
		name string
		tree parser.Expression
		want string
	}{
		{"null", cmp(title, nil), `not (title pr)`},
		{"escapes as left by the parser", cmp(title, `q\"d\u0041`), `title eq "q\"dA"`},
		{"plain text that needs escapes", cmp(title, `q"d`), `title eq "q\"d"`},
		{"int", cmp(count, 42), testURN + `:count eq 42`},
		{"float", cmp(count, 1e21), testURN + `:count eq 1e+21`},
		{"json.Number", cmp(count, json.Number("9007199254740993")), testURN + `:count eq 9007199254740993`},
		{"bool", cmp(parser.AttributePath{AttributeName: "active"}, true), `active eq true`},
		{"right-leaning or in and", &parser.LogicalExpression{Left: cmp(title, "a"), Operator: parser.AND,
			Right: &parser.LogicalExpression{Left: cmp(title, "b"), Right: cmp(title, "c"), Operator: parser.OR}},
			`title eq "a" and (title eq "b" or title eq "c")`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := filter.FromAST(user, tt.tree, nil)
			if err != nil || f.String() != tt.want {
				t.Errorf("got %v, %v; want %s", f, err, tt.want)
			}
		})
	}
}

// A tree built by hand must not smuggle in text.
func TestFromASTErrors(t *testing.T) {
	ok := &parser.AttributeExpression{AttributePath: parser.AttributePath{AttributeName: "title"}, Operator: parser.PR}
	attr := func(name string, op parser.CompareOperator, v any) parser.Expression {
		return &parser.AttributeExpression{AttributePath: parser.AttributePath{AttributeName: name}, Operator: op, CompareValue: v}
	}
	var deep parser.Expression = ok
	for range 1000 {
		deep = &parser.NotExpression{Expression: deep}
	}
	tests := []struct {
		name string
		tree parser.Expression
		want string
	}{
		{"nil", nil, "a node of filter-parser"},
		{"typed nil", (*parser.NotExpression)(nil), "a node of filter-parser"},
		{"nil inside", &parser.LogicalExpression{Left: ok, Operator: parser.AND}, "a node of filter-parser"},
		{"name", attr("title pr or id", parser.EQ, "x"), "an attribute path"},
		{"empty name", attr("", parser.EQ, "x"), "an attribute path"},
		{"operator", attr("title", `eq "a" or title eq`, "x"), "an operator of filter-parser"},
		{"logical operator", &parser.LogicalExpression{Left: ok, Right: ok, Operator: "pr or id pr and"}, "an operator of filter-parser"},
		{"value path", &parser.ValuePath{AttributePath: parser.AttributePath{AttributeName: "emails[type pr] or emails"}, ValueFilter: ok}, "an attribute path"},
		{"number", attr("title", parser.EQ, json.Number("1 or id pr")), "an operand of filter-parser"},
		{"operand", attr("title", parser.EQ, []string{"x"}), "an operand of filter-parser"},
		{"unknown", attr("nope", parser.EQ, "x"), `"nope"`},
		{"depth", deep, "a tree that is too deep"},
	}
	for _, tt := range tests {
		f, err := filter.FromAST(user, tt.tree, nil)
		var e *filter.Error
		if f != nil || !errors.Is(err, filter.ErrFilter) || !errors.As(err, &e) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, %v", tt.name, f, err)
		}
	}
}

// TestFromASTAtTheLimits: what Parse accepts may come as a tree.
func TestFromASTAtTheLimits(t *testing.T) {
	pr := &parser.AttributeExpression{AttributePath: parser.AttributePath{AttributeName: "id"}, Operator: parser.PR}
	var tree parser.Expression = pr
	for range filter.DefaultMaxTerms - 1 {
		tree = &parser.LogicalExpression{Left: tree, Right: pr, Operator: parser.OR}
	}
	for range filter.DefaultMaxDepth {
		tree = &parser.NotExpression{Expression: tree}
	}
	if _, err := filter.FromAST(user, tree, nil); err != nil {
		t.Error(err)
	}
}

func TestToASTOfConstants(t *testing.T) {
	a, err := filter.ParseAcross([]*schema.ResourceType{user, group}, `userName pr`, nil)
	if err != nil {
		t.Fatal(err)
	}
	if tree := filter.ToAST(a.For(group).Expr()); tree != nil {
		t.Errorf("got %v", tree)
	}
}

func TestToASTIsWhatTheParserMakes(t *testing.T) {
	text := `userName eq "a\"b" and ` + enterpriseURN + `:manager.value pr or not (emails[type eq "w" and value ne "x"])`
	want, err := parser.ParseFilterNumber([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	got := filter.ToAST(filter.MustParse(user, text).Expr())
	wantJSON, _ := json.Marshal(want)
	gotJSON, _ := json.Marshal(got)
	if string(gotJSON) != string(wantJSON) || !strings.Contains(string(gotJSON), "manager") {
		t.Errorf("got  %s\nwant %s", gotJSON, wantJSON)
	}
}
