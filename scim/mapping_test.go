package scim_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
)

const (
	enterpriseURN = schema.EnterpriseUserURN
	legacyURN     = "urn:scim:schemas:extension:enterprise:1.0"
	staffURN      = "urn:client:2.0:Staff"
	badgeURN      = "urn:example:2.0:Badge"
)

// acmeMapping has one entry of each kind.
func acmeMapping() scim.Mapping {
	return scim.Mapping{
		URNs: map[string]string{legacyURN: enterpriseURN},
		Types: map[string]scim.TypeMapping{"User": {
			Attributes: map[string]string{
				"login":              "userName",
				"mail":               "emails",
				"mail.address":       "emails.value",
				"name.first":         "name.givenName",
				staffURN + ":level":  badgeURN + ":level",
				"costCentre":         enterpriseURN + ":costCenter",
				legacyURN + ":badge": badgeURN + ":number",
			},
			Copies:    map[string]string{"externalId": enterpriseURN + ":employeeNumber"},
			Constants: map[string]json.RawMessage{"userType": json.RawMessage(`"employee"`)},
		}},
	}
}

func withMapping(t *testing.T, m scim.Mapping) *scim.Handler {
	t.Helper()
	c := config(t)
	c.Profile.Mapping = m
	return newHandler(t, c)
}

const mappedUser = `{
	"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "` + legacyURN + `", "` + staffURN + `"],
	"login": "ann", "mail": [{"address": "ann@example.com", "type": "work", "primary": true}, {"address": "a@example.org"}],
	"name": {"first": "Ann", "familyName": "Lee"}, "costCentre": "R&D",
	"` + legacyURN + `": {"employeeNumber": "17", "badge": "B-9"},
	"` + staffURN + `": {"level": 3}
}`

// fields returns a JSON object as a map.
func fields(t *testing.T, text string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return m
}

// What the client writes it reads back, under the same names.
func TestMappingReadsBack(t *testing.T) {
	h := withMapping(t, acmeMapping())
	w := do(t, h, "POST", base+"/Users", mappedUser)
	if w.Code != 201 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	sent, got := fields(t, mappedUser), fields(t, w.Body.String())
	if got["externalId"] != "17" || got["userType"] != "employee" {
		t.Errorf("copy and constant: %s", w.Body)
	}
	id := got["id"].(string)
	for _, name := range []string{"id", "meta", "externalId", "userType"} {
		delete(got, name)
	}
	if !reflect.DeepEqual(got, sent) {
		t.Errorf("got  %v\nwant %v", got, sent)
	}
	w = do(t, h, "PUT", base+"/Users/"+id, w.Body.String())
	again := fields(t, w.Body.String())
	for _, name := range []string{"id", "meta", "externalId", "userType"} {
		delete(again, name)
	}
	if w.Code != 200 || !reflect.DeepEqual(again, sent) {
		t.Errorf("after a PUT of the answer: %d\ngot  %v\nwant %v", w.Code, again, sent)
	}
}

// The service sees its own names: another client without a mapping reads them.
func TestMappingIsOfOneClient(t *testing.T) {
	c := config(t)
	p := scim.Profile{Mapping: acmeMapping()}
	c.Authenticate = bearer(t,
		scim.Token{ID: "plain", Hash: scim.HashToken(token)},
		scim.Token{ID: "acme", Hash: scim.HashToken(otherToken), Profile: &p},
	).Authenticate
	h := newHandler(t, c)
	if w := do(t, h, "POST", base+"/Users", mappedUser, "Authorization", "Bearer "+otherToken); w.Code != 201 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	w := do(t, h, "GET", base+"/Users?filter="+url.QueryEscape(`userName eq "ann"`), "")
	for _, want := range []string{
		`"userName":"ann"`, `"emails":[{"value":"ann@example.com"`, `"givenName":"Ann"`, `"level":3`, `"number":"B-9"`,
		`"costCenter":"R\u0026D"`, `"employeeNumber":"17"`, `"externalId":"17"`, `"userType":"employee"`,
	} {
		if !strings.Contains(w.Body.String(), want) && !strings.Contains(w.Body.String(), strings.ReplaceAll(want, `\u0026`, "&")) {
			t.Errorf("%s is not in %s", want, w.Body)
		}
	}
}

