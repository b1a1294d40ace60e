package filter_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

func TestParseErrors(t *testing.T) {
	tests := []struct {
		name, text      string
		offset          int
		found, expected string
		detail          string
	}{
		{"7644-3.4.2.2-29 7644-3.4.2.2-30", `userName regex "x"`, 9, `"regex"`, "an operator", `"regex" is not supported`},
		{"AMB-08", `title pr and usrName eq "x"`, 13, `"usrName"`, "a known attribute", `did you mean "userName"?`},
		{"AMB-04", `urn:unknown:User:userName eq "x"`, 0, `"urn:unknown:User:userName"`, "a known attribute", ""},
		{"unknown sub-attribute", `name.nope eq "x"`, 0, `"name.nope"`, "a known attribute", ""},
		{"unknown in brackets", `emails[nope eq "x"]`, 7, `"nope"`, "a sub-attribute of emails", ""},
		{"qualified in brackets", `emails[emails.type eq "x"]`, 7, `"emails.type"`, "a sub-attribute of emails", ""},
		{"7644-3.4.2.2-26", `name eq "x"`, 0, `"name"`, "a sub-attribute", "complex"},
		{"AMB-05 without value", testURN + `:noValue eq "x"`, 0, "noValue", "a sub-attribute", "complex"},
		{"extension compared", enterpriseURN + ` eq "x"`, 0, "User", "a sub-attribute", "complex"},
		{"7644-3.4.2.2-18 boolean", `active gt true`, 7, "gt", "eq, ne or pr", "boolean"},
		{"7644-3.4.2.2-18 binary", testURN + `:blob lt "AAAA"`, len(testURN) + 6, "lt", "eq, ne, co", "binary"},
		{"AMB-07 part of a boolean", `active co "t"`, 7, "co", "eq, ne or pr", "boolean"},
		{"AMB-07 part of a dateTime", `meta.created sw "2011"`, 13, "sw", "eq, ne, gt", "dateTime"},
		{"AMB-07 part of a number", testURN + `:count co "1"`, len(testURN) + 7, "co", "eq, ne, gt", "integer"},
		{"AMB-07 string for boolean", `active eq "yes"`, 10, "a string", "true or false", "boolean"},
		{"AMB-07 number for boolean", `active eq 1`, 10, "a number", "true or false", "boolean"},
		{"AMB-07 boolean for string", `userName eq true`, 12, "true", "a string", "string"},
		{"AMB-07 string for integer", testURN + `:count eq "1"`, len(testURN) + 10, "a string", "a number", "integer"},
		{"AMB-07 boolean for decimal", testURN + `:weight eq false`, len(testURN) + 11, "false", "a number", "decimal"},
		{"AMB-07 dateTime", `meta.created gt "2011-05-13"`, 16, "a string", "a dateTime", "dateTime"},
		{"AMB-07 number for dateTime", `meta.created gt 2011`, 16, "a number", "a dateTime", "dateTime"},
		{"AMB-07 part of a decimal", testURN + `:weight sw 7`, len(testURN) + 8, "sw", "eq, ne, gt", "decimal"},
		{"AMB-07 number for a part of binary", testURN + `:blob sw 12`, len(testURN) + 9, "a number", "base64", "binary"},
		{"AMB-07 binary", testURN + `:blob eq "*"`, len(testURN) + 9, "a string", "base64", "binary"},
		{"order with null", `title gt null`, 9, "null", "a value", "eq and ne"},
		{"brackets on a simple attribute", `title[value eq "x"]`, 0, `"title"`, "a complex or multi-valued", ""},
		{"brackets on an extension", enterpriseURN + `[department pr]`, 0, "User", "a complex or multi-valued", ""},
		{"AMB-49 only value", testURN + `:tags[display eq "x"]`, len(testURN) + 6, `"display"`, `"value"`, ""},
		{"AMB-02", `emails[addresses[type pr]]`, 16, `"["`, "an operator", "another value filter"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := filter.Parse(user, tt.text, nil)
			if f != nil || !errors.Is(err, filter.ErrFilter) {
				t.Fatalf("Parse = %v, %v", f, err)
			}
			checkError(t, err, tt.offset, tt.found, tt.expected, tt.detail)
		})
	}
}

