package scim

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/muster-scim/muster/schema"
)

// propertyTypes have what the mappings below are about.
func propertyMapper(t testing.TB) *typeMapper {
	t.Helper()
	user := schema.UserDefinition().MustCompile()
	h := &Handler{cfg: Config{Types: []*schema.ResourceType{user}}}
	registry, err := schema.NewRegistry(user)
	if err != nil {
		t.Fatal(err)
	}
	h.registry = registry
	const enterprise = schema.EnterpriseUserURN
	e := &ProfileError{}
	m := h.newMapper(&Mapping{
		URNs: map[string]string{"urn:old:1.0:User": enterprise},
		Types: map[string]TypeMapping{"User": {Attributes: map[string]string{
			"login": "userName", "title": "nickName", "nickName": "title", "mail": "emails", "mail.address": "emails.value",
			"name.first": "name.givenName", "boss": enterprise + ":manager", "boss.key": enterprise + ":manager.value",
			enterprise + ":building": "locale", "urn:own:1.0:User:x": "timezone",
		}}},
	}, e)
	if len(e.Problems) > 0 {
		t.Fatal(e)
	}
	return m.of(user)
}

// A document in the client's names comes back as it was: in and out are the
// inverse of each other.
func TestMappingRoundTripProperty(t *testing.T) {
	m := propertyMapper(t)
	text := rapid.StringMatching(`[a-zé"\\]{0,5}`)
	rapid.Check(t, func(t *rapid.T) {
		doc := map[string]any{"schemas": []any{schema.UserURN}}
		some := func(o map[string]any, name string, value func() any) {
			if rapid.Bool().Draw(t, name) {
				o[name] = value()
			}
		}
		str := func() any { return text.Draw(t, "text") }
		object := func(names ...string) func() any {
			return func() any {
				o := map[string]any{names[0]: str()}
				for _, n := range names[1:] {
					some(o, n, str)
				}
				return o
			}
		}
		for _, name := range []string{"login", "title", "nickName", "displayName", "externalId"} {
			some(doc, name, str)
		}
		some(doc, "name", object("first", "familyName"))
		some(doc, "boss", object("key", "displayName"))
		some(doc, "mail", func() any { return []any{object("address", "type")(), object("type", "address")()} })
		some(doc, "urn:old:1.0:User", object("department", "building", "costCenter"))
		some(doc, "urn:own:1.0:User", object("x"))
		for _, urn := range []string{"urn:old:1.0:User", "urn:own:1.0:User"} {
			if doc[urn] != nil {
				doc["schemas"] = append(doc["schemas"].([]any), urn)
			}
		}
		data, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		served := m.in(data)
		for _, name := range []string{`"login"`, `"mail"`, `"first"`, `"boss"`, `"urn:old:1.0:User"`, `"urn:own:1.0:User"`} {
			if strings.Contains(string(served), name+":") {
				t.Fatalf("%s is left in %s", name, served)
			}
		}
		// The store lists the URNs of what has data.
		back := fieldsOf(t, m.out(withServedSchemas(t, served)))
		if !reflect.DeepEqual(sortedSchemas(back), sortedSchemas(fieldsOf(t, data))) {
			t.Fatalf("sent %s\nserved %s\ngot %v", data, served, back)
		}
		if again := m.in(m.out(served)); !reflect.DeepEqual(fieldsOf(t, again)["userName"], fieldsOf(t, served)["userName"]) {
			t.Fatalf("served %s, and later %s", served, again)
		}
	})
}

// withServedSchemas makes "schemas" name the extensions that have data, as
// responses do.
func withServedSchemas(t *rapid.T, text []byte) []byte {
	doc := fieldsOf(t, text)
	doc["schemas"] = []any{schema.UserURN}
	if doc[schema.EnterpriseUserURN] != nil {
		doc["schemas"] = []any{schema.UserURN, schema.EnterpriseUserURN}
	}
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func fieldsOf(t *rapid.T, text []byte) map[string]any {
	var doc map[string]any
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return doc
}

// sortedSchemas makes the order of "schemas" not matter.
func sortedSchemas(doc map[string]any) map[string]any {
	set := map[string]bool{}
	for _, urn := range doc["schemas"].([]any) {
		set[urn.(string)] = true
	}
	doc["schemas"] = set
	return doc
}

// Paths survive too: what a filter says in the client's names, it says in those
// of the service, and everything else in it stays.
func TestMappingText(t *testing.T) {
	m := propertyMapper(t)
	const enterprise = schema.EnterpriseUserURN
	for text, want := range map[string]string{
		`login eq "login"`: `userName eq "login"`,
		`LOGIN  eq "a \" login b" and not (title pr)`: `userName  eq "a \" login b" and not (nickName pr)`,
		`title eq nickName or nickName eq title`:      `nickName eq nickName or title eq title`,
		`mail[address eq "login" and type eq "x"]`:    `emails[value eq "login" and type eq "x"]`,
		`mail[type eq "x"].address`:                   `emails[type eq "x"].value`,
		`mail.type`:                                   `emails.type`,
		`boss`:                                        enterprise + `:manager`,
		`boss.key eq "1"`:                             enterprise + `:manager.value eq "1"`,
		`urn:old:1.0:User:manager.key`:                enterprise + `:manager.value`,
		`urn:old:1.0:User:building`:                   `locale`,
		`urn:old:1.0:User.department`:                 enterprise + `.department`,
		`urn:own:1.0:User:x`:                          `timezone`,
		`urn:old:1.0:User`:                            enterprise,
		schema.UserURN + `:login`:                     `userName`,
		`"login`:                                      `"login`,
		`mail[`:                                       `emails[`,
		``:                                            ``,
	} {
		if got := m.text(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func FuzzMapping(f *testing.F) {
	m := propertyMapper(f)
	for _, text := range []string{
		`{"login":"a","mail":[{"address":"b"}],"urn:old:1.0:User":{"building":"c"}}`, `{"schemas":["urn:old:1.0:User",5],"boss":{"key":1}}`,
		`{"Operations":[{"op":"add","path":"mail[type eq \"x\"].address","value":"y"},{"op":"replace","value":{"urn:old:1.0:User:x":1}}]}`,
		`login eq "x" and mail[address pr]`, `{`, `{"urn:old:1.0:User":null,"name":[{"first":1}]}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m.text(text)
		for _, out := range [][]byte{m.in([]byte(text)), m.out([]byte(text)), m.patch([]byte(text))} {
			if json.Valid([]byte(text)) && !json.Valid(out) {
				t.Errorf("%q became %q", text, out)
			}
		}
	})
}

// Twice the body takes about twice the work: no member is looked at for each
// other one.
func TestMappingIsLinear(t *testing.T) {
	m := propertyMapper(t)
	body := func(n int) []byte {
		members := strings.Repeat(`{"address":"a","type":"b"},`, n)
		return []byte(`{"login":"a","mail":[` + members + `{}],"urn:old:1.0:User":{"department":"d"}}`)
	}
	small := testing.AllocsPerRun(3, func() { m.in(body(1000)) })
	large := testing.AllocsPerRun(3, func() { m.in(body(10_000)) })
	if large > 15*small {
		t.Errorf("%v allocations for 1,000 values and %v for 10,000", small, large)
	}
}
