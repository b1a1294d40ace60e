package filter_test

import (
	"fmt"
	"strings"

	parser "github.com/scim2/filter-parser/v2"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

func Example() {
	user := schema.UserDefinition().MustCompile()
	f, err := filter.Parse(user, `USERNAME sw "BJ" and not(emails[type eq "home"])`, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	b := user.New()
	if err := b.Set(user.MustPath("userName"), schema.String("bjensen")); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f)
	fmt.Println(f.Match(b.Resource()))
	// Output:
	// userName sw "BJ" and not (emails[type eq "home"])
	// true
}

func ExampleParse_error() {
	user := schema.UserDefinition().MustCompile()
	_, err := filter.Parse(user, `title pr and usrName eq "bjensen"`, nil)
	fmt.Println(err)
	_, err = filter.Parse(user, `active gt true`, nil)
	fmt.Println(err)
	// Output:
	// invalid filter at offset 13: found "usrName", expected a known attribute (not an attribute of User; did you mean "userName"?)
	// invalid filter at offset 7: found gt, expected eq, ne or pr (active is of type boolean)
}

func ExampleParsePath() {
	user := schema.UserDefinition().MustCompile()
	p, err := filter.ParsePath(user, `emails[type eq "work"].value`, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	typ, _ := p.Attr.Sub("type")
	work := schema.Complex(schema.Field{Path: typ, Value: schema.String("work")})
	fmt.Println(p.Attr, p.Sub, p.Filter.MatchValue(work))
	// Output: emails emails.value true
}

// A translator switches over the six kinds of nodes. Operands become
// parameters; they never become part of the text.
func ExampleFilter_Expr() {
	columns := map[string]string{"userName": "login", "active": "enabled"}
	var params []any
	var translate func(e filter.Expr) string
	join := func(terms []filter.Expr, op string) string {
		parts := make([]string, len(terms))
		for i, t := range terms {
			parts[i] = translate(t)
		}
		return "(" + strings.Join(parts, op) + ")"
	}
	translate = func(e filter.Expr) string {
		switch e := e.(type) {
		case *filter.And:
			return join(e.Terms, " AND ")
		case *filter.Or:
			return join(e.Terms, " OR ")
		case *filter.Not:
			return "NOT " + translate(e.X)
		case *filter.Present:
			return columns[e.Path.String()] + " IS NOT NULL"
		case *filter.Compare: // only Eq here
			params = append(params, e.Path.Fold(e.Value.Text()))
			return columns[e.Path.String()] + " = ?"
		default: // *filter.Has: a subquery
			return "FALSE"
		}
	}
	user := schema.UserDefinition().MustCompile()
	f := filter.MustParse(user, `active eq true and (userName eq "BJensen" or userName eq null)`)
	fmt.Println(translate(f.Expr()), params)
	// Output: (enabled = ? AND (login = ? OR NOT login IS NOT NULL)) [true bjensen]
}

func ExampleEqualityOn() {
	user := schema.UserDefinition().MustCompile()
	f := filter.MustParse(user, `active eq true and userName eq "BJensen"`)
	userName := user.MustPath("userName")
	if v, ok := filter.EqualityOn(f.Expr(), userName); ok {
		fmt.Println("look up", userName.Fold(v.Text()), "and try Match on what is there")
	}
	// Output: look up bjensen and try Match on what is there
}

func ExampleParseAcross() {
	user := schema.UserDefinition().MustCompile()
	group := schema.GroupDefinition().MustCompile()
	a, err := filter.ParseAcross([]*schema.ResourceType{user, group}, `displayName sw "Tour" and userName pr`, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for t, f := range a.Filters() {
		fmt.Println(t.Name(), f)
	}
	// Output: User displayName sw "Tour" and userName pr
}

func ExampleSort_Top() {
	user := schema.UserDefinition().MustCompile()
	byName, _, err := filter.ParseSort(user, "userName", "descending", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	top := byName.Top(2)
	for _, name := range []string{"anna", "Dora", "bert", "Carl"} {
		b := user.New()
		if err := b.Set(byName.By, schema.String(name)); err != nil {
			fmt.Println(err)
		}
		top.Add(b.Resource())
	}
	for _, r := range top.Sorted() {
		fmt.Println(r.Get(byName.By))
	}
	// Output:
	// Dora
	// Carl
}

// Code that keeps trees of filter-parser can hand them over one by one.
func ExampleFromAST() {
	user := schema.UserDefinition().MustCompile()
	tree := &parser.AttributeExpression{
		AttributePath: parser.AttributePath{AttributeName: "username"},
		Operator:      parser.EQ,
		CompareValue:  "bjensen",
	}
	f, err := filter.FromAST(user, tree, nil)
	fmt.Println(f, err)
	// Output: userName eq "bjensen" <nil>
}
