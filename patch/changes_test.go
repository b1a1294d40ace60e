package patch_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

func compile(t *testing.T, o *patch.Options, operations ...string) *patch.Changes {
	t.Helper()
	r, err := patch.Parse(body(operations...), o)
	if err != nil {
		t.Fatal(err)
	}
	c, err := r.Compile(thing, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// describe writes edits down in short.
func describe(c *patch.Changes) string {
	var out []string
	for _, e := range c.Edits() {
		out = append(out, strings.TrimPrefix(fmt.Sprintf("%T %s", e, e.Target()), "*patch."))
	}
	return strings.Join(out, ", ")
}

// A request in any form gives the same few edits.
func TestEdits(t *testing.T) {
	for _, c := range []struct{ operation, want string }{
		{`{"op":"replace","path":"text","value":"x"}`, "Set text"},
		{`{"op":"replace","path":"text","value":""}`, "Clear text"},
		{`{"op":"add","value":{"text":"x","person":{"first":"y"}}}`, "Set text, Set person.first"},
		{`{"op":"replace","path":"person","value":{"first":"x","last":null}}`, "Set person.first, Clear person.last"},
		{`{"op":"remove","path":"person"}`, "Clear person"},
		{`{"op":"replace","path":"boss","value":"b"}`, "Set boss"},
		{`{"op":"add","path":"crew","value":[{"value":"a"}]}`, "AddValues crew"},
		{`{"op":"replace","path":"crew","value":[{"value":"a"}]}`, "Set crew"},
		{`{"op":"replace","path":"crew","value":[]}`, "Clear crew"},
		{`{"op":"remove","path":"crew","value":[{"value":"a"}]}`, "RemoveValues crew"},
		{`{"op":"remove","path":"crew[value eq \"a\"]"}`, "RemoveValues crew"},
		{`{"op":"remove","path":"crew[value eq \"a\" or value eq \"b\"]"}`, "RemoveValues crew"},
		{`{"op":"remove","path":"crew[type eq \"User\"]"}`, "RemoveMatching crew"},
		{`{"op":"remove","path":"mails[value eq \"a\" and type eq \"work\"]"}`, "RemoveValues mails"},
		{`{"op":"remove","path":"mails[value sw \"a\"]"}`, "RemoveMatching mails"},
		{`{"op":"remove","path":"crew[value eq \"a\" and value eq \"b\"]"}`, "RemoveMatching crew"},
		{`{"op":"remove","path":"numbers[value eq 1]"}`, "RemoveMatching numbers"},
		{`{"op":"replace","path":"mails[type eq \"work\"]","value":{"value":"x"}}`, "ReplaceMatching mails"},
		{`{"op":"add","path":"mails[type eq \"work\"]","value":{"value":"x"}}`, "UpdateMatching mails"},
		{`{"op":"replace","path":"mails[type eq \"work\"].value","value":"x"}`, "UpdateMatching mails"},
		{`{"op":"add","path":"mails[type eq \"work\"]","value":{}}`, ""},
		{`{"op":"remove","path":"mails.display"}`, "UpdateMatching mails"},
		{`{"op":"remove","path":"urn:example:ext:Thing"}`, "Clear " + extURN},
		{`{"op":"add","path":"text","value":null}`, ""},
	} {
		if got := describe(compile(t, nil, c.operation)); got != c.want {
			t.Errorf("%s: %s, want %s", c.operation, got, c.want)
		}
	}
}

func TestCoalesce(t *testing.T) {
	add := func(id string) string { return `{"op":"add","path":"crew","value":[{"value":"` + id + `"}]}` }
	remove := func(id string) string { return `{"op":"remove","path":"crew[value eq \"` + id + `\"]"}` }
	c := compile(t, nil, add("a"), add("b"), add("c"), remove("a"), remove("b"), add("d"))
	if got := describe(c); got != "AddValues crew, RemoveValues crew, AddValues crew" {
		t.Errorf("authentik-004: %s", got)
	}
	mail := `{"op":"add","path":"mails","value":[{"value":"a","primary":true}]}`
	if got := len(compile(t, nil, mail, mail).Edits()); got != 2 {
		t.Errorf("additions to a list with primary values became %d edits", got)
	}
}

func TestQuestions(t *testing.T) {
	crew, person, first, mails := thing.MustPath("crew"), thing.MustPath("person"), thing.MustPath("person.first"), thing.MustPath("mails")
	members := compile(t, nil, `{"op":"add","path":"crew","value":[{"value":"a"}]}`)
	name := compile(t, nil, `{"op":"replace","path":"person.first","value":"x"}`, `{"op":"replace","path":"mails[type eq \"work\"].value","value":"x"}`)
	nothing := compile(t, nil, `{"op":"add","path":"text","value":null}`)
	whole := compile(t, nil, `{"op":"remove","path":"person"}`)
	for _, q := range []struct {
		what      string
		got, want bool
	}{
		{"members touch crew", members.Touches(crew), true},
		{"members touch crew.value", members.Touches(thing.MustPath("crew.value")), true},
		{"members touch mails", members.Touches(mails), false},
		{"members are only crew", members.Only(crew), true},
		{"members are only mails", members.Only(mails), false},
		{"everything is only the resource", name.Only(schema.Path{}), true},
		{"name touches person", name.Touches(person), true},
		{"name touches person.last", name.Touches(thing.MustPath("person.last")), false},
		{"name touches mails.value", name.Touches(thing.MustPath("mails.value")), true},
		{"name touches mails.type", name.Touches(thing.MustPath("mails.type")), false},
		{"name is only person", name.Only(person), false},
		{"clearing person touches person.first", whole.Touches(first), true},
		{"nothing touches the resource", nothing.Touches(schema.Path{}), false},
		{"nothing is only crew", nothing.Only(crew), false},
	} {
		if q.got != q.want {
			t.Errorf("%s: %v", q.what, q.got)
		}
	}
	var paths []string
	for _, p := range name.Paths() {
		paths = append(paths, p.String())
	}
	if !slices.Equal(paths, []string{"person.first", "mails.value"}) || name.Type() != thing {
		t.Errorf("paths %v of %s", paths, name.Type().Name())
	}
}

func TestUnconditional(t *testing.T) {
	strict := &patch.Options{Off: schema.Strict}
	for _, c := range []struct {
		operation string
		o         *patch.Options
		want      bool
	}{
		{`{"op":"replace","path":"text","value":"x"}`, nil, true},
		{`{"op":"replace","path":"fixed","value":"x"}`, nil, false},
		{`{"op":"remove","path":"fixed"}`, nil, false},
		{`{"op":"remove","path":"text"}`, nil, true},
		{`{"op":"replace","path":"boss","value":"x"}`, nil, true},
		{`{"op":"add","path":"crew","value":[{"value":"a"}]}`, nil, true},
		{`{"op":"replace","path":"crew","value":[{"value":"a"}]}`, nil, true},
		{`{"op":"remove","path":"crew[value eq \"a\"]"}`, nil, true},
		{`{"op":"remove","path":"crew[value eq \"a\"]"}`, strict, false},
		{`{"op":"remove","path":"crew[type eq \"a\"]"}`, nil, true},
		{`{"op":"remove","path":"crew[type eq \"a\"]"}`, strict, false},
		{`{"op":"replace","path":"mails[type eq \"a\"].value","value":"x"}`, nil, true},
		{`{"op":"replace","path":"mails[type eq \"a\"].value","value":"x"}`, strict, false},
		{`{"op":"replace","path":"crew[value eq \"a\"].type","value":"x"}`, nil, false},
		{`{"op":"replace","path":"mails[type eq \"a\"]","value":{"value":"x"}}`, nil, false},
	} {
		if got := compile(t, c.o, c.operation).Unconditional(); got != c.want {
			t.Errorf("%s: %v, want %v", c.operation, got, c.want)
		}
	}
}

func TestDelta(t *testing.T) {
	for _, c := range []struct {
		name, path string
		o          *patch.Options
		operations []string
		want       string // "-" if it cannot be expressed
	}{
		{"entra-033", "crew", nil, []string{`{"op":"Add","path":"crew","value":[{"$ref":null,"value":"a"},{"value":"b"}]}`}, "+a +b"},
		{"entra-034", "crew", nil, []string{`{"op":"Remove","path":"crew","value":[{"value":"a"}]}`}, "-a"},
		{"entra-036", "crew", nil, []string{`{"op":"Add","path":"crew","value":[{"value":"a"}]}`, `{"op":"Remove","path":"crew","value":[{"value":"a"}]}`}, "+a -a"},
		{"okta-016", "crew", nil, []string{`{"op":"remove","path":"crew[value eq \"a\"]"}`, `{"op":"add","path":"crew","value":[{"value":"b"}]}`}, "-a +b"},
		{"connid-002", "crew", nil, []string{`{"op":"remove","path":"crew[value eq \"a\" or value eq \"b\"]"}`}, "-a -b"},
		{"beside another attribute", "crew", nil, []string{`{"op":"replace","path":"text","value":"x"}`, `{"op":"add","path":"crew","value":"a"}`}, "+a"},
		{"another attribute only", "crew", nil, []string{`{"op":"replace","path":"text","value":"x"}`}, ""},
		{"simple values", "words", nil, []string{`{"op":"add","path":"words","value":["New"]}`, `{"op":"remove","path":"words","value":["Old"]}`}, "+new -old"},
		{"replace", "crew", nil, []string{`{"op":"replace","path":"crew","value":[{"value":"a"}]}`}, "-"},
		{"remove all", "crew", nil, []string{`{"op":"remove","path":"crew"}`}, "-"},
		{"by type", "crew", nil, []string{`{"op":"remove","path":"crew[type eq \"User\"]"}`}, "-"},
		{"by value and type", "crew", nil, []string{`{"op":"remove","path":"crew[value eq \"a\" and type eq \"User\"]"}`}, "-"},
		{"strict removal", "crew", &patch.Options{Off: schema.Strict}, []string{`{"op":"remove","path":"crew[value eq \"a\"]"}`}, "-"},
		{"with its extension", extURN + ":labels", nil, []string{`{"op":"remove","path":"urn:example:ext:Thing"}`}, "-"},
		{"not keyed", "mails", nil, []string{`{"op":"add","path":"mails","value":[{"value":"a"}]}`}, "-"},
		{"single-valued", "text", nil, []string{`{"op":"add","path":"text","value":"a"}`}, "-"},
	} {
		steps, ok := compile(t, c.o, c.operations...).Delta(thing.MustPath(c.path))
		var out []string
		for _, s := range steps {
			sign := "+"
			if s.Removes() {
				sign = "-"
			}
			out = append(out, sign+s.Key)
		}
		got := strings.Join(out, " ")
		if !ok {
			got = "-"
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestRemovesAll(t *testing.T) {
	for _, c := range []struct {
		name       string
		operations []string
		want       bool
	}{
		{"keycloak-004", []string{`{"op":"remove","path":"crew"}`}, true},
		{"entra-041", []string{`{"op":"Replace","path":"crew","value":null}`}, true},
		{"okta-018", []string{`{"op":"replace","path":"crew","value":[]}`}, true},
		{"without path", []string{`{"op":"replace","value":{"crew":[]}}`}, true},
		{"by type", []string{`{"op":"remove","path":"crew[type eq \"User\"]"}`}, true},
		{"by a filter for all", []string{`{"op":"remove","path":"crew[value pr]"}`}, true},
		{"by value or type", []string{`{"op":"remove","path":"crew[value eq \"a\" or type eq \"User\"]"}`}, true},
		{"one", []string{`{"op":"remove","path":"crew[value eq \"a\"]"}`}, false},
		{"one of a type", []string{`{"op":"remove","path":"crew[value eq \"a\" and type eq \"User\"]"}`}, false},
		{"listed", []string{`{"op":"remove","path":"crew","value":[{"value":"a"},{"value":"b"}]}`}, false},
		{"okta-017", []string{`{"op":"replace","path":"crew","value":[{"value":"a"}]}`}, false},
		{"removed and added", []string{`{"op":"remove","path":"crew"}`, `{"op":"add","path":"crew","value":[{"value":"a"}]}`}, false},
		{"removed and replaced", []string{`{"op":"remove","path":"crew"}`, `{"op":"replace","path":"crew","value":[{"value":"a"}]}`}, false},
		{"removed, and another one replaced", []string{`{"op":"remove","path":"crew"}`, `{"op":"replace","path":"text","value":"x"}`}, true},
		{"removed, and another one added", []string{`{"op":"remove","path":"crew"}`, `{"op":"add","path":"words","value":["x"]}`}, true},
		{"added and removed", []string{`{"op":"add","path":"crew","value":[{"value":"a"}]}`, `{"op":"remove","path":"crew"}`}, true},
		{"another attribute", []string{`{"op":"remove","path":"mails"}`}, false},
		{"nothing", []string{`{"op":"add","path":"crew","value":[]}`}, false},
	} {
		if got := compile(t, nil, c.operations...).RemovesAll(thing.MustPath("crew")); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if !compile(t, nil, `{"op":"remove","path":"urn:example:ext:Thing"}`).RemovesAll(thing.MustPath(extURN + ":labels")) {
		t.Error("removing an extension does not count for its lists")
	}
	if !compile(t, nil, `{"op":"remove","path":"mails","value":[{"type":"work"}]}`).RemovesAll(thing.MustPath("mails")) {
		t.Error("removing what is listed by type only does not count")
	}
}

func TestWithout(t *testing.T) {
	crew := thing.MustPath("crew")
	unknown := func(v schema.Value) bool { return strings.HasPrefix(crew.ElementKey(v), "ghost") }
	for operation, want := range map[string]string{
		`{"op":"add","path":"crew","value":[{"value":"ghost1"},{"value":"u9"}]}`: "u1 u2 g1 u9",
		`{"op":"add","path":"crew","value":[{"value":"ghost1"}]}`:                "u1 u2 g1",
		`{"op":"replace","path":"crew","value":[{"value":"u9"},{"value":"gh"}]}`: "u9 gh",
		`{"op":"replace","path":"crew","value":[{"value":"ghost"}]}`:             "",
		`{"op":"remove","path":"crew","value":[{"value":"u1"}]}`:                 "u2 g1",
	} {
		result, err := compile(t, nil, operation).Without(crew, unknown).Apply(decode(t, thing, documents["full"]))
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for v := range result.Resource.Values(thing.MustPath("crew.value")) {
			ids = append(ids, v.Text())
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("A5 okta-023 %s: %s, want %s", operation, got, want)
		}
	}
}

func TestNewChangesRefuses(t *testing.T) {
	text, crew, mails := thing.MustPath("text"), thing.MustPath("crew"), thing.MustPath("mails")
	value := func(p schema.Path, sub, v string) schema.Value {
		s, _ := p.Sub(sub)
		return schema.Value{}.With(s, schema.String(v))
	}
	primary, _ := mails.Sub("primary")
	ofWork, err := filter.ParsePath(thing, `mails[type eq "work"]`, nil)
	if err != nil {
		t.Fatal(err)
	}
	byType := ofWork.Filter
	for _, c := range []struct {
		name   string
		edit   patch.Edit
		reason patch.Reason
	}{
		{"readOnly", &patch.Set{Path: thing.MustPath("calc"), Value: schema.String("x")}, ""},
		{"wrong kind", &patch.Set{Path: text, Value: schema.Bool(true)}, patch.InvalidValue},
		{"other type", &patch.Set{Path: user.MustPath("title"), Value: schema.String("x")}, patch.InvalidPath},
		{"no path", &patch.Clear{}, patch.InvalidPath},
		{"schemas", &patch.Clear{Path: thing.SchemasPath()}, patch.InvalidPath},
		{"below a list", &patch.Clear{Path: primary}, patch.InvalidPath},
		{"added to a single value", &patch.AddValues{Path: text, Values: schema.List(schema.String("x"))}, patch.InvalidPath},
		{"list of the wrong kind", &patch.AddValues{Path: crew, Values: schema.List(schema.String("x"))}, patch.InvalidValue},
		{"no list", &patch.RemoveValues{Path: crew, Values: value(crew, "value", "x")}, patch.InvalidValue},
		{"no filter", &patch.RemoveMatching{Path: crew}, patch.InvalidValue},
		{"removed by a filter on another attribute", &patch.RemoveMatching{Path: crew, Filter: byType}, patch.InvalidValue},
		{"nothing to replace with", &patch.ReplaceMatching{Path: mails, Filter: byType}, patch.InvalidValue},
		{"replaced by no filter", &patch.ReplaceMatching{Path: mails, Value: value(mails, "value", "x")}, patch.InvalidValue},
		{"replaced by the wrong kind", &patch.ReplaceMatching{Path: mails, Filter: byType, Value: schema.String("x")}, patch.InvalidValue},
		{"good replacement", &patch.ReplaceMatching{Path: mails, Filter: byType, Value: value(mails, "value", "x")}, ""},
		{"good update by a filter", &patch.UpdateMatching{Path: mails, Filter: byType, Subs: []patch.Edit{&patch.Set{Path: primary, Value: schema.Bool(true)}}}, ""},
		{"update by a filter on another attribute", &patch.UpdateMatching{Path: crew, Filter: byType, Subs: []patch.Edit{&patch.Clear{Path: thing.MustPath("crew.type")}}}, patch.InvalidValue},
		{"update of a list within values", &patch.UpdateMatching{Path: mails, Subs: []patch.Edit{&patch.AddValues{Path: primary, Values: schema.List(schema.Bool(true))}}}, patch.InvalidValue},
		{"removal from a list within values", &patch.UpdateMatching{Path: mails, Subs: []patch.Edit{&patch.RemoveValues{Path: primary, Values: schema.List(schema.Bool(true))}}}, patch.InvalidValue},
		{"good update", &patch.UpdateMatching{Path: mails, Subs: []patch.Edit{&patch.Set{Path: primary, Value: schema.Bool(true)}}}, ""},
		{"update of another attribute", &patch.UpdateMatching{Path: crew, Subs: []patch.Edit{&patch.Set{Path: primary, Value: schema.Bool(true)}}}, patch.InvalidPath},
		{"update with the wrong kind", &patch.UpdateMatching{Path: mails, Subs: []patch.Edit{&patch.Set{Path: primary, Value: schema.String("x")}}}, patch.InvalidValue},
		{"update by an update", &patch.UpdateMatching{Path: mails, Subs: []patch.Edit{&patch.UpdateMatching{Path: primary}}}, patch.InvalidValue},
	} {
		_, err := patch.NewChanges(thing, c.edit)
		if c.reason == "" && err != nil || c.reason != "" && !errors.Is(err, c.reason) {
			t.Errorf("%s: %v, want %q", c.name, err, c.reason)
		}
	}
}

// TestNewChangesApplied: edits of a program do what they say, and a failure
// names the one that it comes from.
func TestNewChangesApplied(t *testing.T) {
	text := &patch.Set{Path: thing.MustPath("text"), Value: schema.String("new")}
	good, err := patch.NewChanges(thing, text)
	if err != nil {
		t.Fatal(err)
	}
	result, err := good.Apply(decode(t, thing, documents["full"]))
	if err != nil || !slices.Equal(good.Edits(), []patch.Edit{text}) || result.Resource.Get(text.Path).Text() != "new" {
		t.Errorf("%v: %v, %v", good.Edits(), result, err)
	}
	bad, err := patch.NewChanges(thing, text, &patch.Set{Path: thing.MustPath("fixed"), Value: schema.String("other")})
	if err != nil {
		t.Fatal(err)
	}
	var fault *patch.Error
	if _, err = bad.Apply(decode(t, thing, documents["full"])); !errors.As(err, &fault) || fault.Operation != 1 {
		t.Errorf("the failure of the second edit is %v", err)
	}
}

// TestUnconditionalOfParts: what is immutable may be a part of the target.
func TestUnconditionalOfParts(t *testing.T) {
	for name, want := range map[string]bool{"mixed": false, "mixed.often": true, "mixed.once": false, "person": false, "mails": false} {
		c, err := patch.NewChanges(fixedThing, &patch.Clear{Path: fixedThing.MustPath(name)})
		if err != nil || c.Unconditional() != want {
			t.Errorf("clearing %s: %v, want %v", name, err, want)
		}
	}
}

// TestIgnoredInValues: what has no effect is reported, and nothing else is.
func TestIgnoredInValues(t *testing.T) {
	for operation, want := range map[string]string{
		`{"op":"add","value":{"urn:example:Thing":{"text":"x"}}}`:   "",
		`{"op":"add","value":{"urn:example:Thing":"x"}}`:            "urn:example:Thing",
		`{"op":"add","value":{"nope":"x"}}`:                         "nope",
		`{"op":"add","value":{"nope":{"x":1}}}`:                     "nope",
		`{"op":"add","path":"person","value":{"nope":"x"}}`:         "person.nope",
		`{"op":"add","value":{"urn:example:ext:Thing":{"no":"x"}}}`: extURN + ":no",
		`{"op":"add","value":{"schemas":["urn:example:Thing"]}}`:    "schemas",
		`{"op":"add","value":{"calc":"x"}}`:                         "calc",
		`{"op":"remove","path":"text","value":"x"}`:                 "Operations[0].value",
		`{"op":"remove","path":"mails[type pr]","value":"x"}`:       "Operations[0].value",
	} {
		if got := strings.Join(compile(t, nil, operation).Report().Ignored, " "); got != want {
			t.Errorf("%s: ignored %q, want %q", operation, got, want)
		}
	}
}

// TestSchemasOfExtensions: taking URNs away takes the data of all of them away,
// unless it is required.
func TestSchemasOfExtensions(t *testing.T) {
	extension := func(name string, required bool) schema.Extension {
		return schema.Extension{Schema: &schema.Schema{ID: "urn:example:" + name, Name: name, Attributes: []schema.Attribute{{Name: name, Required: required}}}}
	}
	typ := schema.Definition{Name: "Part", Endpoint: "/Parts", Schema: &schema.Schema{ID: "urn:example:Part", Attributes: []schema.Attribute{{Name: "text"}}},
		Extensions: []schema.Extension{extension("a", false), extension("b", false), extension("c", true)}}.MustCompile()
	before := decode(t, typ, `{"schemas":["urn:example:Part","urn:example:a","urn:example:b","urn:example:c"],"id":"1",
		"urn:example:a":{"a":"x"},"urn:example:b":{"b":"x"},"urn:example:c":{"c":"x"}}`)
	after, err := applyBody(before, body(`{"op":"remove","path":"schemas","value":["urn:example:a","urn:example:b"]}`), nil)
	if want := `{"schemas":["urn:example:Part","urn:example:c"],"id":"1","urn:example:c":{"c":"x"}}`; err != nil || !after.Equal(decode(t, typ, want)) {
		t.Errorf("AMB-46: %v, %v", after, err)
	}
	after, err = applyBody(before, body(`{"op":"remove","path":"urn:example:a"}`), nil)
	if a := typ.MustPath("urn:example:a"); err != nil || !after.Get(a).IsZero() {
		t.Errorf("AMB-42: %v, %v", after, err)
	}
	known := body(`{"op":"add","path":"schemas","value":["urn:example:Part","urn:example:a"]}`)
	if _, err := applyBody(before, known, &patch.Options{Off: schema.Strict}); err != nil {
		t.Errorf("AMB-46: known URNs are refused: %v", err)
	}
	if _, err := applyBody(before, body(`{"op":"remove","path":"schemas","value":["urn:example:c"]}`), nil); !errors.Is(err, patch.Mutability) {
		t.Errorf("AMB-46: required data is removed: %v", err)
	}
}

// TestDerivedExtension: removing an extension leaves what the service provider
// derives.
func TestDerivedExtension(t *testing.T) {
	typ := schema.Definition{Name: "Part", Endpoint: "/Parts", Schema: &schema.Schema{ID: "urn:example:Part", Attributes: []schema.Attribute{{Name: "text"}}},
		Extensions: []schema.Extension{{Schema: &schema.Schema{ID: "urn:example:a", Name: "a", Attributes: []schema.Attribute{
			{Name: "given"}, {Name: "derived", Mutability: schema.ReadOnly}, {Name: "other"}}}}}}.MustCompile()
	before := decode(t, typ, `{"schemas":["urn:example:Part","urn:example:a"],"id":"1","urn:example:a":{"given":"x","derived":"y","other":"z"}}`)
	after, err := applyBody(before, body(`{"op":"remove","path":"urn:example:a"}`), nil)
	if want := `{"schemas":["urn:example:Part","urn:example:a"],"id":"1","urn:example:a":{"derived":"y"}}`; err != nil || !after.Equal(decode(t, typ, want)) {
		t.Errorf("AMB-42: %v, %v", after, err)
	}
}

// TestDiffs: the differences name each attribute once, and no part of another
// one.
func TestDiffs(t *testing.T) {
	text := func(v string) string { return `{"op":"replace","path":"text","value":"` + v + `"}` }
	first := `{"op":"replace","path":"person.first","value":"x"}`
	for _, c := range []struct {
		operations []string
		want       string
	}{
		{[]string{text("x"), text("y")}, "text"},
		{[]string{text("x"), text("old")}, ""},
		{[]string{first, `{"op":"remove","path":"person"}`}, "person"},
		{[]string{first, text("x"), `{"op":"add","path":"words","value":["x"]}`}, "person.first text words"},
	} {
		result, err := compile(t, nil, c.operations...).Apply(decode(t, thing, documents["full"]))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range result.Diffs {
			got = append(got, d.Path.String())
		}
		if strings.Join(got, " ") != c.want || result.Changed != (c.want != "") {
			t.Errorf("%v: %v", c.operations, got)
		}
	}
}

func TestApplyToAnotherType(t *testing.T) {
	c := compile(t, nil, `{"op":"remove","path":"text"}`)
	for _, r := range []*schema.Resource{nil, user.New().Resource()} {
		var fault *patch.Error
		if _, err := c.Apply(r); !errors.As(err, &fault) || fault.Reason != patch.InvalidPath || fault.Operation != -1 {
			t.Errorf("Apply(%v): %v", r, err)
		}
	}
}