// Filters, sorting, projections and searches use the client's names.
func TestMappingInQueries(t *testing.T) {
	h := withMapping(t, acmeMapping())
	if w := do(t, h, "POST", base+"/Users", mappedUser); w.Code != 201 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for _, f := range []string{
		`login eq "ann"`, `LOGIN sw "A"`, `mail.address eq "ann@example.com"`, `mail[address ew "example.com" and type eq "work"]`,
		`mail[type eq "work"].address eq "ann@example.com"`, `name.first eq "Ann" and (not (login eq "bob"))`,
		staffURN + `:level gt 2`, legacyURN + `:badge eq "B-9"`, legacyURN + `:employeeNumber pr`, `costCentre eq "R&D"`,
		`externalId eq "17"`, `userName eq "ann"`, `login eq "login" or login eq "ann"`, `title eq "login" or login pr`,
	} {
		w := do(t, h, "GET", base+"/Users?filter="+url.QueryEscape(f), "")
		if w.Code != 200 || !strings.Contains(w.Body.String(), `"totalResults":1`) || !strings.Contains(w.Body.String(), `"login":"ann"`) {
			t.Errorf("%s: %d %s", f, w.Code, w.Body)
		}
		w = do(t, h, "POST", base+"/.search", `{"schemas":["`+searchURN+`"],"filter":`+quote(f)+`}`)
		if w.Code != 200 || !strings.Contains(w.Body.String(), `"totalResults":1`) {
			t.Errorf("search for %s: %d %s", f, w.Code, w.Body)
		}
	}
	w := do(t, h, "GET", base+"/Users?attributes=mail.address,"+staffURN+":level&sortBy=login", "")
	got := fields(t, w.Body.String())["Resources"].([]any)[0].(map[string]any)
	delete(got, "id")
	want := map[string]any{
		"schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:User", staffURN},
		"login":   "ann", // always returned
		"mail":    []any{map[string]any{"address": "ann@example.com"}, map[string]any{"address": "a@example.org"}},
		staffURN:  map[string]any{"level": 3.0},
	}
	delete(got, "meta")
	if _, always := got["login"]; !always {
		delete(want, "login")
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// PATCH uses the client's names in paths, in keys and in values.
func TestMappingInPatch(t *testing.T) {
	for _, c := range []struct{ op, want string }{
		{`{"op":"replace","path":"login","value":"bob"}`, `"login":"bob"`},
		{`{"op":"replace","path":"mail[type eq \"work\"].address","value":"x@example.com"}`, `"address":"x@example.com"`},
		{`{"op":"replace","path":"mail[type eq \"work\"]","value":{"address":"x@example.com","type":"work"}}`, `"address":"x@example.com"`},
		{`{"op":"add","path":"mail","value":[{"address":"y@example.com"}]}`, `"address":"y@example.com"`},
		{`{"op":"replace","path":"name","value":{"first":"Bob"}}`, `"first":"Bob"`},
		{`{"op":"replace","path":"name.first","value":"Bob"}`, `"first":"Bob"`},
		{`{"op":"replace","value":{"login":"bob"}}`, `"login":"bob"`},
		{`{"op":"replace","value":{"name.first":"Bob"}}`, `"first":"Bob"`},
		{`{"op":"replace","value":{"` + staffURN + `":{"level":4}}}`, `"level":4`},
		{`{"op":"replace","value":{"` + staffURN + `:level":4}}`, `"level":4`},
		{`{"op":"replace","path":"` + staffURN + `:level","value":4}`, `"level":4`},
		{`{"op":"replace","path":"` + legacyURN + `","value":{"badge":"B-9","department":"X"}}`, `"department":"X"`},
		{`{"op":"replace","path":"` + legacyURN + `:employeeNumber","value":"18"}`, `"externalId":"18"`},
		{`{"op":"replace","value":{"` + legacyURN + `":{"employeeNumber":"18"}}}`, `"externalId":"18"`},
		{`{"op":"replace","value":{"` + legacyURN + `:employeeNumber":"18"}}`, `"externalId":"18"`},
		{`{"op":"replace","path":"` + legacyURN + `:employeeNumber","value":"18"},{"op":"replace","path":"externalId","value":"19"}`, `"externalId":"19"`},
	} {
		h := withMapping(t, acmeMapping())
		id := fields(t, do(t, h, "POST", base+"/Users", mappedUser).Body.String())["id"].(string)
		w := do(t, h, "PATCH", base+"/Users/"+id, patchBody(c.op))
		if w.Code != 200 || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s: %d %s", c.op, w.Code, w.Body)
		}
	}
}

