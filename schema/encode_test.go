package schema

import (
	"testing"
)

func located(resourceType string, id ID) string {
	return "https://example.com/v2/" + resourceType + "s/" + string(id)
}

// TestEncode writes what is stored as a client sees it.
func TestEncode(t *testing.T) {
	user, group := UserDefinition().MustCompile(), GroupDefinition().MustCompile()
	for _, c := range []struct {
		name string
		typ  *ResourceType
		body string
		e    *Encoding
		want string
	}{
		{"schema order, and what is unassigned is left out (7643-2.5-03)", user, `{"title":"t","userName":"a","id":"1","emails":[],"name":{"givenName":null}}`, nil,
			`"id":"1","userName":"a","title":"t"`},
		{"7643-4.1.1-16 7643-7-22 the password is never returned", user, `{"userName":"a","password":"p"}`, nil, `"userName":"a"`},
		{"7643-3.1-23 7643-3.3-07 meta.location beside the type", user, `{"id":"1","userName":"a","meta":{"resourceType":"User","location":"old","version":"v"}}`, &Encoding{Location: located},
			`"id":"1","meta":{"resourceType":"User","location":"https://example.com/v2/Users/1","version":"v"},"userName":"a"`},
		{"meta.location without stored meta", user, `{"id":"1","userName":"a"}`, &Encoding{Location: located},
			`"id":"1","meta":{"location":"https://example.com/v2/Users/1"},"userName":"a"`},
		{"no location before there is an id", user, `{"userName":"a"}`, &Encoding{Location: located}, `"userName":"a"`},
		{"as stored without Location", user, `{"userName":"a","meta":{"location":"old"}}`, nil, `"meta":{"location":"old"},"userName":"a"`},
		{"7643-4.1.2-24 7643-2.4-07 $ref of the only type", user, `{"userName":"a","groups":[{"value":"g","$ref":"../Groups/g","type":"direct"},{"display":"x"}]}`, &Encoding{Location: located},
			`"userName":"a","groups":[{"value":"g","$ref":"https://example.com/v2/Groups/g","type":"direct"},{"display":"x"}]`},
		{"7643-4.3-04 $ref of the manager", user, `{"userName":"a",` + manager + `{"value":"26","displayName":"M"}}}`, &Encoding{Location: located},
			`"userName":"a",` + manager + `{"value":"26","$ref":"https://example.com/v2/Users/26","displayName":"M"}}`},
		{"7643-4.2-06 $ref by type, any letter case", group, `{"displayName":"g","members":[{"value":"1","type":"user"},{"value":"2","type":"Group"},{"value":"3"},{"value":"4","$ref":"r"}]}`, &Encoding{Location: located},
			`"displayName":"g","members":[{"value":"1","$ref":"https://example.com/v2/Users/1","type":"user"},{"value":"2","$ref":"https://example.com/v2/Groups/2","type":"Group"},{"value":"3"},{"value":"4","$ref":"r"}]`},
		{"an external reference is not derived", user, `{"userName":"a","photos":[{"value":"1"}]}`, &Encoding{Location: located}, `"userName":"a","photos":[{"value":"1"}]`},
		{"All writes everything as it is stored", user, `{"id":"1","userName":"a","password":"p","meta":{"location":"old"}}`, &Encoding{All: true, Location: located},
			`"id":"1","meta":{"location":"old"},"userName":"a","password":"p"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := mustDecode(t, c.typ, c.body)
			out, err := r.AppendJSON([]byte("prefix"), c.e)
			if err != nil {
				t.Fatal(err)
			}
			uris := `"` + c.typ.Schema().ID + `"`
			if len(r.fields) > 0 && !r.Get(Path{c.typ.root.subs[len(c.typ.root.subs)-1]}).IsZero() && c.typ == user {
				uris += `,"` + EnterpriseUserURN + `"`
			}
			if want := `prefix{"schemas":[` + uris + `],` + c.want + `}`; string(out) != want {
				t.Errorf("got  %s\nwant %s", out, want)
			}
		})
	}
}

// TestEncodeTakesBack: an object of which nothing is shown is not shown either.
func TestEncodeTakesBack(t *testing.T) {
	user := UserDefinition().MustCompile()
	r := mustDecode(t, user, `{"userName":"a","meta":{"resourceType":"User"},"name":{"givenName":"b"},"emails":[{"value":"c"},{"value":"d"}]}`)
	p, err := user.NewProjection(nil, []string{"meta.resourceType", "name.givenName", "emails.value"})
	if err != nil {
		t.Fatal(err)
	}
	if out, err := r.AppendJSON(nil, &Encoding{Projection: p}); err != nil || string(out) != `{"schemas":["`+UserURN+`"],"userName":"a"}` {
		t.Errorf("%s, %v", out, err)
	}
}

func TestEncodeValue(t *testing.T) {
	user := UserDefinition().MustCompile()
	r := mustDecode(t, user, `{"userName":"a\"","password":"p","emails":[{"value":"x","primary":true}]}`)
	for path, want := range map[string]string{
		"userName": `"a\""`, "password": `"p"`, "emails": `[{"value":"x","primary":true}]`, "title": `null`, "emails.primary": `[true]`, "schemas": `["` + UserURN + `"]`,
	} {
		p := user.MustPath(path)
		out, err := p.AppendJSON(nil, r.Get(p))
		if err != nil || string(out) != want {
			t.Errorf("%s: got %s, %v; want %s", path, out, err, want)
		}
	}
	out, err := user.MustPath("title").AppendJSON(nil, String("\xff"))
	if err == nil {
		t.Errorf("wrote invalid UTF-8 as %s", out)
	}
	if err := r.Edit().Set(user.MustPath("title"), String("\xff")); err == nil {
		t.Error("a resource takes invalid UTF-8")
	}
}

// TestUnknown covers 7643-2-01, AMB-20 and C16 for each policy.
func TestUnknown(t *testing.T) {
	user := UserDefinition().MustCompile()
	body := `{"userName":"a", "b" : { "c":[1 , 2],"\u0064":null}, "name":{"givenName":"g","x":"\u00e4\n"},"emails":[{"y":true}],"z":1e400}`
	r, report, err := user.Decode([]byte(body), &DecodeOptions{Unknown: PreserveUnknown})
	if err != nil || len(report.Ignored) > 0 {
		t.Fatal(report, err)
	}
	want := `"userName":"a","name":{"givenName":"g","x":"\u00e4\n"},"emails":[{"y":true}],"b":{"c":[1,2],"\u0064":null},"z":1e400`
	if got := stored(t, r); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for path, want := range map[string]string{"name": `{"givenName":"g","x":"\u00e4\n"}`, "emails": `[{"y":true}]`} {
		p := user.MustPath(path)
		if out, err := p.AppendJSON(nil, r.Get(p)); err != nil || string(out) != want {
			t.Errorf("%s alone: got %s, %v; want %s", path, out, err, want)
		}
	}
	emails := user.MustPath("emails")
	if out, err := emails.AppendElement(nil, r.Get(emails).At(0), nil); err != nil || string(out) != `{"y":true}` {
		t.Errorf("an element alone: got %s, %v", out, err)
	}
	p, _ := user.NewProjection([]string{"userName"}, nil)
	out, _ := r.AppendJSON(nil, &Encoding{Projection: p})
	if want := `{"schemas":["` + UserURN + `"],"userName":"a"}`; string(out) != want {
		t.Errorf("got %s, want %s", out, want)
	}
	_, _, err = user.Decode([]byte(`{"userNmae":"a","name":{"givenNaem":"b"}}`), &DecodeOptions{Unknown: RejectUnknown})
	if want := `userNmae: not an attribute of User; did you mean "userName"?; name.givenNaem: not an attribute of User; did you mean "name.givenName"?`; errorText(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestURNAliases(t *testing.T) {
	user := UserDefinition().MustCompile()
	body := []byte(`{"schemas":["urn:scim:schemas:core:1.0","urn:scim:schemas:extension:enterprise:1.0"],"userName":"a","urn:scim:schemas:extension:enterprise:1.0":{"department":"d"}}`)
	_, report, err := user.Decode(body, nil)
	if err != nil || len(report.Ignored) != 1 || len(report.Rewrites) != 2 {
		t.Errorf("A8 without aliases: %+v, %v", report, err)
	}
	r, report, err := user.Decode(body, &DecodeOptions{Off: Strict, Unknown: RejectUnknown, URNAliases: map[string]string{
		"urn:scim:schemas:core:1.0": UserURN, "urn:scim:schemas:extension:enterprise:1.0": EnterpriseUserURN,
	}})
	if err != nil || len(report.Rewrites) != 2 || r.Get(user.MustPath(EnterpriseUserURN+":department")).Text() != "d" {
		t.Errorf("A8 with aliases: %+v, %v", report, err)
	}
	twice := []byte(`{"userName":"a","urn:old":{"department":"d"},"` + EnterpriseUserURN + `":{}}`)
	if _, _, err := user.Decode(twice, &DecodeOptions{URNAliases: map[string]string{"urn:old": EnterpriseUserURN}}); err == nil {
		t.Error("an extension under both its names is taken")
	}
}

func TestRejectReadOnly(t *testing.T) {
	user := UserDefinition().MustCompile()
	_, _, err := user.Decode([]byte(`{"id":"1","userName":"a",`+manager+`{"displayName":"x"}}}`), &DecodeOptions{RejectReadOnly: true})
	if want := "id: is readOnly; " + EnterpriseUserURN + ":manager.displayName: is readOnly"; errorText(err) != want {
		t.Errorf("7643-7-17: got %v, want %s", err, want)
	}
}
