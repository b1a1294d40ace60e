package syntax

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// limits are wide enough for everything that is not about limits.
var limits = Limits{Bytes: 1 << 16, Depth: 50, Terms: 200}

// dump writes a tree in prefix form, so that tests can compare structure.
func dump(t *Tree, nodes []Node) string {
	var stack []string
	pop := func(n int) []string {
		args := stack[len(stack)-n:]
		stack = stack[:len(stack)-n]
		return args
	}
	term := func(n *Node) string {
		s := t.Slice(n.Path) + " " + OpNames[n.Op]
		if n.Op == Pr {
			return s
		}
		if n.Lit == String || n.Lit == Escaped {
			return s + fmt.Sprintf(" %q", t.Operand(n))
		}
		return s + " " + t.Operand(n)
	}
	var opens []string
	for i := range nodes {
		switch n := &nodes[i]; n.Kind {
		case Compare:
			stack = append(stack, term(n))
		case Not:
			stack = append(stack, "!("+pop(1)[0]+")")
		case And:
			stack = append(stack, "&("+strings.Join(pop(int(n.N)), ", ")+")")
		case Or:
			stack = append(stack, "|("+strings.Join(pop(int(n.N)), ", ")+")")
		case Open:
			opens = append(opens, t.Slice(n.Path))
		case Close, CloseSub:
			s := opens[len(opens)-1] + "[" + pop(1)[0] + "]"
			opens = opens[:len(opens)-1]
			if n.Kind == CloseSub {
				s += "." + term(n)
			}
			stack = append(stack, s)
		}
	}
	return strings.Join(stack, " # ")
}

func TestFilter(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"7644-3.4.2.2-05", `userName eq "bjensen"`, `userName eq "bjensen"`},
		{"7644-3.4.2.2-03", `userName Eq "john"`, `userName eq "john"`},
		{"7644-3.4.2.2-13", `title pr`, `title pr`},
		{"7644-3.4.2.2-33", `urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"`,
			`urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"`},
		{"URN with dash and dot", `urn:x-y:a.b-c:1.0:User:a pr`, `urn:x-y:a.b-c:1.0:User:a pr`},
		{"schema URI that is a URL", `https://example.com/s~1_x:a.b pr`, `https://example.com/s~1_x:a.b pr`},
		{"AMB-03", `members.$ref eq "x" and a$b pr`, `&(members.$ref eq "x", a$b pr)`},
		{"every kind of name byte", `aZzA09-_$x.b9 pr`, `aZzA09-_$x.b9 pr`},
		{"7644-3.4.2.2-06", `a pr and b pr and c pr`, `&(a pr, b pr, c pr)`},
		{"7644-3.4.2.2-24 and over or", `a pr or b pr and c pr or d pr`, `|(a pr, &(b pr, c pr), d pr)`},
		{"7644-3.4.2.2-24 not over and", `not (a pr) and b pr`, `&(!(a pr), b pr)`},
		{"7644-3.4.2.2-07", `a pr and (b pr or c pr)`, `&(a pr, |(b pr, c pr))`},
		{"redundant groups", `((a pr))`, `a pr`},
		{"AMB-01 none", `not(a pr)`, `!(a pr)`},
		{"AMB-01 many", `not   (a pr)`, `!(a pr)`},
		{"keywords in any case", `NOT (a PR) AND b Pr Or c pR`, `|(&(!(a pr), b pr), c pr)`},
		{"7644-3.4.2.2-20", `emails[type eq "work" and value co "@x"]`, `emails[&(type eq "work", value co "@x")]`},
		{"AMB-02", `a[(x pr or not (y pr)) and z pr]`, `a[&(|(x pr, !(y pr)), z pr)]`},
		{"two value filters", `a[x pr] or b[y pr]`, `|(a[x pr], b[y pr])`},
		{"value filter in a group", `(a[x pr])`, `a[x pr]`},
		{"compared value filter", `emails[type eq "work"].value eq "x" and a pr`, `&(emails[type eq "work"].value eq "x", a pr)`},
		{"brackets in a string", `a eq "])(\"[" or b pr`, `|(a eq "])(\"[", b pr)`},
		{"attribute named not", `not eq "x" and not pr`, `&(not eq "x", not pr)`},
		{"attribute named and", `and eq "x" or or pr`, `|(and eq "x", or pr)`},
		{"literals", `a eq true and b eq false and c eq null`, `&(a eq true, b eq false, c eq null)`},
		{"numbers", `a eq -0.5E+10 or a eq 9223372036854775808 or a eq 0`, `|(a eq -0.5E+10, a eq 9223372036854775808, a eq 0)`},
		{"escapes", `a eq "\"\\\/\b\f\n\r\t\u00e9\u00E9\ud83d\ude00"`, `a eq "\"\\/\b\f\n\r\téé😀"`},
		{"hexadecimal digits", `a eq "\u0f9a\u0F9A"`, "a eq \"\u0f9a\u0f9a\""},
		{"first and last surrogate pair", `a eq "\ud800\udc00\udbff\udfff"`, `a eq "𐀀\U0010ffff"`},
		{"around the surrogates", `a eq "\ud7ff\ue000"`, `a eq "\ud7ff\ue000"`},
		{"raw Unicode", `a eq "é😀"`, `a eq "é😀"`},
		{"replacement character", "a eq \"\ufffd\" and b eq \ufffd", "&(a eq \"\ufffd\", b eq \ufffd)"},
		{"space in a string", `a eq "x y"`, `a eq "x y"`},
		{"empty string", `a eq ""`, `a eq ""`},
		{"C11", `externalId eq jyoung`, `externalId eq jyoung`},
		{"C11 e-mail", `userName eq o'x+1@example.com and (b eq x)`, `&(userName eq o'x+1@example.com, b eq x)`},
		{"C11 leading zero", `externalId eq 007`, `externalId eq 007`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tree, err := Filter(tt.text, limits)
			if err != nil {
				t.Fatalf("Filter(%q): %v", tt.text, err)
			}
			if got := dump(&tree, tree.Nodes); got != tt.want {
				t.Errorf("Filter(%q)\n got %s\nwant %s", tt.text, got, tt.want)
			}
		})
	}
}