// A name of the service that the client uses for something else: the service's
// attribute is out of reach, and stays as it is.
func TestMappingHidesWhatItShadows(t *testing.T) {
	c := config(t)
	p := scim.Profile{Mapping: scim.Mapping{Types: map[string]scim.TypeMapping{
		"User": {Attributes: map[string]string{enterpriseURN + ":employeeNumber": "externalId"}},
	}}}
	c.Authenticate = bearer(t,
		scim.Token{ID: "plain", Hash: scim.HashToken(token)},
		scim.Token{ID: "acme", Hash: scim.HashToken(otherToken), Profile: &p},
	).Authenticate
	h := newHandler(t, c)
	w := do(t, h, "POST", base+"/Users", `{"userName":"ann","externalId":"e1","`+enterpriseURN+`":{"employeeNumber":"n1"}}`)
	id := fields(t, w.Body.String())["id"].(string)
	acme := []string{"Authorization", "Bearer " + otherToken}
	w = do(t, h, "GET", base+"/Users/"+id, "", acme...)
	if body := w.Body.String(); !strings.Contains(body, `"employeeNumber":"e1"`) || strings.Contains(body, "n1") || strings.Contains(body, "externalId") {
		t.Errorf("got %s", body)
	}
	w = do(t, h, "PUT", base+"/Users/"+id, `{"userName":"ann","`+enterpriseURN+`":{"employeeNumber":"e2"}}`, acme...)
	if w.Code != 200 {
		t.Errorf("PUT: %d %s", w.Code, w.Body)
	}
	got := fields(t, do(t, h, "GET", base+"/Users/"+id, "").Body.String())
	if number := got[enterpriseURN].(map[string]any)["employeeNumber"]; got["externalId"] != "e2" || number != "n1" {
		t.Errorf("externalId is %v and employeeNumber %v", got["externalId"], number)
	}
}

// What no schema knows is kept under a mapping too, where the profile wants that,
// and operations of a bulk request are translated.
func TestMappingOfUnknownAndBulk(t *testing.T) {
	c := config(t)
	c.Profile = scim.Profile{Mapping: acmeMapping(), Unknown: schema.PreserveUnknown}
	h := newHandler(t, c)
	body := `{"schemas":["` + bulkURN + `"],"Operations":[
		{"method":"POST","path":"/Users","bulkId":"u","data":{"login":"ann","shoeSize":43,"mail":[{"address":"a@example.com"}]}},
		{"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"Crew","members":[{"value":"bulkId:u"}]}}]}`
	if w := do(t, h, "POST", base+"/Bulk", body); w.Code != 200 || strings.Count(w.Body.String(), `"status":"201"`) != 2 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	w := do(t, h, "GET", base+"/Users", "")
	for _, want := range []string{`"login":"ann"`, `"shoeSize":43`, `"address":"a@example.com"`, `"display":"Crew"`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s is not in %s", want, w.Body)
		}
	}
	if w := do(t, h, "GET", base+"/Groups", ""); !strings.Contains(w.Body.String(), `"members":[`) {
		t.Errorf("group: %s", w.Body)
	}
}

