package schema

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func mustDecode(tb testing.TB, t *ResourceType, body string) *Resource {
	tb.Helper()
	r, _, err := t.Decode([]byte(body), &DecodeOptions{KeepReadOnly: true})
	if err != nil {
		tb.Fatalf("%v in %s", err, body)
	}
	return r
}

const manager = `"` + EnterpriseUserURN + `":{"manager":`

func TestCheckCreate(t *testing.T) {
	user := UserDefinition().MustCompile()
	for _, c := range []struct {
		name, body, want string
		options          CheckOptions
		rewrites         []Rewrite
		problems         string
	}{
		{name: "7643-4.1.1-03 AMB-22 required", body: `{"title":"x"}`, problems: "userName: is required"},
		{name: "7643-4.1.1-03 required and empty", body: `{"userName":""}`, problems: "userName: is required"},
		{name: "C19 7643-2.4-11 duplicate", body: `{"userName":"a","emails":[{"value":"A","type":"work"},{"value":"a","type":"WORK","primary":false},{"value":"a","type":"home"}]}`,
			want: `"userName":"a","emails":[{"value":"A","type":"work"},{"value":"a","type":"home"}]`, rewrites: []Rewrite{{DuplicateValue, "emails"}}},
		{name: "C15 what the service provider assigns is not checked", body: `{"userName":"a","groups":[{"value":"g"},{"value":"g"}]}`,
			want: `"userName":"a","groups":[{"value":"g"},{"value":"g"}]`},
		{name: "duplicate in strict mode", body: `{"userName":"a","roles":[{"value":"r"},{"value":"r"}]}`, options: CheckOptions{Off: Strict},
			problems: "roles[1]: is in the list already"},
		{name: "a duplicate that is primary as well", body: `{"userName":"a","roles":[{"value":"r","primary":true},{"value":"r","primary":true}]}`, options: CheckOptions{Off: Strict},
			problems: "roles[1]: is in the list already; roles: has 2 primary values"},
		{name: "C20 7643-2.4-04 the last primary stays", body: `{"userName":"a","emails":[{"value":"a","primary":true},{"value":"b","primary":true},{"value":"c"}]}`,
			want: `"userName":"a","emails":[{"value":"a","primary":false},{"value":"b","primary":true},{"value":"c"}]`, rewrites: []Rewrite{{SecondPrimary, "emails"}}},
		{name: "AMB-33 second primary rejected", body: `{"userName":"a","emails":[{"value":"a","primary":true},{"value":"b","primary":true}]}`,
			options: CheckOptions{Primary: RejectPrimary}, problems: "emails: has 2 primary values"},
		{name: "second primary in strict mode", body: `{"userName":"a","emails":[{"value":"a","primary":true},{"value":"b","primary":true}]}`,
			options: CheckOptions{Off: Strict}, problems: "emails: has 2 primary values"},
		{name: "second primary passed", body: `{"userName":"a","emails":[{"value":"a","primary":true},{"value":"b","primary":true}]}`,
			options: CheckOptions{Primary: PassPrimary}, want: `"userName":"a","emails":[{"value":"a","primary":true},{"value":"b","primary":true}]`},
		{name: "AMB-34 B16 canonical values are suggestions", body: `{"userName":"a","emails":[{"value":"a","type":"boat"}]}`,
			want: `"userName":"a","emails":[{"value":"a","type":"boat"}]`},
		{name: "7643-2.3.1-03 canonical values enforced", body: `{"userName":"a","emails":[{"value":"a","type":"Work"},{"value":"b","type":"boat"}]}`,
			options: CheckOptions{EnforceCanonical: true}, problems: "emails[1].type: must be one of work, home, other"},
		{name: "every problem at once", body: `{"emails":[{"value":"a","type":"boat"}],"ims":[{"value":"a","primary":true},{"value":"b","primary":true}]}`,
			options:  CheckOptions{EnforceCanonical: true, Primary: RejectPrimary},
			problems: "userName: is required; emails[0].type: must be one of work, home, other; ims: has 2 primary values"},
	} {
		t.Run(c.name, func(t *testing.T) {
			given := mustDecode(t, user, c.body)
			before := stored(t, given)
			r, report, err := CheckCreate(given, &c.options)
			if after := stored(t, given); after != before {
				t.Errorf("the resource given became %s", after)
			}
			if c.problems != "" {
				if err == nil || err.Error() != c.problems || len(report.Rewrites) > 0 {
					t.Errorf("error = %v, want %s; report %v", err, c.problems, report.Rewrites)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := stored(t, r); got != c.want || !slices.Equal(report.Rewrites, c.rewrites) {
				t.Errorf("got  %s, %v\nwant %s", got, report.Rewrites, c.want)
			}
		})
	}
}

// TestImmutable covers 7643-7-20: a value is the same as its attribute is
// compared.
func TestImmutable(t *testing.T) {
	typ := Definition{Name: "T", Endpoint: "/T", Schema: &Schema{ID: "urn:example:t", Attributes: []Attribute{
		{Name: "text", Mutability: Immutable}, {Name: "number", Type: TypeDecimal, Mutability: Immutable},
		{Name: "link", Type: TypeReference, ReferenceTypes: []string{"external"}, Mutability: Immutable}, {Name: "list", MultiValued: true, Mutability: Immutable},
		{Name: "whole", Type: TypeComplex, Mutability: Immutable, SubAttributes: []Attribute{{Name: "x"}}},
	}}}.MustCompile()
	for _, c := range []struct {
		old, now string
		same     bool
	}{
		{`{"text":"a"}`, `{"text":"A"}`, true}, {`{"text":"a"}`, `{"text":"b"}`, false}, {`{"text":"a"}`, `{}`, false}, {`{}`, `{"text":"a"}`, true},
		{`{"number":1.0}`, `{"number":1}`, true}, {`{"number":1}`, `{"number":2}`, false},
		{`{"link":"a"}`, `{"link":"a"}`, true}, {`{"link":"a"}`, `{"link":"A"}`, false},
		{`{"list":["a"]}`, `{"list":["a"]}`, true}, {`{"list":["a"]}`, `{"list":["b"]}`, false},
		{`{"whole":{"x":"a"}}`, `{"whole":{"x":"a"}}`, true}, {`{"whole":{"x":"a"}}`, `{"whole":{"x":"b"}}`, false},
	} {
		if _, _, err := CheckReplace(mustDecode(t, typ, c.old), mustDecode(t, typ, c.now), nil); (err == nil) != c.same || err != nil && !errors.Is(err, ErrMutability) {
			t.Errorf("%s for %s: %v", c.now, c.old, err)
		}
	}
}

func TestCheckLimit(t *testing.T) {
	body := `{"userName":"a","emails":[` + strings.Repeat(`{"value":"a","type":"boat"},`, 2*maxProblems) + `{}]}`
	_, _, err := CheckCreate(mustDecode(t, UserDefinition().MustCompile(), body), &CheckOptions{EnforceCanonical: true})
	var all *ValidationError
	if !errors.As(err, &all) || len(all.Problems) != maxProblems {
		t.Errorf("%v", err)
	}
}

// TestCheckRequiredInside covers AMB-70, 7643-6-10 and 7643-6-11.
func TestCheckRequiredInside(t *testing.T) {
	extension := &Schema{ID: "urn:example:pet", Attributes: []Attribute{
		{Name: "name", Required: true}, {Name: "age", Type: TypeInteger},
		{Name: "owners", Type: TypeComplex, MultiValued: true, SubAttributes: []Attribute{{Name: "value", Required: true}, {Name: "since", Type: TypeDateTime}}},
	}}
	def := Definition{Name: "Pet", Endpoint: "/Pets", Schema: &Schema{ID: "urn:example:base", Attributes: []Attribute{{Name: "n"}}}}
	def.Extensions = []Extension{{Schema: extension}}
	optional := def.MustCompile()
	def.Extensions = []Extension{{Schema: extension, Required: true}}
	required := def.MustCompile()
	for _, c := range []struct {
		typ            *ResourceType
		body, problems string
	}{
		{optional, `{"n":"1"}`, ""},
		{required, `{"n":"1"}`, "urn:example:pet: is required"},
		{optional, `{"urn:example:pet":{"age":3}}`, "urn:example:pet:name: is required"},
		{required, `{"urn:example:pet":{"name":"n","owners":[{"value":"1"},{"since":"2020-01-01T00:00:00Z"}]}}`, "urn:example:pet:owners[1].value: is required"},
		{required, `{"urn:example:pet":{"name":"n","owners":[{"value":"1"}]}}`, ""},
	} {
		_, _, err := CheckCreate(mustDecode(t, c.typ, c.body), nil)
		if text := errorText(err); text != c.problems {
			t.Errorf("%s: %q, want %q", c.body, text, c.problems)
		}
		if err != nil && (!errors.Is(err, ErrRequired) || !errors.Is(err, ErrValue)) {
			t.Errorf("%v is not an ErrRequired and ErrValue", err)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestReplace(t *testing.T) {
	group := GroupDefinition().MustCompile()
	old := mustDecode(t, group, `{"id":"g","meta":{"version":"1"},"displayName":"G","externalId":"e",
		"members":[{"value":"1","type":"User","display":"One"},{"value":"2","type":"Group"}]}`)
	for _, c := range []struct{ name, body, want, problems string }{
		{"AMB-23 A2 readWrite is cleared, readOnly is kept", `{"id":"x","displayName":"G"}`, `"id":"g","meta":{"version":"1"},"displayName":"G"`, ""},
		{"AMB-27 elements keep what belongs to their value", `{"displayName":"G","externalId":"e","members":[{"value":"1"},{"value":"2"}]}`, stored(t, old), ""},
		{"7643-7-20 AMB-44 C15 an immutable part changes", `{"displayName":"G","members":[{"value":"1"},{"value":"2","type":"User"}]}`, "",
			"members[1].type: is immutable and has a value already"},
		{"7643-4.2-03 members come and go", `{"displayName":"G","members":[{"value":"3","type":"User"}]}`,
			`"id":"g","meta":{"version":"1"},"displayName":"G","members":[{"value":"3","type":"User"}]`, ""},
		{"C19 members count once", `{"displayName":"G","members":[{"value":"3","type":"User"},{"value":"3","$ref":"../Users/3"}]}`,
			`"id":"g","meta":{"version":"1"},"displayName":"G","members":[{"value":"3","type":"User"}]`, ""},
		{"AMB-22 required", `{"members":[{"value":"3"}]}`, "", "displayName: is required"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, _, err := CheckReplace(old, Replacement(old, mustDecode(t, group, c.body), nil), nil)
			if errorText(err) != c.problems {
				t.Fatalf("error = %v, want %q", err, c.problems)
			}
			if err == nil && stored(t, r) != c.want {
				t.Errorf("got  %s\nwant %s", stored(t, r), c.want)
			}
		})
	}
}

// TestReplaceAmbiguous: a value that a list holds under two types tells no
// element from the other, so what belongs to one is not held against it.
func TestReplaceAmbiguous(t *testing.T) {
	typ := Definition{Name: "T", Endpoint: "/T", Schema: &Schema{ID: "urn:example:t", Attributes: []Attribute{
		{Name: "c", Type: TypeComplex, MultiValued: true, SubAttributes: []Attribute{{Name: "value"}, {Name: "fixed", Mutability: Immutable}, {Name: "given", Mutability: ReadOnly}}},
	}}}.MustCompile()
	old := mustDecode(t, typ, `{"c":[{"value":"a","fixed":"1"},{"value":"a","fixed":"2"},{"fixed":"3"},{"fixed":"4"},{"value":"b","fixed":"5","given":"g"}]}`)
	for _, c := range []struct{ name, body, want, problems string }{
		{"the same again", `"c":[{"value":"a","fixed":"1"},{"value":"a","fixed":"2"},{"fixed":"3"},{"fixed":"4"},{"value":"b","fixed":"5"}]`, stored(t, old), ""},
		{"in another order", `"c":[{"value":"b"},{"value":"a","fixed":"2"},{"value":"a","fixed":"1"},{"fixed":"4"}]`,
			`"c":[{"value":"b","fixed":"5","given":"g"},{"value":"a","fixed":"2"},{"value":"a","fixed":"1"},{"fixed":"4"}]`, ""},
		{"7643-7-20 what is not ambiguous is held", `"c":[{"value":"b","fixed":"6"}]`, "", "c[0].fixed: is immutable and has a value already"},
	} {
		r := Replacement(old, mustDecode(t, typ, "{"+c.body+"}"), nil)
		r, _, err := CheckReplace(old, r, nil)
		if errorText(err) != c.problems || err == nil && stored(t, r) != c.want {
			t.Errorf("%s: %v, %v", c.name, err, r)
		}
	}
}

// What is kept of a value stays with it: all of one that is not mentioned, and
// of a list what belongs to the elements that are still there.
func TestReplacementKeepsParts(t *testing.T) {
	user := UserDefinition().MustCompile()
	const name = `"name":{"familyName":"F","givenName":"G"}`
	old := mustDecode(t, user, `{"userName":"a",`+name+`,"emails":[{"value":"a@x","display":"A"},{"value":"b@x","display":"B"}]}`)
	parts := []string{"name.givenName", "emails.display"}
	for _, c := range []struct {
		hidden     []string
		body, want string
	}{
		{parts, `"userName":"a","name":{"familyName":"H"},"emails":[{"value":"b@x","type":"work"},{"value":"c@x"}]`,
			`"userName":"a","name":{"familyName":"H","givenName":"G"},"emails":[{"value":"b@x","display":"B","type":"work"},{"value":"c@x"}]`},
		{parts, `"userName":"a","emails":[{"value":"a@x","display":"C"}]`, `"userName":"a","emails":[{"value":"a@x","display":"C"}]`},
		{[]string{"name", "name.givenName"}, `"userName":"a"`, `"userName":"a",` + name},
	} {
		keep := func(p Path) bool { return slices.Contains(c.hidden, p.String()) }
		if got := stored(t, Replacement(old, mustDecode(t, user, "{"+c.body+"}"), keep)); got != c.want {
			t.Errorf("%v of %s\ngot  %s\nwant %s", c.hidden, c.body, got, c.want)
		}
	}
}

// What an attribute keeps of its old value, a part of an element keeps as well,
// even if the element has no other such part.
func TestReplacementKeepsPartsOfElements(t *testing.T) {
	value := Attribute{Name: "value"}
	for _, c := range []struct {
		name            string
		parts           []Attribute
		old, body, want string
	}{
		{"readOnly", []Attribute{value, {Name: "x", Mutability: ReadOnly}}, `{"value":"a","x":"1"}`, `{"value":"a","x":"2"}`, `{"value":"a","x":"1"}`},
		{"readOnly value", []Attribute{{Name: "value", Mutability: ReadOnly}}, `{"value":"a"}`, `{"value":"A"}`, `{"value":"a"}`},
		{"immutable", []Attribute{value, {Name: "x", Mutability: Immutable}}, `{"value":"a","x":"1"}`, `{"value":"a"}`, `{"value":"a","x":"1"}`},
		{"writeOnly", []Attribute{value, {Name: "x", Mutability: WriteOnly}}, `{"value":"a","x":"1"}`, `{"value":"a"}`, `{"value":"a","x":"1"}`},
		{"unique in another letter case", []Attribute{{Name: "value", Uniqueness: UniquenessServer}}, `{"value":"a"}`, `{"value":"A"}`, `{"value":"a"}`},
		{"readWrite", []Attribute{value, {Name: "x"}}, `{"value":"a","x":"1"}`, `{"value":"A"}`, `{"value":"A"}`},
	} {
		typ := Definition{Name: "T", Endpoint: "/T", Schema: &Schema{ID: "urn:example:t", Attributes: []Attribute{
			{Name: "c", Type: TypeComplex, MultiValued: true, SubAttributes: c.parts},
		}}}.MustCompile()
		list := func(element string) *Resource { return mustDecode(t, typ, `{"c":[`+element+`]}`) }
		if got, want := stored(t, Replacement(list(c.old), list(c.body), nil)), `"c":[`+c.want+`]`; got != want {
			t.Errorf("%s: got %s, want %s", c.name, got, want)
		}
	}
}

// Of a value with nothing in it that a client can set, nothing is mentioned.
func TestReplacementPassesOverWhatCannotBeSet(t *testing.T) {
	def := UserDefinition()
	def.Schema.Attributes = append(def.Schema.Attributes, Attribute{Name: "badge", Type: TypeComplex, Mutability: Immutable, SubAttributes: []Attribute{
		{Name: "number"}, {Name: "printed", Mutability: ReadOnly},
	}})
	user := def.MustCompile()
	decode := func(body string) *Resource {
		r, _, err := user.Decode([]byte(body), &DecodeOptions{KeepReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	old := decode(`{"userName":"a","badge":{"number":"1"}}`)
	r := Replacement(old, decode(`{"userName":"a","badge":{"printed":"x"}}`), nil)
	if got, want := stored(t, r), `"userName":"a","badge":{"number":"1"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestReplacementKeeps(t *testing.T) {
	def := UserDefinition()
	for i := range def.Schema.Attributes {
		if def.Schema.Attributes[i].Name == "nickName" {
			def.Schema.Attributes[i].Mutability = Immutable
		}
	}
	user := def.MustCompile()
	old := mustDecode(t, user, `{"userName":"a","password":"p","nickName":"N","title":"t","active":false,`+manager+`{"value":"1","displayName":"One"}}}`)
	keepActive := func(p Path) bool { return p == user.MustPath("active") }
	for body, want := range map[string]string{
		`{"userName":"A","title":"T"}`: `"userName":"a","nickName":"N","title":"T","active":false,"password":"p"`,
		`{"userName":"b"}`:             `"userName":"b","nickName":"N","active":false,"password":"p"`,
		`{"userName":"b","active":true,"nickName":"n","password":"q",` + manager + `{"value":"1"}}}`: `"userName":"b","nickName":"n","active":true,"password":"q",` + manager + `{"value":"1","displayName":"One"}}`,
		`{"userName":"b",` + manager + `{"value":"2"}}}`:                                             `"userName":"b","nickName":"N","active":false,"password":"p",` + manager + `{"value":"2"}}`,
	} {
		r := Replacement(old, mustDecode(t, user, body), keepActive)
		if got := stored(t, r); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", body, got, want)
		}
		if _, _, err := CheckReplace(old, r, nil); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
	for _, c := range []struct{ old, body, want string }{
		{`{"id":"1"}`, `{"userName":"a"}`, `"id":"1","userName":"a"`},
		{`{"userName":"a"}`, `{"externalId":"x"}`, `"externalId":"x"`},
		{`{"userName":"a",` + manager + `{"value":"1","displayName":"One"}}}`, `{"userName":"a"}`, `"userName":"a"`},
		{`{"userName":"a","more":1}`, `{"userName":"a"}`, `"userName":"a"`},
		{`{"userName":"a","more":1}`, `{"userName":"a","other":[2]}`, `"userName":"a","other":[2]`},
	} {
		decode := func(body string) *Resource {
			r, _, err := user.Decode([]byte(body), &DecodeOptions{KeepReadOnly: true, Unknown: PreserveUnknown})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		if got := stored(t, Replacement(decode(c.old), decode(c.body), nil)); got != c.want {
			t.Errorf("%s in place of %s\ngot  %s\nwant %s", c.body, c.old, got, c.want)
		}
	}
	typ := Definition{Name: "T", Endpoint: "/T", Schema: &Schema{ID: "urn:example:t", Attributes: []Attribute{{Name: "a"}}},
		Extensions: []Extension{{Schema: &Schema{ID: "urn:example:x", Attributes: []Attribute{{Name: "own", Mutability: ReadOnly}, {Name: "b"}}}}}}.MustCompile()
	if got, want := stored(t, Replacement(mustDecode(t, typ, `{"urn:example:x":{"own":"1","b":"2"}}`), mustDecode(t, typ, `{"a":"3"}`), nil)), `"a":"3","urn:example:x":{"own":"1"}`; got != want {
		t.Errorf("an extension that is not mentioned\ngot  %s\nwant %s", got, want)
	}
	r := mustDecode(t, user, `{"userName":"b","nickName":"other"}`)
	_, _, err := CheckReplace(old, r, nil)
	if !errors.Is(err, ErrMutability) || !strings.HasPrefix(err.Error(), "nickName: ") {
		t.Errorf("7643-7-20: %v", err)
	}
}
