package schema

import "testing"

func TestCoreTypesCompile(t *testing.T) {
	user := UserDefinition().MustCompile()
	GroupDefinition().MustCompile()
	for text, want := range map[string]string{
		"username":       "userName",
		"Name.GivenName": "name.givenName",
		"urn:ietf:params:scim:schemas:core:2.0:User:emails.VALUE":                 "emails.value",
		"URN:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.$ref": EnterpriseUserURN + ":manager.$ref",
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0:user":              EnterpriseUserURN,
		"meta.lastmodified": "meta.lastModified",
	} {
		p, err := user.Path(text)
		if err != nil || p.String() != want {
			t.Errorf("Path(%q) = %q, %v; want %q", text, p, err, want)
		}
	}
	if _, err := user.Path("usrName"); err == nil || err.Error() != `usrName: not an attribute of User; did you mean "userName"?` {
		t.Errorf("unexpected error %v", err)
	}
}

func TestBuilder(t *testing.T) {
	user := UserDefinition().MustCompile()
	emails := user.MustPath("emails")
	value, _ := emails.Sub("value")
	b := user.New()
	for path, v := range map[string]Value{
		"userName":                           String("bjensen"),
		"name.givenName":                     String("Barbara"),
		"active":                             Bool(true),
		"emails":                             List(Complex(Field{value, String("a@example.com")}), Complex(Field{value, String("b@example.com")})),
		EnterpriseUserURN + ":manager.value": String("26"),
	} {
		if err := b.Set(user.MustPath(path), v); err != nil {
			t.Fatal(err)
		}
	}
	b.SetID("42")
	r := b.Resource()
	if got := r.Get(user.MustPath("emails.value")).String(); got != "[a@example.com, b@example.com]" {
		t.Errorf("emails.value = %s", got)
	}
	if got := r.Get(user.MustPath(EnterpriseUserURN + ":manager.value")).Text(); got != "26" {
		t.Errorf("manager.value = %s", got)
	}
	if err := b.Set(user.MustPath("active"), String("x")); err == nil {
		t.Error("Set accepts a string for a boolean")
	}
	if r.Get(user.MustPath("schemas")).Len() != 2 {
		t.Errorf("schemas = %v", r.Get(user.MustPath("schemas")))
	}
}