// A group is translated although its members are streamed.
func TestMappingOfStreamedGroup(t *testing.T) {
	h := withMapping(t, scim.Mapping{Types: map[string]scim.TypeMapping{"Group": {Attributes: map[string]string{"team": "displayName"}}}})
	ann := fields(t, do(t, h, "POST", base+"/Users", `{"userName":"ann"}`).Body.String())["id"].(string)
	w := do(t, h, "POST", base+"/Groups", `{"team":"Crew","members":[{"value":"`+ann+`"}]}`)
	if w.Code != 201 || !strings.Contains(w.Body.String(), `"team":"Crew"`) {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	w = do(t, h, "GET", base+"/Groups/"+fields(t, w.Body.String())["id"].(string), "")
	if got := fields(t, w.Body.String()); got["team"] != "Crew" || got["displayName"] != nil || len(got["members"].([]any)) != 1 {
		t.Errorf("got %s", w.Body)
	}
}

// Discovery shows the names of the client, or of the service where it wants
// that.
func TestMappingInDiscovery(t *testing.T) {
	m := acmeMapping()
	h := withMapping(t, m)
	for target, want := range map[string]string{
		"/Schemas/urn:ietf:params:scim:schemas:core:2.0:User": `"name":"login"`,
		"/Schemas/" + legacyURN:                               `"name":"badge"`,
		"/Schemas/" + staffURN:                                `"name":"level"`,
		"/ResourceTypes/User":                                 `"schema":"` + staffURN + `"`,
	} {
		w := do(t, h, "GET", base+target, "")
		if w.Code != 200 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
	}
	if w := do(t, h, "GET", base+"/Schemas", ""); strings.Contains(w.Body.String(), `"userName"`) || strings.Contains(w.Body.String(), enterpriseURN) {
		t.Errorf("a name of the service is in %s", w.Body)
	}
	m.ServiceNames = true
	h = withMapping(t, m)
	if w := do(t, h, "GET", base+"/Schemas", ""); !strings.Contains(w.Body.String(), `"userName"`) || strings.Contains(w.Body.String(), legacyURN) {
		t.Errorf("got %s", w.Body)
	}
}

func TestMappingMistakes(t *testing.T) {
	user := func(attributes map[string]string) scim.Mapping {
		return scim.Mapping{Types: map[string]scim.TypeMapping{"User": {Attributes: attributes}}}
	}
	for name, m := range map[string]scim.Mapping{
		`Types["Robot"]: is not served`:                      {Types: map[string]scim.TypeMapping{"Robot": {}}},
		`URNs["urn:a"]: stands for`:                          {URNs: map[string]string{"urn:a": "urn:b"}},
		`is served itself`:                                   {URNs: map[string]string{badgeURN: enterpriseURN}},
		`is a second name`:                                   {URNs: map[string]string{"urn:a": enterpriseURN, "urn:b": enterpriseURN}},
		`not an attribute of User`:                           user(map[string]string{"login": "useName"}),
		`is a schema`:                                        user(map[string]string{"x": badgeURN}),
		`belongs to the protocol`:                            user(map[string]string{"x": "meta.version"}),
		`cannot be renamed`:                                  user(map[string]string{"id": "title"}),
		`not the name of an attribute`:                       user(map[string]string{`a[b eq "c"]`: "title"}),
		`in another entry`:                                   user(map[string]string{"a": "title", "b": "title"}),
		`not in the attribute of`:                            user(map[string]string{"nick": "name.givenName"}),
		`sub-attribute cannot stand`:                         user(map[string]string{"name.title": "title"}),
		`name of another sub-attribute`:                      user(map[string]string{"name.familyName": "name.givenName"}),
		`takes the name of a required`:                       user(map[string]string{"userName": "title"}),
		`makes a valid schema`:                               user(map[string]string{"né": "title"}),
		`must be different single`:                           {Types: map[string]scim.TypeMapping{"User": {Copies: map[string]string{"title": "emails.value"}}}},
		`would show`:                                         {Types: map[string]scim.TypeMapping{"User": {Copies: map[string]string{"title": "password"}}}},
		`write the value as`:                                 {Types: map[string]scim.TypeMapping{"User": {Constants: map[string]json.RawMessage{"active": json.RawMessage(`"no"`)}}}},
		`has no value`:                                       {Types: map[string]scim.TypeMapping{"User": {Constants: map[string]json.RawMessage{"title": json.RawMessage(`null`)}}}},
		`Types["Group"].Attributes["staff"]: members cannot`: {Types: map[string]scim.TypeMapping{"Group": {Attributes: map[string]string{"staff": "members"}}}},
	} {
		c := config(t)
		c.Profile.Mapping = m
		_, err := scim.New(c)
		var found *scim.ConfigError
		if !errors.As(err, &found) || !strings.Contains(err.Error(), name) && !strings.Contains(err.Error(), strings.Replace(name, "makes", "make", 1)) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// All mistakes are reported, and a file with a mapping is read strictly.
func TestMappingFile(t *testing.T) {
	p, err := scim.ParseProfile([]byte(`{"mapping": {"urns": {"urn:a": "urn:b"}, "types": {"User": {"attributes": {"x": "y", "z": "id"}}}, "serviceNames": true}}`))
	if err != nil {
		t.Fatal(err)
	}
	var found *scim.ProfileError
	if err := newHandler(t, config(t)).Check(&p); !errors.As(err, &found) || len(found.Problems) != 3 {
		t.Errorf("got %v", err)
	}
	for _, text := range []string{
		`{"mapping": []}`, `{"mapping": {"urn": {}}}`, `{"mapping": {"types": {"User": {"attribute": {}}}}}`, `{"mapping": {"types": {"User": {"copies": {"a": 1}}}}}`,
	} {
		if _, err := scim.ParseProfile([]byte(text)); !errors.As(err, &found) {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

// Bad bodies stay bad: the mapping makes nothing acceptable and hides nothing.
func TestMappingKeepsMistakes(t *testing.T) {
	h := withMapping(t, acmeMapping())
	for _, body := range []string{
		``, `[]`, `{`, `{"login":"a","login":"b"}`, `{"login":"a","userName":"b"}`, `{"login":5,"costCentre":{}}`,
		`{"login":"a","` + badgeURN + `":5,"` + staffURN + `":{"level":1}}`, `{"login":"a","mail":[{"address":"x","value":"y"}]}`,
		`{"login":"a","` + legacyURN + `":{},"` + enterpriseURN + `":{}}`, `{"mail":[]}`,
	} {
		if w := do(t, h, "POST", base+"/Users", body); w.Code != 400 {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
	for _, body := range []string{``, `[]`, `{"Operations":5}`, `{"Operations":[5]}`, patchBody(`{"op":"replace","path":5,"value":1}`), patchBody(`{"op":"replace","path":"mail[address eq","value":1}`)} {
		if w := do(t, h, "PATCH", base+"/Users/1", body); w.Code != 400 {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
}
