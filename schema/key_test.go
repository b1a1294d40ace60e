package schema

import (
	"reflect"
	"strconv"
	"testing"
	"time"
	"unicode"
)

func TestFold(t *testing.T) {
	user := UserDefinition().MustCompile()
	for _, c := range []struct{ name, path, text, want string }{
		{"7643-4.1.1-05 AMB-10 userName", "userName", "BJensen@Example.COM", "bjensen@example.com"},
		{"userName in full width is the same name", "userName", "Ｂjensen", "bjensen"},
		{"userName composed", "userName", "re\u0301ne\u0301E", "rénée"},
		{"userName that PRECIS refuses is folded", "userName", "Jörg Müller", "jörg müller"},
		{"no language: dotless and dotted i stay apart", "displayName", "Iİı", "iİı"},
		{"other attributes fold simply", "displayName", "ÄÖÜ ß ẞ Straße ΣσςK", "äöü ß ß straße σσσk"},
		{"long s and micro sign", "displayName", "ſµ", "sμ"},
		{"caseExact", "externalId", "AbC", "AbC"},
		{"references are exact", "profileUrl", "HTTP://X", "HTTP://X"},
		{"7643-2.3.7-05 sub-attribute", "photos.value", "HTTP://X", "HTTP://X"},
		{"sub-attribute", "emails.value", "A@X", "a@x"},
	} {
		if got := user.MustPath(c.path).Fold(c.text); got != c.want {
			t.Errorf("%s: Fold(%q) = %q, want %q", c.name, c.text, got, c.want)
		}
	}
}

// TestFoldEqual: comparing two texts is comparing their prepared forms.
func TestFoldEqual(t *testing.T) {
	texts := []string{
		"", "a", "A", "b", "ab", "aB", "ac", "a\u0301", "A\u0301", "á", "Á", "áb", "ÁC", "k", "K", "\u212a", "\u212ax", "kx", "s", "ſ", "ß", "ẞ", "ss",
		"Ｂ", "b\u0301", "straße", "STRAẞE", "x y", "X Y", "σς", "ΣΣ", "\xff", "a\xff", "A\xff",
	}
	for _, f := range []folding{foldExact, foldCase, foldUser} {
		for _, a := range texts {
			for _, b := range texts {
				if got, want := f.equal(a, b), f.apply(a) == f.apply(b); got != want {
					t.Errorf("folding %d: equal(%q, %q) = %v", f, a, b, got)
				}
			}
		}
	}
}

// TestFoldRune: all letters that differ in case only become one of them, and no
// other one.
func TestFoldRune(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		folded, same := foldRune(r), false
		for next := unicode.SimpleFold(r); ; next = unicode.SimpleFold(next) {
			if same = same || next == folded; foldRune(next) != folded {
				t.Fatalf("%U becomes %U, but %U becomes %U", r, folded, next, foldRune(next))
			}
			if next == r {
				break
			}
		}
		if !same {
			t.Fatalf("%U becomes %U, which is another letter", r, folded)
		}
	}
}

func TestFoldValue(t *testing.T) {
	typ := Definition{Name: "T", Endpoint: "/T", Schema: &Schema{ID: "urn:example:t", Attributes: []Attribute{
		{Name: "n", Type: TypeDecimal, MultiValued: true}, {Name: "i", Type: TypeInteger, MultiValued: true},
		{Name: "t", Type: TypeDateTime, MultiValued: true}, {Name: "b", Type: TypeBinary, MultiValued: true},
		{Name: "f", Type: TypeBoolean, MultiValued: true},
		{Name: "c", Type: TypeComplex, MultiValued: true, SubAttributes: []Attribute{{Name: "value"}, {Name: "note"}}},
	}}}.MustCompile()
	for _, c := range []struct{ name, body string }{
		{"notations of a number", `{"n":[1,1.0,10e-1,0.1E1]}`},
		{"numbers too large to expand", `{"n":[1e999999,1E999999]}`},
		{"negative zero", `{"i":[0,-0]}`},
		{"AMB-32 notations of an instant", `{"t":["2020-02-29T12:00:00Z","2020-02-29T12:00:00","2020-02-29T14:00:00.000+02:00","2020-02-29T12:00:00.0"]}`},
		{"midnight", `{"t":["2020-02-28T24:00:00Z","2020-02-29T00:00:00Z"]}`},
		{"notations of binary data", `{"b":["+/8=","-_8","+/8","+/9="]}`},
		{"binary data of ten digits", `{"b":["YWJjZGVmZw==","YWJjZGVmZw"]}`},
		{"both alphabets at the start", `{"b":["-_-_YWJj","+/+/YWJj"]}`},
		{"booleans", `{"f":[true,true]}`},
		{"elements by value", `{"c":[{"value":"A","note":"x"},{"value":"a"}]}`},
	} {
		r := mustDecode(t, typ, c.body)
		for p := range typ.Paths() {
			first := ""
			for v := range r.Values(p) {
				if key := p.FoldValue(v); first == "" {
					first = key
				} else if key == "" || key != first {
					t.Errorf("%s: %q differs from %q", c.name, key, first)
				}
			}
		}
	}
}