func TestSpacing(t *testing.T) {
	tests := []struct {
		text string
		want int
	}{
		{`a pr and not (b eq "x")`, -1},
		{`not    (a pr)`, -1},
		{"not \t(a pr)", 3},
		{`a[b pr].c eq 1`, -1},
		{` a pr`, 0},
		{` a  pr`, 0},
		{" not\t(a pr)", 0},
		{`a  pr  and b pr`, 1},
		{`a pr `, 4},
		{`a  pr`, 1},
		{"a\tpr", 1},
		{`a eq"x"`, 4},
		{`(a pr)and (b pr)`, 6},
		{`( a pr)`, 1},
		{`(a pr )`, 5},
		{`a [b pr]`, 1},
		{`a[b eq "x"and c pr]`, 10},
	}
	for _, tt := range tests {
		tree, err := Filter(tt.text, limits)
		if err != nil {
			t.Errorf("Filter(%q): %v", tt.text, err)
		} else if tree.Spacing != tt.want {
			t.Errorf("Filter(%q).Spacing = %d, want %d", tt.text, tree.Spacing, tt.want)
		}
	}
}

func TestFilterErrors(t *testing.T) {
	tests := []struct {
		name, text      string
		offset          int
		found, expected string
	}{
		{"7644-3.4.2.2-04", ``, 0, "the end", "attribute name"},
		{"blank", `   `, 3, "the end", `an attribute name, "not" or "("`},
		{"string for a name", `"x" eq 1`, 0, "a string", "attribute name"},
		{"brackets on a bad name", `1a[b pr]`, 0, `"1a"`, "attribute name"},
		{"7644-3.4.2.2-29", `userName regex "x"`, 9, `"regex"`, "an operator"},
		{"no operator", `userName`, 8, "the end", "an operator"},
		{"no operand", `userName eq`, 11, "the end", "a value"},
		{"AMB-11 single quotes", `userName eq 'x'`, 12, `"'"`, "double quotes"},
		{"operand is a keyword", `a eq and b pr`, 5, `"and"`, "a value"},
		{"unquoted words", `displayName eq Field Ops`, 21, `"Ops"`, `"and", "or" or the end`},
		{"unterminated string", `a eq "x`, 7, "the end", "a closing quote"},
		{"unterminated escape", `a eq "x\`, 7, "escape", `\u`},
		{"unknown escape", `a eq "x\q"`, 7, "escape", `\u`},
		{"short escape", `a eq "\u00e"`, 6, "escape", `\u`},
		{"lone high surrogate", `a eq "\ud800x"`, 6, "escape", `surrogates`},
		{"lone last surrogate", `a eq "\udfff"`, 6, "escape", `surrogates`},
		{"pair of high surrogates", `a eq "\ud800\ud800"`, 6, "escape", `surrogates`},
		{"pair ends beyond the surrogates", `a eq "\ud800\ue000"`, 6, "escape", `surrogates`},
		{"pair of first low surrogates", `a eq "\udc00\udc00"`, 6, "escape", `surrogates`},
		{"pair of last low surrogates", `a eq "\udfff\udfff"`, 6, "escape", `surrogates`},
		{"high surrogate and plain text", `a eq "\ud800xudc00"`, 6, "escape", `surrogates`},
		{"high surrogate and another escape", `a eq "\ud800\ndc00"`, 6, "escape", `surrogates`},
		{"text ends in an escape", `a eq "\u00e`, 6, "escape", `\u`},
		{"text ends in a surrogate pair", `a eq "\ud800\udc0`, 6, "escape", `\u`},
		{"byte before 0", `a eq "\u00/0"`, 6, "escape", `\u`},
		{"byte after 9", `a eq "\u00:0"`, 6, "escape", `\u`},
		{"byte before A", `a eq "\u00@0"`, 6, "escape", `\u`},
		{"letter after f", `a eq "\u00g0"`, 6, "escape", `\u`},
		{"lone low surrogate", `a eq "\udc00"`, 6, "escape", `surrogates`},
		{"NUL in a string", "a eq \"x\x00\"", 7, `"\x00"`, "a closing quote"},
		{"NUL in a name", "a\x00 eq 1", 1, `"\x00"`, "an operator"},
		{"invalid UTF-8 in a string", "a eq \"\xff\"", 6, "0xff", "UTF-8"},
		{"invalid UTF-8 later in a string", "a eq \"x\xff\"", 7, "0xff", "UTF-8"},
		{"lone continuation in a string", "a eq \"\x80\"", 6, "0x80", "UTF-8"},
		{"invalid UTF-8 starts a word", "a eq \xffx", 5, "0xff", "UTF-8"},
		{"invalid UTF-8 in a word", "a eq x\xff", 6, "0xff", "UTF-8"},
		{"invalid UTF-8 in a name", "\xff eq 1", 0, "0xff", "attribute name"},
		{"non-ASCII name", `é eq 1`, 0, `"é"`, "attribute name"},
		{"name starts with a digit", `1a eq 1`, 0, `"1a"`, "attribute name"},
		{"AMB-03 dollar alone", `$ eq 1`, 0, `"$"`, "attribute name"},
		{"odd byte in a name", `a~b eq 1`, 1, `"~b"`, "attribute name"},
		{"odd byte later in a name", `ab~c eq 1`, 2, `"~c"`, "attribute name"},
		{"odd byte in a sub-attribute", `a.bc/d eq 1`, 4, `"/d"`, "sub-attribute"},
		{"three levels", `a.b.c eq 1`, 3, `".c"`, "sub-attribute"},
		{"missing )", `(a pr`, 5, "the end", `"and", "or" or ")"`},
		{"missing ]", `a[b pr`, 6, "the end", `"and", "or" or "]"`},
		{"wrong closer", `(a pr]`, 5, `"]"`, `"and", "or" or ")"`},
		{"stray )", `a pr)`, 4, `")"`, `"and", "or" or the end`},
		{"stray text", `a pr b pr`, 5, `"b"`, `"and", "or" or the end`},
		{"nothing in the group", `()`, 1, `")"`, "attribute name"},
		{"nothing in the brackets", `a[]`, 2, `"]"`, "attribute name"},
		{"AMB-02 nested value filter", `a[b[c pr]]`, 3, `"["`, "an operator"},
		{"AMB-02 nested in a group", `a[(b[c pr])]`, 4, `"["`, "an operator"},
		{"dangling and", `a pr and`, 8, "the end", "attribute name"},
		{"not without group", `not a pr`, 4, `"a"`, "an operator"},
		{"compared value filter without name", `a[b pr]. eq 1`, 8, `" "`, "attribute name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Filter(tt.text, limits)
			checkError(t, err, tt.offset, tt.found, tt.expected)
		})
	}
}

