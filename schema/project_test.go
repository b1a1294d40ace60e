package schema

import (
	"errors"
	"strings"
	"testing"
)

// projectionType has one attribute of every returned rule, on each level.
func projectionType(tb testing.TB) (*ResourceType, *Resource) {
	sub := []Attribute{{Name: "d"}, {Name: "a", Returned: ReturnedAlways}, {Name: "r", Returned: ReturnedRequest}, {Name: "n", Returned: ReturnedNever}}
	attributes := []Attribute{
		{Name: "default"}, {Name: "always", Returned: ReturnedAlways}, {Name: "request", Returned: ReturnedRequest},
		{Name: "never", Returned: ReturnedNever}, {Name: "secret", Mutability: WriteOnly},
		{Name: "c", Type: TypeComplex, MultiValued: true, SubAttributes: sub},
		{Name: "cr", Type: TypeComplex, Returned: ReturnedRequest, SubAttributes: sub},
		{Name: "cn", Type: TypeComplex, Returned: ReturnedNever, SubAttributes: sub},
	}
	typ := Definition{
		Name: "T", Endpoint: "/T", Schema: &Schema{ID: "urn:example:t", Attributes: attributes},
		Extensions: []Extension{{Schema: &Schema{ID: "urn:example:x", Attributes: []Attribute{{Name: "secretToo", Returned: ReturnedNever}, {Name: "d"}, {Name: "e", Returned: ReturnedAlways}}}}},
	}.MustCompile()
	r := mustDecode(tb, typ, `{"id":"1","default":"1","always":"1","request":"1","never":"1","secret":"1",
		"c":[{"d":"1","a":"1","r":"1","n":"1"},{"n":"2"}],"cr":{"d":"1","a":"1","r":"1","n":"1"},"cn":{"d":"1","a":"1"},
		"urn:example:x":{"d":"1","e":"1","secretToo":"1"}}`)
	return typ, r
}