// An extension inside of another one is named like it is, and has no value that
// brackets could select.
func TestNestedExtensions(t *testing.T) {
	const inner = testURN + ":urn:example:Inner"
	d := schema.Definition{
		Name: "Thing", Endpoint: "/Things", Schema: &schema.Schema{ID: "urn:example:Thing", Attributes: []schema.Attribute{{Name: "a"}}},
		Extensions: []schema.Extension{{
			Schema: &schema.Schema{ID: testURN, Attributes: []schema.Attribute{{Name: "b"}}},
			Extensions: []schema.Extension{{Schema: &schema.Schema{ID: "urn:example:Inner", Attributes: []schema.Attribute{
				{Name: "c", Type: schema.TypeComplex, SubAttributes: []schema.Attribute{{Name: "value"}}},
			}}}},
		}},
	}
	thing := d.MustCompile()
	if _, err := filter.Parse(thing, inner+`:c.value eq "x"`, nil); err != nil {
		t.Errorf("AMB-71: %v", err)
	}
	_, err := filter.Parse(thing, inner+`[c eq "x"]`, nil)
	checkError(t, err, 0, "Inner", "a complex or multi-valued", "")
}

func checkError(t *testing.T, err error, offset int, found, expected, detail string) {
	t.Helper()
	var e *filter.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v is not an *Error", err)
	}
	if slices.Contains(e.Unwrap(), nil) {
		t.Errorf("%v wraps nil", err)
	}
	if e.Offset != offset || !strings.Contains(e.Found, found) || !strings.Contains(e.Expected, expected) || !strings.Contains(e.Detail, detail) {
		t.Errorf("got offset %d, found %s, expected %s (%s)", e.Offset, e.Found, e.Expected, e.Detail)
	}
}