func checkError(t *testing.T, err error, offset int, found, expected string) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got error %v, want an *Error", err)
	}
	if e.Offset != offset || !strings.Contains(e.Found, found) || !strings.Contains(e.Expected, expected) {
		t.Errorf("got %v (offset %d), want offset %d, found %s, expected %s", e, e.Offset, offset, found, expected)
	}
	return e
}

// An operand may be confidential; an error must not carry it into logs.
func TestErrorsDoNotQuoteOperands(t *testing.T) {
	for _, text := range []string{`a eq "secret" "secret"`, `a eq "secret`, `"secret" eq a`, `a "secret"`, "a eq \"secret\xff\""} {
		_, err := Filter(text, limits)
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("Filter(%q): error %v", text, err)
		}
	}
}

func TestLimits(t *testing.T) {
	l := Limits{Bytes: 40, Depth: 2, Terms: 3}
	for _, text := range []string{
		strings.Repeat("a", 37) + " pr",
		`((a pr))`, `(a[b pr])`, `not(not(a pr))`,
		`(a pr) and (b pr) and (c pr)`, `a pr or b[c pr] or d pr`,
	} {
		if _, err := Filter(text, l); err != nil {
			t.Errorf("Filter(%q): %v", text, err)
		}
	}
	tests := []struct {
		text   string
		offset int
	}{
		{strings.Repeat("a", 38) + " pr", 40},
		{`(((a pr)))`, 2}, {`((a[b pr]))`, 3}, {`a[((b pr))]`, 3}, {`not(not(not(a pr)))`, 11},
		{`a pr or b pr or c pr or d pr`, 24}, {`a[b pr].c pr and d pr and e pr`, 26},
	}
	for _, tt := range tests {
		_, err := Filter(tt.text, l)
		checkError(t, err, tt.offset, "", "at most")
	}
	if _, err := ParsePath(`a[(b pr)].c`, l); err != nil {
		t.Errorf("two brackets of a path: %v", err)
	}
	_, err := ParsePath(`a[((b pr))]`, l)
	checkError(t, err, 3, "another bracket", "at most 2")
	_, err = ParsePath(`a[b pr]`, Limits{Bytes: 40, Terms: 3})
	checkError(t, err, 1, "another bracket", "at most 0")
}