// TestIdentityOfTexts: what looks like more members inside a text is a text.
func TestIdentityOfTexts(t *testing.T) {
	parts := make([]Attribute, 13)
	for i := range parts {
		parts[i].Name = "p" + strconv.Itoa(i)
	}
	c := Definition{Name: "T", Endpoint: "/T", Schema: &Schema{ID: "urn:example:t", Attributes: []Attribute{
		{Name: "c", Type: TypeComplex, MultiValued: true, SubAttributes: parts},
	}}}.MustCompile().MustPath("c")
	for _, list := range []string{
		`[{"p0":"a2::b"},{"p0":"a","p2":"b"}]`,
		`[{"p0":"a2:1:b"},{"p0":"a","p2":"b"}]`,
		`[{"p0":"2:8abcdefgh"},{"p0":"1","p2":"abcdefgh"}]`,
		`[{"p1":"ab126:cdefgh"},{"p11":"ab","p12":"cdefgh"}]`,
	} {
		v, _, err := c.DecodeValue([]byte(list), nil)
		if err != nil || c.Identity(v.At(0)) == c.Identity(v.At(1)) {
			t.Errorf("the elements of %s are the same: %q, %v", list, c.Identity(v.At(0)), err)
		}
	}
}

// TestFoldValueOfOddValues: what no body can hold is prepared as well.
func TestFoldValueOfOddValues(t *testing.T) {
	typ := listsOf()
	if got := typ.MustPath("c").FoldValue(Binary(nil)); got != "" {
		t.Errorf("no binary data: %q", got)
	}
	created := typ.MustPath("meta.created")
	year := func(n int) string { return created.FoldValue(DateTime(time.Date(n, 1, 1, 0, 0, 0, 0, time.UTC))) }
	if year(10000) == year(20000) {
		t.Errorf("years of five digits are all the same: %q", year(10000))
	}
}

func TestKeys(t *testing.T) {
	def := UserDefinition(Extension{Schema: &Schema{ID: "urn:example:badge", Attributes: []Attribute{
		{Name: "number", Type: TypeInteger, Uniqueness: UniquenessGlobal},
		{Name: "cards", Type: TypeComplex, MultiValued: true, SubAttributes: []Attribute{{Name: "value", CaseExact: true, Uniqueness: UniquenessServer}}},
	}}})
	user := def.MustCompile()
	r := mustDecode(t, user, `{"id":"1","externalId":"E","userName":"Ann","urn:example:badge":{"number":7,"cards":[{"value":"A"},{"value":"b"}]}}`)
	want := []Key{
		{user.MustPath("userName"), "ann"}, {user.MustPath("urn:example:badge:number"), "7"},
		{user.MustPath("urn:example:badge:cards.value"), "A"}, {user.MustPath("urn:example:badge:cards.value"), "b"},
	}
	if got := r.Keys(); !reflect.DeepEqual(got, want) {
		t.Errorf("7643-7-29 7643-7-30: got %v, want %v", got, want)
	}
}

func TestResolveTolerances(t *testing.T) {
	badge := Extension{Schema: &Schema{ID: "urn:example:badge", Attributes: []Attribute{{Name: "division"}, {Name: "color"}}}}
	user := UserDefinition(badge).MustCompile()
	for _, c := range []struct {
		text, want string
		rewrite    ToleranceSet
	}{
		{"userName", "userName", 0},
		{"entra-016 C9", "", 0},
		{EnterpriseUserURN + ".department", EnterpriseUserURN + ":department", SetOf(URNDot)},
		{EnterpriseUserURN + ".manager.value", EnterpriseUserURN + ":manager.value", SetOf(URNDot)},
		{UserURN + ".name.givenName", "name.givenName", SetOf(URNDot)},
		{"Department", EnterpriseUserURN + ":department", SetOf(BareExtensionName)},
		{"manager.value", EnterpriseUserURN + ":manager.value", SetOf(BareExtensionName)},
		{"color", "urn:example:badge:color", SetOf(BareExtensionName)},
		{"division", "", 0}, // two extensions have one
		{EnterpriseUserURN + ".", "", 0},
		{"urn:example:other.color", "", 0},
	} {
		p, rewrites, err := user.Resolve(c.text, 0)
		var used ToleranceSet
		for _, w := range rewrites {
			used |= SetOf(w.Tolerance)
		}
		if p.String() != c.want || (err == nil) != (c.want != "") || used != c.rewrite {
			t.Errorf("Resolve(%q) = %q, %v, %v", c.text, p, rewrites, err)
		}
		if p, _, _ := user.Resolve(c.text, Strict); c.rewrite != 0 && !p.IsZero() {
			t.Errorf("strict Resolve(%q) = %q", c.text, p)
		}
	}
}
