package schema

import (
	"slices"
	"testing"
	"time"
)

// TestResourceReads: what every resource has is read directly, and is nothing
// where it is not assigned.
func TestResourceReads(t *testing.T) {
	user := UserDefinition().MustCompile()
	r := mustDecode(t, user, `{"id":"1","externalId":"x","userName":"a","emails":[{"value":"b"},{"type":"home"},{"value":"c"}],`+manager+`{"value":"2"}},
		"meta":{"created":"2026-01-02T03:04:05Z","lastModified":"2026-01-02T03:04:06Z","version":"W/\"1\""}}`)
	day := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	if r.Type() != user || r.ID() != "1" || r.ExternalID() != "x" || r.Version() != `W/"1"` || !r.Created().Equal(day) || !r.LastModified().Equal(day.Add(time.Second)) {
		t.Errorf("%s, %s, %s, %v, %v", r.ID(), r.ExternalID(), r.Version(), r.Created(), r.LastModified())
	}
	empty := user.New().Resource()
	if empty.ID() != "" || empty.ExternalID() != "" || empty.Version() != "" || !empty.Created().IsZero() || !empty.LastModified().IsZero() {
		t.Error("an empty resource has values")
	}
	group := GroupDefinition().MustCompile()
	for _, c := range []struct {
		p    Path
		want string
		all  []string
	}{
		{user.MustPath("userName"), "a", []string{"a"}},
		{user.MustPath("emails.value"), "[b, c]", []string{"b", "c"}},
		{user.MustPath("emails"), "[complex(1), complex(1), complex(1)]", []string{"complex(1)", "complex(1)", "complex(1)"}},
		{user.MustPath("emails.display"), "", nil},
		{user.MustPath("schemas"), "[" + UserURN + ", " + EnterpriseUserURN + "]", []string{UserURN, EnterpriseUserURN}},
		{user.MustPath(EnterpriseUserURN + ":manager.value"), "2", []string{"2"}},
		{user.MustPath("name.givenName"), "", nil},
		{Path{}, "", nil},
		{group.MustPath("id"), "", nil},
		{UserDefinition().MustCompile().MustPath("userName"), "", nil},
	} {
		var all []string
		for v := range r.Values(c.p) {
			all = append(all, v.String())
		}
		if got := r.Get(c.p); got.String() != c.want || !slices.Equal(all, c.all) {
			t.Errorf("%s: %v, %q, want %s", c.p, got, all, c.want)
		}
		for range r.Values(c.p) {
			break // going on after this would panic
		}
	}
	if got := slices.Collect(empty.Schemas()); !slices.Equal(got, []string{UserURN}) {
		t.Errorf("schemas of an empty resource: %q", got)
	}
	more := UserDefinition(Extension{Schema: &Schema{ID: "urn:example:x", Attributes: []Attribute{{Name: "x"}}}}).MustCompile()
	r = mustDecode(t, more, `{"userName":"a","urn:example:x":{"x":"1"},`+manager+`{"value":"2"}}}`)
	for n := range 3 {
		i := 0
		for range r.Schemas() {
			if i++; i > n {
				break // going on after this would panic
			}
		}
	}
	if n := len(slices.Collect(r.Schemas())); n != 3 {
		t.Errorf("%d schemas, want 3", n)
	}
}

// TestResourceEqual: resources of one type are equal if what they hold is.
func TestResourceEqual(t *testing.T) {
	user := UserDefinition().MustCompile()
	decode := func(typ *ResourceType, body string) *Resource { return mustDecode(t, typ, body) }
	r, none := decode(user, `{"userName":"a","title":"b"}`), (*Resource)(nil)
	for _, c := range []struct {
		a, b *Resource
		want bool
	}{
		{r, r, true}, {none, none, true}, {r, none, false}, {none, r, false}, {r, decode(user, `{"userName":"a","title":"b"}`), true},
		{r, decode(user, `{"userName":"a","title":"c"}`), false}, {r, decode(user, `{"userName":"a","nickName":"b"}`), false},
		{r, decode(user, `{"userName":"a"}`), false}, {decode(user, `{"userName":"a"}`), r, false},
		{r, decode(UserDefinition().MustCompile(), `{"userName":"a","title":"b"}`), false},
	} {
		if c.a.Equal(c.b) != c.want {
			t.Errorf("%v and %v are equal: %v", c.a, c.b, !c.want)
		}
	}
}

// TestResourceType reads a type, and stops reading its attributes at any of them.
func TestResourceType(t *testing.T) {
	d := UserDefinition()
	d.ID, d.Description = "u", "A person"
	user := d.MustCompile()
	if user.Name() != "User" || user.ID() != "u" || user.Endpoint() != "/Users" || user.Description() != "A person" || user.Schema().ID != UserURN || len(user.Extensions()) != 1 {
		t.Errorf("%s, %s, %s, %s", user.Name(), user.ID(), user.Endpoint(), user.Description())
	}
	for want, p := range map[string]Path{"id": user.IDPath(), "externalId": user.ExternalIDPath(), "schemas": user.SchemasPath(), "meta": user.MetaPath()} {
		if p.String() != want {
			t.Errorf("the path of %s is %s", want, p)
		}
	}
	all := slices.Collect(user.AllPaths())
	for i := range all {
		var some []Path
		for p := range user.AllPaths() {
			if some = append(some, p); p == all[i] {
				break
			}
		}
		if !slices.Equal(some, all[:i+1]) {
			t.Errorf("%d paths up to %s, want %d", len(some), all[i], i+1)
		}
	}
}