// The Go stack must not grow with the input, whatever the limits are.
func TestHostileInput(t *testing.T) {
	const n = 100_000
	huge := Limits{Bytes: 1 << 30, Depth: 1 << 30, Terms: 1 << 30}
	tests := []struct {
		name, text string
		ok         bool
	}{
		{"parentheses", strings.Repeat("(", n) + "a pr" + strings.Repeat(")", n), true},
		{"open parentheses", strings.Repeat("(", n), false},
		{"nots", strings.Repeat("not(", n) + "a pr" + strings.Repeat(")", n), true},
		{"open nots", strings.Repeat("not (", n), false},
		{"terms", strings.Repeat("a pr or ", n) + "a pr", true},
		{"value filters", strings.Repeat("(", n) + strings.Repeat("a[b pr] or ", n) + "a pr" + strings.Repeat(")", n), true},
		{"brackets", strings.Repeat("a[", n), false},
		{"string", `a eq "` + strings.Repeat("x", 1<<20) + `"`, true},
		{"escapes", `a eq "` + strings.Repeat(`\u00e9`, 1<<18) + `"`, true},
		{"open string", `a eq "` + strings.Repeat("x", 1<<20), false},
		{"backslashes", `a eq "` + strings.Repeat(`\`, 1<<20), false},
		{"blanks", strings.Repeat(" ", 1<<20), false},
		{"not and blanks", strings.Repeat("not ", n), false},
		{"dots", strings.Repeat("a.", n), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := Filter(tt.text, huge); (err == nil) != tt.ok {
				t.Errorf("error %v, want success %t", err, tt.ok)
			}
			if _, err := Filter(tt.text, limits); err == nil {
				t.Error("accepted beyond the limits")
			}
		})
	}
}

func TestParsePath(t *testing.T) {
	tests := []struct{ text, attr, filter, sub string }{
		{`members`, `members`, ``, ``},
		{`name.familyName`, `name.familyName`, ``, ``},
		{`addresses[type eq "work"]`, `addresses`, `type eq "work"`, ``},
		{`members[value eq "2819c223"].displayName`, `members`, `value eq "2819c223"`, `displayName`},
		{`emails[type eq "work" or not (value pr)].Value`, `emails`, `|(type eq "work", !(value pr))`, `Value`},
		{`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User`, `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User`, ``, ``},
		{`urn:x:y:manager.value`, `urn:x:y:manager.value`, ``, ``},
		{`a[b eq "]"].$ref`, `a`, `b eq "]"`, `$ref`},
	}
	for _, tt := range tests {
		p, err := ParsePath(tt.text, limits)
		if err != nil {
			t.Errorf("ParsePath(%q): %v", tt.text, err)
			continue
		}
		attr, filter, sub := p.Filter.Slice(p.Attr), dump(&p.Filter, p.Filter.Nodes), p.Filter.Slice(p.Sub)
		if attr != tt.attr || filter != tt.filter || sub != tt.sub {
			t.Errorf("ParsePath(%q) = %q %q %q", tt.text, attr, filter, sub)
		}
		if p.Filter.Spacing != -1 {
			t.Errorf("ParsePath(%q) finds wrong spacing at %d", tt.text, p.Filter.Spacing)
		}
	}
	for text, want := range map[string]int{` a`: 0, `a `: 1, ` a `: 0, `a [b pr]`: 1, `a[b pr] `: 7, `a[b pr].c `: 9, `a[ b pr]`: 2} {
		if p, err := ParsePath(text, limits); err != nil || p.Filter.Spacing != want {
			t.Errorf("ParsePath(%q) finds wrong spacing at %d, want %d, %v", text, p.Filter.Spacing, want, err)
		}
	}
}

func TestParsePathErrors(t *testing.T) {
	tests := []struct {
		name, text string
		offset     int
		inPath     bool
	}{
		{"7644-3.5.2-09 empty", ``, 0, true},
		{"7644-3.5.2-09 two dots", `a.b.c`, 3, true},
		{"7644-3.5.2-09 text after the brackets", `a[b pr]c`, 7, true},
		{"7644-3.5.2-09 two subs", `a[b pr].c.d`, 9, true},
		{"7644-3.5.2-09 no sub", `a[b pr].`, 8, true},
		{"7644-3.5.2-09 a filter", `a eq "x"`, 2, true},
		{"7644-3.5.2-09 index", `a[0]`, 2, false},
		{"7644-3.5.2-09 open", `a[b eq`, 6, false},
		{"7644-3.5.2-09 operator", `a[b xx "y"]`, 4, false},
		{"7644-3.5.2-09 nested", `a[b[c pr]]`, 3, false},
		{"7644-3.5.2-09 limit", strings.Repeat("a", 1<<17), 1 << 16, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParsePath(tt.text, limits)
			if e := checkError(t, err, tt.offset, "", ""); e.InPath != tt.inPath {
				t.Errorf("InPath = %t", e.InPath)
			}
		})
	}
}

func BenchmarkFilter(b *testing.B) {
	for _, text := range []string{`userName eq "x"`,
		`userType eq "Employee" and emails[type eq "work" and value co "@example.com"]`} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := Filter(text, limits); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	for n := 1; n <= 1<<16; n *= 16 {
		text := `a eq "` + strings.Repeat("x", n) + `"`
		b.Run(fmt.Sprintf("string of %d", n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			l := Limits{Bytes: 1 << 30, Depth: 50, Terms: 200}
			for b.Loop() {
				if _, err := Filter(text, l); err != nil {
					b.Fatal(err)
				}
			}
		})
		text2 := strings.Repeat("(", n) + "a pr" + strings.Repeat(")", n)
		b.Run(fmt.Sprintf("depth of %d", n), func(b *testing.B) {
			b.SetBytes(int64(len(text2)))
			l := Limits{Bytes: 1 << 30, Depth: 1 << 30, Terms: 200}
			for b.Loop() {
				if _, err := Filter(text2, l); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
