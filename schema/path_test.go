package schema

import (
	"errors"
	"slices"
	"testing"
)

// TestZeroPath: the zero Path is the whole resource, and has the characteristics
// of an attribute that says nothing.
func TestZeroPath(t *testing.T) {
	var p Path
	if !p.IsZero() || p.String() != "" || p.Name() != "" || p.Owner() != nil || !p.Parent().IsZero() || p.Attribute() != nil || p.Extension() != "" {
		t.Error("the zero Path has a name, an owner, a parent or a definition")
	}
	if p.Kind() != KindComplex || p.Type() != TypeComplex || p.Mutability() != ReadWrite || p.Returned() != ReturnedDefault || p.Uniqueness() != UniquenessNone {
		t.Errorf("it is %s, %s, %s, %s, %s", p.Kind(), p.Type(), p.Mutability(), p.Returned(), p.Uniqueness())
	}
	if p.MultiValued() || p.CaseExact() || p.Required() || p.References() || p.IsExtension() || p.IsCommon() {
		t.Error("it is more than an object")
	}
	if sub, ok := p.Sub("userName"); ok || !sub.IsZero() || len(slices.Collect(p.Subs())) != 0 {
		t.Error("it has sub-attributes")
	}
	if user := UserDefinition().MustCompile(); !p.Contains(user.MustPath("name.givenName")) || !p.Contains(Path{}) || user.MustPath("name").Contains(p) {
		t.Error("it does not contain everything, or something contains it")
	}
	if p.Fold("Ä") != "Ä" {
		t.Error("it folds a text")
	}
}

// TestPathSaysWhatItIs reads the definition and the place of attributes.
func TestPathSaysWhatItIs(t *testing.T) {
	user := UserDefinition().MustCompile()
	for text, want := range map[string]struct {
		name, parent, extension                          string
		common, whole, reference, multi, exact, required bool
	}{
		"userName":                            {name: "userName", required: true},
		"emails":                              {name: "emails", multi: true},
		"emails.value":                        {name: "value", parent: "emails"},
		"id":                                  {name: "id", common: true, exact: true, required: true},
		"meta.version":                        {name: "version", parent: "meta", common: true, exact: true},
		EnterpriseUserURN:                     {name: EnterpriseUserURN, extension: EnterpriseUserURN, whole: true},
		EnterpriseUserURN + ":manager":        {name: "manager", parent: EnterpriseUserURN, extension: EnterpriseUserURN, reference: true},
		EnterpriseUserURN + ":manager.value":  {name: "value", parent: EnterpriseUserURN + ":manager", extension: EnterpriseUserURN, exact: true},
		EnterpriseUserURN + ":employeeNumber": {name: "employeeNumber", parent: EnterpriseUserURN, extension: EnterpriseUserURN},
	} {
		p := user.MustPath(text)
		got := want
		got.name, got.parent, got.extension = p.Name(), p.Parent().String(), p.Extension()
		got.common, got.whole, got.reference, got.multi, got.exact, got.required = p.IsCommon(), p.IsExtension(), p.References(), p.MultiValued(), p.CaseExact(), p.Required()
		if got != want || p.String() != text || p.IsZero() || p.Owner() != user || p.Attribute().Name != want.name {
			t.Errorf("%s is %+v, want %+v", text, got, want)
		}
	}
	given, found := user.MustPath("name").Sub("GIVENNAME")
	if none, ok := user.MustPath("name").Sub("userName"); !found || given != user.MustPath("name.givenName") || ok || !none.IsZero() {
		t.Errorf("the sub-attributes of name are %s, %v and %s, %v", given, found, none, ok)
	}
	if name := user.MustPath("name"); !name.Contains(name) || !name.Contains(user.MustPath("name.givenName")) || name.Contains(user.MustPath("title")) || user.MustPath("name.givenName").Contains(name) {
		t.Error("an attribute contains itself and what is below it")
	}
}

// TestUnknownPaths: what is no attribute is none in any other reading either, and
// the error has the text.
func TestUnknownPaths(t *testing.T) {
	user := UserDefinition(Extension{Schema: &Schema{ID: "urn:example:a", Attributes: []Attribute{{Name: "x"}}}}).MustCompile()
	for _, text := range []string{
		"", ".", ":", "x.", ".x", "name.", ".givenName", "name..givenName", "name.givenName.", "name.givenName.x", "name:givenName", "userName:x",
		UserURN, UserURN + ":", UserURN + ".", UserURN + ":x", UserURN + "x:userName", UserURN + ":name:givenName", UserURN + ":userName.", UserURN + "::userName", UserURN + "userName",
		EnterpriseUserURN + ":", EnterpriseUserURN + "x", EnterpriseUserURN + ":userName", EnterpriseUserURN + "::manager", EnterpriseUserURN + "-department", EnterpriseUserURN + ".userName", EnterpriseUserURN + ":manager:value", UserURN + ":" + EnterpriseUserURN + ":department", UserURN + ":urn:example:a:x",
		"urn:example:a:", "urn:example:a:x.", "urn:example:a:x:y", "urn:example:ax", "urn:example:ax:x", "urn:example:a:urn:example:a", "urn:example:a.", "urn:example:a.y", "urn:example:", "y:x",
	} {
		if p, rewrites, ok := user.Find(text, 0); ok || !p.IsZero() || rewrites != nil {
			t.Errorf("%q is found as %s, %v", text, p, rewrites)
		}
		var wrong *PathError
		if _, _, err := user.Resolve(text, 0); !errors.As(err, &wrong) || wrong.Path != text || wrong.Err != ErrUnknownAttribute || wrong.Offset != -1 {
			t.Errorf("%q: %v", text, err)
		}
	}
	if p, rewrites, ok := user.Find("urn:example:a.x", 0); !ok || p.String() != "urn:example:a:x" || len(rewrites) != 1 || rewrites[0].Tolerance != URNDot {
		t.Errorf("with a dot: %s, %v", p, rewrites)
	}
	for text, want := range map[string]string{"urn:example:a": "urn:example:a", "urn:example:a:x": "urn:example:a:x", "URN:EXAMPLE:A:X": "urn:example:a:x"} {
		if p, rewrites, ok := user.Find(text, Strict); !ok || p.String() != want || rewrites != nil {
			t.Errorf("%q is found as %s, %v", text, p, rewrites)
		}
	}
}