// TestProjection covers 7643-7-22 to 7643-7-27, 7644-3.9 and AMB-16.
func TestProjection(t *testing.T) {
	typ, r := projectionType(t)
	const head = `{"schemas":["urn:example:t","urn:example:x"],"id":"1",`
	for _, c := range []struct{ name, attributes, excluded, want string }{
		{"7643-7-26 default", "", "", `"default":"1","always":"1","c":[{"d":"1","a":"1"}],"urn:example:x":{"d":"1","e":"1"}`},
		{"7643-7-23 always", "default", "", `"default":"1","always":"1","urn:example:x":{"e":"1"}`},
		{"unknown names are ignored", "nope,urn:y:z", "", `"always":"1","urn:example:x":{"e":"1"}`},
		{"any letter case, with URN, with space", "URN:Example:T:Default, always", "", `"default":"1","always":"1","urn:example:x":{"e":"1"}`},
		{"7643-7-27 request is named", "request", "", `"always":"1","request":"1","urn:example:x":{"e":"1"}`},
		{"7643-7-24 7643-7-22 never and writeOnly are named", "never,secret,cn,cn.a,c.n,urn:example:x:secretToo", "", `"always":"1","urn:example:x":{"e":"1"}`},
		{"complex is named", "c", "", `"always":"1","c":[{"d":"1","a":"1"}],"urn:example:x":{"e":"1"}`},
		{"sub-attribute is named", "c.d", "", `"always":"1","c":[{"d":"1","a":"1"}],"urn:example:x":{"e":"1"}`},
		{"requested sub-attribute", "c.r", "", `"always":"1","c":[{"a":"1","r":"1"}],"urn:example:x":{"e":"1"}`},
		{"complex on request", "cr", "", `"always":"1","cr":{"d":"1","a":"1"},"urn:example:x":{"e":"1"}`},
		{"sub-attribute of complex on request", "cr.d", "", `"always":"1","cr":{"d":"1","a":"1"},"urn:example:x":{"e":"1"}`},
		{"AMB-16 extension is named", "urn:example:x", "", `"always":"1","urn:example:x":{"d":"1","e":"1"}`},
		{"attribute of extension is named", "urn:example:x:d", "", `"always":"1","urn:example:x":{"d":"1","e":"1"}`},
		{"excluded", "", "default,c.d,urn:example:x:d", `"always":"1","c":[{"a":"1"}],"urn:example:x":{"e":"1"}`},
		{"always cannot be excluded", "", "always,id,schemas,urn:example:x:e,nope", `"default":"1","always":"1","c":[{"d":"1","a":"1"}],"urn:example:x":{"d":"1","e":"1"}`},
		{"whole complex and extension excluded", "", "c,urn:example:x", `"default":"1","always":"1","urn:example:x":{"e":"1"}`},
		{"everything in an object excluded", "", "c.d,c.a,default", `"always":"1","c":[{"a":"1"}],"urn:example:x":{"d":"1","e":"1"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := typ.NewProjection(names(c.attributes), names(c.excluded))
			if err != nil {
				t.Fatal(err)
			}
			out, err := r.AppendJSON(nil, &Encoding{Projection: p})
			if err != nil {
				t.Fatal(err)
			}
			if got, want := string(out), head+c.want+"}"; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
	if _, err := typ.NewProjection([]string{"c"}, []string{"d"}); !errors.Is(err, ErrValue) {
		t.Errorf("both lists: %v", err)
	}
}

// TestWriteProjection covers 7643-7-27: what is returned on request comes back
// to the client that writes it.
func TestWriteProjection(t *testing.T) {
	typ, r := projectionType(t)
	for _, c := range []struct{ name, attributes, excluded, written, shown string }{
		{"7643-7-27 written", "", "", "request", "default request"},
		{"part of it is written", "", "", "cr.d", "default cr cr.d"},
		{"what it is part of is written", "", "", "c", "default c.r"},
		{"something else is written", "", "", "default", "default"},
		{"hidden ones stay so", "", "", "never,secret,cn", "default"},
		{"the client names what it wants", "default", "", "request,cr", "default"},
		{"and names what it wrote", "request", "", "request", "request"},
		{"excluded", "", "default,request", "request,cr", "cr cr.d"},
		{"named, and nothing on request is written", "request", "", "default", "request"},
		{"excluded, and nothing on request is written", "", "default", "default", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var written []Path
			for _, name := range names(c.written) {
				written = append(written, typ.MustPath(name))
			}
			p, err := typ.NewWriteProjection(names(c.attributes), names(c.excluded), written)
			if err != nil {
				t.Fatal(err)
			}
			var shown []string
			for _, name := range []string{"default", "request", "never", "secret", "c.r", "cr", "cr.d", "cn"} {
				if p.Includes(typ.MustPath(name)) {
					shown = append(shown, name)
				}
			}
			if got := strings.Join(shown, " "); got != c.shown {
				t.Errorf("shows %s, want %s", got, c.shown)
			}
			if out, err := r.AppendJSON(nil, &Encoding{Projection: p}); err != nil || strings.Contains(string(out), `"request"`) != strings.Contains(c.shown, "request") {
				t.Errorf("%s, %v", out, err)
			}
		})
	}
	if p, err := typ.NewWriteProjection(nil, nil, []Path{typ.MustPath("default"), typ.MustPath("id")}); p != nil || err != nil {
		t.Errorf("nothing on request is written: %v, %v", p, err)
	}
	if p, err := typ.NewWriteProjection(nil, nil, nil); p != nil || err != nil {
		t.Errorf("nothing is asked for: %v, %v", p, err)
	}
	if _, err := typ.NewWriteProjection([]string{"c"}, []string{"d"}, []Path{typ.MustPath("request")}); !errors.Is(err, ErrValue) {
		t.Errorf("both lists: %v", err)
	}
}

func names(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}

func TestProjectionIncludes(t *testing.T) {
	typ, _ := projectionType(t)
	p, err := typ.NewProjection([]string{"cr.d", "c.n"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var none *Projection
	if !p.Includes(Path{}) || !none.Includes(Path{}) {
		t.Error("the resource itself is left out")
	}
	other := UserDefinition().MustCompile()
	manager := other.MustPath(EnterpriseUserURN + ":manager.value")
	if p, err := other.NewProjection([]string{manager.String()}, nil); err != nil || !p.Includes(manager) || p.Includes(other.MustPath("title")) {
		t.Errorf("a part of a part of an extension is named: %v", err)
	}
	if !p.Includes(other.MustPath("userName")) || p.Includes(other.MustPath("password")) {
		t.Error("another type is not shown as by default")
	}
	for path, want := range map[string][2]bool{ // with p, and without
		"default": {false, true}, "always": {true, true}, "request": {false, false}, "never": {false, false},
		"cr": {true, false}, "cr.d": {true, false}, "cr.r": {false, false}, "c": {false, true}, "c.d": {false, true}, "cn.a": {false, false},
		"urn:example:x": {true, true}, "urn:example:x:d": {false, true}, "urn:example:x:e": {true, true}, "id": {true, true}, "meta.version": {false, true},
	} {
		if got := [2]bool{p.Includes(typ.MustPath(path)), none.Includes(typ.MustPath(path))}; got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}

// TestWithout: what the reader must not see is gone, whatever is asked for, and
// an extension as a whole is not in "schemas" either.
func TestWithout(t *testing.T) {
	typ, _ := projectionType(t)
	r, _, err := typ.Decode([]byte(`{"id":"1","default":"1","always":"1","request":"1","c":[{"d":"1","a":"1"}],"urn:example:x":{"d":"1","e":"1"},"more":1}`),
		&DecodeOptions{KeepReadOnly: true, Unknown: PreserveUnknown})
	if err != nil {
		t.Fatal(err)
	}
	project := func(attributes, excluded string) *Projection {
		p, err := typ.NewProjection(names(attributes), names(excluded))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	written, err := typ.NewWriteProjection(nil, nil, []Path{typ.MustPath("request")})
	if err != nil {
		t.Fatal(err)
	}
	twice := project("", "default").Without(typ.MustPath("urn:example:x"))
	const both, one = `{"schemas":["urn:example:t","urn:example:x"]`, `{"schemas":["urn:example:t"]`
	for _, c := range []struct {
		name    string
		p       *Projection
		without string
		want    string
	}{
		{"nothing", nil, "", both + `,"id":"1","default":"1","always":"1","c":[{"d":"1","a":"1"}],"urn:example:x":{"d":"1","e":"1"},"more":1}`},
		{"a default", nil, "default", both + `,"id":"1","always":"1","c":[{"d":"1","a":"1"}],"urn:example:x":{"d":"1","e":"1"},"more":1}`},
		{"what is always returned", nil, "always,id,c.a,urn:example:x:e", both + `,"default":"1","c":[{"d":"1"}],"urn:example:x":{"d":"1"},"more":1}`},
		{"all below", nil, "c", both + `,"id":"1","default":"1","always":"1","urn:example:x":{"d":"1","e":"1"},"more":1}`},
		{"an extension", nil, "default,urn:example:x", one + `,"id":"1","always":"1","c":[{"d":"1","a":"1"}],"more":1}`},
		{"what is named", project("default,c", ""), "c", both + `,"id":"1","default":"1","always":"1","urn:example:x":{"e":"1"}}`},
		{"after what is excluded", project("", "default"), "always", both + `,"id":"1","c":[{"d":"1","a":"1"}],"urn:example:x":{"d":"1","e":"1"},"more":1}`},
		{"twice", twice, "c", one + `,"id":"1","always":"1","more":1}`},
		{"what is written", written, "default", both + `,"id":"1","always":"1","request":"1","c":[{"d":"1","a":"1"}],"urn:example:x":{"d":"1","e":"1"},"more":1}`},
	} {
		var paths []Path
		for _, name := range names(c.without) {
			paths = append(paths, typ.MustPath(name))
		}
		before, _ := r.AppendJSON(nil, &Encoding{Projection: c.p})
		out, err := r.AppendJSON(nil, &Encoding{Projection: c.p.Without(paths...)})
		if err != nil || string(out) != c.want {
			t.Errorf("%s: %v\ngot  %s\nwant %s", c.name, err, out, c.want)
		}
		if after, _ := r.AppendJSON(nil, &Encoding{Projection: c.p}); string(after) != string(before) {
			t.Errorf("%s: the projection it starts from has changed", c.name)
		}
	}
	var none *Projection
	other := UserDefinition().MustCompile().MustPath("userName")
	if p := project("default", ""); p.Without() != p || p.Without(Path{}) != p || p.Without(other) != p || none.Without(Path{}) != nil {
		t.Error("without nothing it is not the same")
	}
	if p := project("default", "").Without(other, Path{}, typ.MustPath("default")); p.Includes(typ.MustPath("default")) || !p.Includes(typ.MustPath("always")) {
		t.Error("what is of another type keeps the rest from being left out")
	}
}