func TestUnknownAttributeIsASchemaError(t *testing.T) {
	for _, text := range []string{`nope pr`, `emails[nope pr]`, testURN + `:tags[nope pr]`} {
		if _, err := filter.Parse(user, text, nil); !errors.Is(err, schema.ErrUnknownAttribute) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Whoever can filter by a hidden value can find it out.
func TestHiddenAttributes(t *testing.T) {
	const id = "AMB-09"
	for _, text := range []string{
		`password eq "x"`, `password sw "h"`, `password pr`, `password ne null`, `not (title pr or password eq "x")`,
		testURN + `:secret eq "x"`, testURN + `:pin pr`, testURN + `:vault.value pr`, testURN + `:vault[value pr]`,
		testURN + `:vault eq "x"`, testURN + `:keys[secret eq "x"]`, testURN + `:keys[value pr].secret eq "x"`, `secret pr`,
	} {
		_, err := filter.Parse(user, text, nil)
		if !errors.Is(err, filter.ErrHidden) || !errors.Is(err, filter.ErrFilter) || strings.Contains(err.Error(), `"x"`) {
			t.Errorf("%s: Parse(%s): %v", id, text, err)
		}
		if _, err := filter.ParseAcross([]*schema.ResourceType{group, user}, text, nil); !errors.Is(err, filter.ErrHidden) {
			t.Errorf("%s: ParseAcross(%s): %v", id, text, err)
		}
	}
	_, err := filter.Parse(user, `title pr and `+testURN+`:vault[value pr]`, nil)
	checkError(t, err, len(`title pr and `), "vault", "can be returned", "vault cannot be filtered by")
	if _, err := filter.ParsePath(user, testURN+`:keys[secret eq "x"]`, nil); !errors.Is(err, filter.ErrHidden) {
		t.Errorf("path filter: %v", err)
	}
	if p, err := filter.ParsePath(user, `password`, nil); err != nil || p.Target().Name() != "password" {
		t.Errorf("path of a hidden attribute: %v, %v", p, err)
	}
}

// Each tolerance is reported when it was needed, and refused when it is off.
func TestTolerances(t *testing.T) {
	tests := []struct {
		text string
		want schema.Tolerance
		path string
	}{
		{`active eq "True"`, schema.BooleanText, "active"},
		{`emails[primary eq "false"]`, schema.BooleanText, "emails.primary"},
		{`externalId eq 4711`, schema.NumberText, "externalId"},
		{`externalId eq jyoung`, schema.UnquotedLiteral, "externalId"},
		{`title eq NULL`, schema.UnquotedLiteral, "title"},
		{`active eq TRUE`, schema.UnquotedLiteral, "active"},
		{enterpriseURN + `:manager eq "1"`, schema.BareComplex, enterpriseURN + ":manager"},
		{enterpriseURN + `.department eq "x"`, schema.URNDot, enterpriseURN + ":department"},
		{`department eq "x"`, schema.BareExtensionName, enterpriseURN + ":department"},
		{testURN + `:tags[value eq "x"]`, schema.SimpleValueFilter, testURN + ":tags"},
		{`emails[type eq "work"].value eq "x"`, schema.FilterSelection, "emails"},
		{`title  eq "x"`, schema.FilterSpacing, ""},
		{`title eq"x"`, schema.FilterSpacing, ""},
	}
	for _, tt := range tests {
		t.Run(tt.want.String()+" "+tt.text, func(t *testing.T) {
			f, err := filter.Parse(user, tt.text, nil)
			if err != nil {
				t.Fatal(err)
			}
			if want := []schema.Rewrite{{Tolerance: tt.want, Path: tt.path}}; !slices.Equal(f.Rewrites(), want) {
				t.Errorf("rewrites %v, want %v", f.Rewrites(), want)
			}
			for _, off := range []schema.ToleranceSet{schema.SetOf(tt.want), schema.Strict} {
				if f, err := filter.Parse(user, tt.text, &filter.Options{Off: off}); !errors.Is(err, filter.ErrFilter) {
					t.Errorf("with the tolerance off: %v, %v", f, err)
				}
			}
			if _, err := filter.Parse(user, tt.text, &filter.Options{Off: schema.Strict &^ schema.SetOf(tt.want)}); err != nil {
				t.Errorf("with only this tolerance: %v", err)
			}
		})
	}
}

func TestStrictAcceptsTheRFC(t *testing.T) {
	const id = "7644-3.4.2.2-23"
	for _, text := range []string{
		`userName eq "bjensen"`, `name.familyName co "O'Malley"`, userURN + `:userName sw "J"`, `title pr`,
		`meta.lastModified gt "2011-05-13T04:42:34Z"`, `title pr and userType eq "Employee"`, `title pr or userType eq "Intern"`,
		`schemas eq "` + enterpriseURN + `"`, `userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")`,
		`userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")`,
		`userType eq "Employee" and (emails.type eq "work")`, `userType eq "Employee" and emails[type eq "work" and value co "@example.com"]`,
		`emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]`,
	} {
		f, err := filter.Parse(user, text, &filter.Options{Off: schema.Strict})
		if err != nil || len(f.Rewrites()) > 0 {
			t.Errorf("%s: %s: %v", id, text, err)
		}
	}
}

func TestString(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"7644-3.10-05 names and keywords", `USERNAME EQ "X" AND Emails[TYPE Eq "w"]`, `userName eq "X" and emails[type eq "w"]`},
		{"7644-3.10-01 7644-3.10-02 core URN", userURN + `:name.GIVENNAME pr`, `name.givenName pr`},
		{"7644-3.10-03 extension URN", strings.ToUpper(enterpriseURN) + `:Department pr`, enterpriseURN + `:department pr`},
		{"AMB-01", `not(title pr)`, `not (title pr)`},
		{"AMB-05", `emails co "x"`, `emails.value co "x"`},
		{"AMB-06 ne", `not (title eq "x")`, `title ne "x"`},
		{"AMB-06 null", `title eq null or title ne null`, `not (title pr) or title pr`},
		{"double negation", `not (not (title pr)) and not (title ne "x")`, `title pr and title eq "x"`},
		{"flat", `((title pr and (userName pr)) and active pr) and id pr`, `title pr and userName pr and active pr and id pr`},
		{"needed groups", `(title pr or userName pr) and not (id pr and active pr)`, `(title pr or userName pr) and not (id pr and active pr)`},
		{"no groups", `(title pr and userName pr) or (id pr)`, `title pr and userName pr or id pr`},
		{"inside brackets", `emails[(type pr or not(value pr)) and primary eq true]`, `emails[(type pr or not (value pr)) and primary eq true]`},
		{"selection", `emails[type eq "w" or type pr].value eq "x"`, `emails[(type eq "w" or type pr) and value eq "x"]`},
		{"negated selection", `emails[type eq "w"].value ne "x"`, `not (emails[type eq "w" and value eq "x"])`},
		{"simple values", testURN + `:tags[value eq "x"]`, testURN + `:tags[value eq "x"]`},
		{"escapes", `title eq "\u0041\"\\\/\u0000\b\f\n\r\t\u001f\u00e9\ud83d\ude00"`, `title eq "A\"\\/\u0000\b\f\n\r\t\u001Fé😀"`},
		{"numbers as written", testURN + `:weight gt 1.50E+2`, testURN + `:weight gt 1.50E+2`},
		{"C2", `active eq "True"`, `active eq true`},
		{"C3", `externalId eq 12`, `externalId eq "12"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := filter.Parse(user, tt.text, nil)
			if err != nil {
				t.Fatal(err)
			}
			if f.String() != tt.want {
				t.Errorf("got  %s\nwant %s", f, tt.want)
			}
		})
	}
}

func TestParsePath(t *testing.T) {
	tests := []struct{ name, text, want, target string }{
		{"7644-3.5.2-08 attribute", `Members`, `members`, `members`},
		{"7644-3.5.2-08 value filter", `members[VALUE eq "1"]`, `members[value eq "1"]`, `members`},
		{"7644-3.5.2-08 sub-attribute", `members[value eq "1"].Display`, `members[value eq "1"].display`, `members.display`},
		{"connid-002", `members[value eq "a" or value eq "b"]`, `members[value eq "a" or value eq "b"]`, `members`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkPath(t, group, tt.text, tt.want, tt.target) })
	}
	tests = []struct{ name, text, want, target string }{
		{"7644-3.10-04 sub-attribute", `name.FamilyName`, `name.familyName`, `name.familyName`},
		{"7644-3.5.2-15", userURN + `:name.familyName`, `name.familyName`, `name.familyName`},
		{"AMB-42", enterpriseURN, enterpriseURN, enterpriseURN},
		{"extension attribute", enterpriseURN + `:manager`, enterpriseURN + `:manager`, enterpriseURN + `:manager`},
		{"C9 dot", enterpriseURN + `.department`, enterpriseURN + `:department`, enterpriseURN + `:department`},
		{"C9 bare", `manager`, enterpriseURN + `:manager`, enterpriseURN + `:manager`},
		{"entra", `emails[type eq "other"].Value`, `emails[type eq "other"].value`, `emails.value`},
		{"entra roles", `roles[primary eq "True"].value`, `roles[primary eq true].value`, `roles.value`},
		{"AMB-49", testURN + `:tags[value eq "x"]`, testURN + `:tags[value eq "x"]`, testURN + `:tags`},
		{"single complex", `name[familyName eq "x"].givenName`, `name[familyName eq "x"].givenName`, `name.givenName`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkPath(t, user, tt.text, tt.want, tt.target) })
	}
}

func checkPath(t *testing.T, rt *schema.ResourceType, text, want, target string) {
	t.Helper()
	p, err := filter.ParsePath(rt, text, nil)
	if err != nil {
		t.Fatal(err)
	}
	if p.String() != want || p.Target() != rt.MustPath(target) {
		t.Errorf("got %s with target %s", p, p.Target())
	}
	if again, err := filter.ParsePath(rt, p.String(), &filter.Options{Off: canonicalOff}); err != nil || again.String() != p.String() {
		t.Errorf("canonical text %s: %v, %v", p, again, err)
	}
	if p.Filter != nil && p.Filter.Attr() != p.Attr {
		t.Errorf("filter of %s", p.Filter.Attr())
	}
}

func TestParsePathErrors(t *testing.T) {
	tests := []struct {
		name, text string
		offset     int
		want       error
	}{
		{"7644-3.5.2-09 unknown", `usrName`, 0, filter.ErrPath},
		{"7644-3.5.2-09 syntax", `a.b.c`, 3, filter.ErrPath},
		{"7644-3.5.2-09 unknown sub", `emails[type pr].nope`, 16, filter.ErrPath},
		{"7644-3.5.2-09 sub of a simple value", testURN + `:tags[value pr].x`, len(testURN) + 16, filter.ErrPath},
		{"7644-3.5.2-09 brackets on a simple attribute", `title[value pr]`, 0, filter.ErrPath},
		{"7644-3.5.2-09 unknown in the filter", `emails[nope pr]`, 7, filter.ErrFilter},
		{"7644-3.5.2-09 filter syntax", `emails[type xx "work"]`, 12, filter.ErrFilter},
		{"7644-3.5.2-09 operand", `emails[primary eq 1]`, 18, filter.ErrFilter},
		{"7644-3.5.2-09 empty", ``, 0, filter.ErrPath},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := filter.ParsePath(user, tt.text, nil)
			if p != nil || !errors.Is(err, tt.want) {
				t.Fatalf("ParsePath = %v, %v; want %v", p, err, tt.want)
			}
			checkError(t, err, tt.offset, "", "", "")
		})
	}
	_, err := filter.ParsePath(user, testURN+`:tags[value pr].x`, nil)
	checkError(t, err, len(testURN)+16, `"x"`, "the end of the path", "tags has no sub-attributes")
	p, err := filter.ParsePath(user, ` emails[ type pr]`, nil)
	if want := []schema.Rewrite{{Tolerance: schema.FilterSpacing}}; err != nil || !slices.Equal(p.Rewrites(), want) {
		t.Errorf("rewrites %v, %v", p.Rewrites(), err)
	}
	for _, text := range []string{`manager`, ` title`, testURN + `:tags[value pr]`} {
		_, err := filter.ParsePath(user, text, &filter.Options{Off: schema.Strict})
		if !errors.Is(err, filter.ErrPath) {
			t.Errorf("strict %s: %v", text, err)
		}
	}
}

func TestLimits(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("(", n) + "title pr" + strings.Repeat(")", n) }
	long := `title eq "` + strings.Repeat("x", filter.DefaultMaxBytes) + `"`
	many := strings.Repeat("title pr or ", filter.DefaultMaxTerms) + "title pr"
	tests := []struct {
		name, text string
		o          filter.Options
		ok         bool
	}{
		{"default bytes", long, filter.Options{}, false},
		{"more bytes", long, filter.Options{MaxBytes: 1 << 20}, true},
		{"default terms", many, filter.Options{}, false},
		{"more terms", many, filter.Options{MaxTerms: 1000}, true},
		{"default depth", deep(filter.DefaultMaxDepth), filter.Options{}, true},
		{"beyond the default depth", deep(filter.DefaultMaxDepth + 1), filter.Options{}, false},
		{"more depth", deep(filter.DefaultMaxDepth + 1), filter.Options{MaxDepth: 100}, true},
		{"the depth has a ceiling", deep(1001), filter.Options{MaxDepth: 1 << 30}, false},
		{"negative means default", `title pr`, filter.Options{MaxBytes: -1, MaxDepth: -1, MaxTerms: -1}, true},
	}
	for _, tt := range tests {
		if _, err := filter.Parse(user, tt.text, &tt.o); (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestPaths(t *testing.T) {
	f := filter.MustParse(user, `title pr and not (emails[type eq "w" or value pr]) or active ne true`)
	var got []string
	for p := range f.Paths() {
		got = append(got, p.String())
	}
	if want := []string{"title", "emails", "emails.type", "emails.value", "active"}; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	for range f.Paths() {
		break // stopping early must not panic
	}
}
