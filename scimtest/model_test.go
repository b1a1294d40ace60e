package scimtest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestRelativeEndpoint(t *testing.T) {
	base, err := url.Parse("https://h/scim/v2")
	if err != nil {
		t.Fatal(err)
	}
	for endpoint, want := range map[string]string{
		"/Users": "/Users", "Users": "/Users", "/Users/": "/Users", "https://h/scim/v2/Users": "/Users", "https://other/Users": "", "": "",
	} {
		if got := relative(endpoint, base); got != want {
			t.Errorf("%q: %q, want %q", endpoint, got, want)
		}
	}
}

// TestDiscoveryDefaults reads schemas that leave out what RFC 7643 §2.2 gives a
// default, list common attributes, and name a schema that is not there.
func TestDiscoveryDefaults(t *testing.T) {
	docs := map[string]string{
		"/Schemas": `{"Resources":[{"id":"urn:x:Car","attributes":[{"name":"id"},{"name":"plate","required":true,"uniqueness":"global"},
			{"name":"color","canonicalValues":["red"]},{"name":"model"},{"name":"engine","type":"complex","subAttributes":[{"name":"kind"},{"name":"power"}]},17,{}]},
			{"id":"urn:x:Ext","attributes":[{"name":"tax","required":true,"type":"integer"}]}]}`,
		"/ResourceTypes": `{"Resources":[{"name":"Car","endpoint":"https://h/Cars","schema":"URN:X:CAR","schemaExtensions":[{"schema":"urn:x:Ext","required":true}]},
			{"name":"Ship","endpoint":"/Ships","schema":"urn:x:Ship"}]}`,
	}
	m := discovered(t, docs)
	if len(m.types) != 1 {
		t.Fatalf("%d types", len(m.types))
	}
	car := m.types[0]
	if car.endpoint != "/Cars" || car.key().name != "plate" || car.text().name != "model" || car.complex().name != "engine" {
		t.Errorf("endpoint %s, key %v, text %v", car.endpoint, car.key(), car.text())
	}
	if a := car.key(); a.typ != "string" || a.mutability != "readWrite" || a.returned != "default" || a.caseExact || a.multi {
		t.Errorf("defaults %+v", a)
	}
	want := `{"plate":"u","schemas":["URN:X:CAR","urn:x:Ext"],"urn:x:Ext":{"tax":7}}`
	if got := compactJSON(car.minimal("u")); got != want {
		t.Errorf("minimal resource %s, want %s", got, want)
	}
	if engine := car.complex(); engine.strings()[0].path() != "engine.kind" || engine.strings()[0].pointer() != "/engine/kind" {
		t.Errorf("path %s", engine.strings()[0].path())
	}
}

// discovered returns what a server with these documents advertises.
func discovered(t *testing.T, docs map[string]string) *model {
	t.Helper()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if docs[r.URL.Path] == "" {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = w.Write([]byte(docs[r.URL.Path]))
	})
	s, _, err := newSession(Target{BaseURL: "https://h", Handler: handler}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s.model(t.Context())
}

func TestNoDiscoveryMeansCoreTypes(t *testing.T) {
	for _, docs := range []map[string]string{nil, {"/Schemas": "[]", "/ResourceTypes": "<html>"}, {"/ResourceTypes": `{"Resources":[1,{"name":"X"}]}`}} {
		m := discovered(t, docs)
		if m.typeNamed("user") == nil || m.typeNamed("Group") == nil || !m.supports("bulk") || m.supports("cursor") {
			t.Errorf("%v: %d types", docs, len(m.types))
		}
	}
}

func TestFeatures(t *testing.T) {
	m := discovered(t, map[string]string{"/ServiceProviderConfig": `{"patch":{"supported":true},"bulk":{"supported":false,"maxOperations":0},
		"sort":{"supported":"yes"},"pagination":{"cursor":true,"index":false},"securityEvents":{"asyncRequest":"Request"}}`})
	for feature, want := range map[string]bool{"": true, "patch": true, "bulk": false, "sort": false, "etag": false, "cursor": true, "index": false, "async": true} {
		if m.supports(feature) != want {
			t.Errorf("%q: %v", feature, !want)
		}
	}
	if got := m.limit("bulk", "maxOperations", 5); got != 5 {
		t.Errorf("limit %d", got)
	}
}

func TestSamplesFitTheirType(t *testing.T) {
	kinds := map[string]string{"string": "string", "boolean": "boolean", "integer": "integer", "decimal": "number", "dateTime": "string", "binary": "string"}
	for kind, want := range kinds {
		a := text("x", typed(kind))
		if got := typeOf(jsonOf(sample(a, "u"))); got != want {
			t.Errorf("%s: %s", kind, got)
		}
		a.multi = true
		if got := typeOf(jsonOf(sample(a, "u"))); got != "array" {
			t.Errorf("several %s: %s", kind, got)
		}
	}
	if v := sample(text("x", typed("reference"), func(a *attr) { a.refTypes = []string{"User"} }), "u"); v != nil {
		t.Errorf("a reference to a resource: %v", v)
	}
	for name, want := range map[string]string{"userName": "u@example.com", "locale": "en-US", "nickName": "u", "workEmail": "u@example.com"} {
		if got := sample(text(name), "u"); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	phone := complexAttr("phoneNumbers", true, text("value"), text("type"))
	if v := textOf(phone.element("u", 1)["value"]); !strings.HasPrefix(v, "tel:") {
		t.Errorf("phone %s", v)
	}
}

func TestPicksAvoidFormats(t *testing.T) {
	user := coreTypes()[0]
	user.attrs = slices.Insert(user.attrs, 0, text("locale"), text("timezone"), text("userType"))
	if a := user.text(); a.name != "displayName" {
		t.Errorf("free text %s", a.name)
	}
	group := coreTypes()[1]
	if group.text() != nil || group.key().name != "displayName" || group.complex() != nil || group.boolean() != nil || group.secret() != nil {
		t.Error("attributes of Group")
	}
}

func FuzzDecodeJSON(f *testing.F) {
	f.Add([]byte(`{"a":[1,2.5,"x",null,true],"b":{}}`))
	f.Add([]byte(strings.Repeat("[", 300)))
	f.Add([]byte(`{"a":1,"a":2}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := decodeJSON(data)
		if err != nil {
			return
		}
		again, err := decodeJSON([]byte(compactJSON(v)))
		if err != nil || !equalJSON(v, again) {
			t.Fatalf("%s does not survive: %v", compactJSON(v), err)
		}
	})
}

func FuzzPointer(f *testing.F) {
	f.Add("/a/[type=work]/value", `{"a":[{"type":"work","value":1}]}`)
	f.Add("/[=]/~1", `[]`)
	f.Fuzz(func(t *testing.T, pointer, doc string) {
		p, err := parsePointer(pointer)
		v, docErr := decodeJSON([]byte(doc))
		if err != nil || docErr != nil {
			return
		}
		if _, found := p.resolve(v); found && len(p) > 0 && typeOf(v) != "object" && typeOf(v) != "array" {
			t.Fatalf("%q leads into %s", pointer, doc)
		}
	})
}
