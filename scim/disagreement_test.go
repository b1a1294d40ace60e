package scim_test

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
)

// disagreement is one point on which clients and the RFCs differ: what is
// answered by default, or with a switch. The ids are those of
// docs/disagreements.md.
type disagreement struct {
	id    string
	vary  func(*scim.Config) // nil is the default
	steps []wireStep
}

// wireStep is a request and what its response must and must not hold, in
// headers or body. {ann}, {bob} and {crew} are ids of two users and their
// group, {last} is that of the resource in the latest response with a body.
type wireStep struct {
	request string // method, path, and headers as Name=value
	body    string
	status  int
	want    []string
	absent  []string
}

func with(change func(*scim.Profile)) func(*scim.Config) {
	return func(c *scim.Config) { change(&c.Profile) }
}

func preset(name string) func(*scim.Config) {
	return with(func(p *scim.Profile) { *p, _ = scim.ProfileNamed(name) })
}

// Each row is held by default and with its switches.
func TestDisagreements(t *testing.T) {
	for _, d := range append(append(meanings(), answers()...), violations()...) {
		t.Run(d.id, func(t *testing.T) { d.run(t) })
	}
}

// The page has the same rows, in the same order.
func TestDisagreementsPage(t *testing.T) {
	page, err := os.ReadFile("../docs/disagreements.md")
	if err != nil {
		t.Fatal(err)
	}
	var listed, tested []string
	for _, m := range regexp.MustCompile(`(?m)^\| ([ABC]\d+) \|`).FindAllStringSubmatch(string(page), -1) {
		listed = append(listed, m[1])
	}
	for _, d := range append(append(meanings(), answers()...), violations()...) {
		if id, _, _ := strings.Cut(d.id, " "); !slices.Contains(tested, id) {
			tested = append(tested, id)
		}
	}
	if !slices.Equal(listed, tested) {
		t.Errorf("the page lists %v, the tests are %v", listed, tested)
	}
}

func (d *disagreement) run(t *testing.T) {
	c := config(t)
	if d.vary != nil {
		d.vary(&c)
	}
	h := newHandler(t, c)
	setup := newHandler(t, withoutProfile(c))
	ids := map[string]string{}
	for _, name := range []string{"ann", "bob"} {
		w := do(t, setup, "POST", "/Users", `{"userName":"`+name+`@example.com","displayName":"`+name+`","name":{"givenName":"`+name+`","familyName":"Lee"}}`)
		ids[name] = fields(t, w.Body.String())["id"].(string)
	}
	if len(c.Types) > 1 {
		w := do(t, setup, "POST", "/Groups", `{"displayName":"Crew","members":[{"value":"`+ids["ann"]+`"},{"value":"`+ids["bob"]+`"}]}`)
		ids["crew"] = fields(t, w.Body.String())["id"].(string)
	}
	for _, s := range d.steps {
		s.run(t, h, ids)
	}
}

// withoutProfile serves the same store by the defaults.
func withoutProfile(c scim.Config) scim.Config {
	c.Profile, c.RateLimit = scim.Profile{}, nil
	return c
}

func (s *wireStep) run(t *testing.T, h http.Handler, ids map[string]string) {
	t.Helper()
	fill := func(text string) string {
		for name, id := range ids {
			text = strings.ReplaceAll(text, "{"+name+"}", id)
		}
		return text
	}
	words := strings.Fields(fill(s.request))
	var header []string
	for _, h := range words[2:] {
		name, value, _ := strings.Cut(h, "=")
		header = append(header, name, value)
	}
	w := do(t, h, words[0], words[1], fill(s.body), header...)
	text := fmt.Sprintf("%v\n%s", w.Header(), w.Body)
	if w.Code != s.status {
		t.Errorf("%s %s: got %d, want %d: %s", s.request, s.body, w.Code, s.status, w.Body)
	}
	for _, want := range s.want {
		if !strings.Contains(text, fill(want)) {
			t.Errorf("%s %s: %s is not in %s", s.request, s.body, want, text)
		}
	}
	for _, absent := range s.absent {
		if strings.Contains(text, fill(absent)) {
			t.Errorf("%s %s: %s is in %s", s.request, s.body, absent, text)
		}
	}
	if strings.HasPrefix(w.Body.String(), `{"schemas"`) {
		if id, ok := fields(t, w.Body.String())["id"].(string); ok {
			ids["last"] = id
		}
	}
}

// meanings are the rows where the same bytes mean different things.
func meanings() []disagreement {
	removeAnn := patchBody(`{"op":"remove","path":"members","value":[{"value":"{ann}"}]}`)
	removeAll := patchBody(`{"op":"remove","path":"members"}`)
	members := "GET /Groups/{crew}"
	legacy := `{"userName":"x","schemas":["urn:scim:schemas:core:2.0","urn:scim:schemas:extension:enterprise:2.0"],"urn:scim:schemas:extension:enterprise:2.0":{"department":"D"}}`
	old := `{"schemas":["urn:scim:schemas:core:1.0"],"members":[{"value":"{ann}","operation":"delete"}]}`
	double := "GET /Users?filter=userName%20eq%20%22ann%2540example.com%22"
	return []disagreement{
		{"A1", nil, []wireStep{
			{"PATCH /Groups/{crew}", removeAnn, 204, nil, nil}, {members, "", 200, []string{"{bob}"}, []string{"{ann}"}},
			{"PATCH /Groups/{crew}", removeAll, 204, nil, nil}, {members, "", 200, nil, []string{"members"}},
		}},
		{"A1 all", with(func(p *scim.Profile) { p.RemoveValue = patch.RemoveAll }), []wireStep{
			{"PATCH /Groups/{crew}", removeAnn, 204, nil, nil}, {members, "", 200, nil, []string{"members"}},
		}},
		{"A1 reject", with(func(p *scim.Profile) { p.RemoveValue = patch.RemoveReject }), []wireStep{
			{"PATCH /Groups/{crew}", removeAnn, 400, []string{"invalidValue"}, nil}, {members, "", 200, []string{"{ann}"}, nil},
		}},
		{"A1 refuse all", with(func(p *scim.Profile) { p.RefuseRemoveAll = true }), []wireStep{
			{"PATCH /Groups/{crew}", removeAll, 403, nil, nil},
			{"PATCH /Groups/{crew}", patchBody(`{"op":"replace","path":"members","value":[]}`), 403, nil, nil},
			{"PATCH /Groups/{crew}", patchBody(`{"op":"replace","value":{"members":[]}}`), 403, nil, nil},
			{"PUT /Groups/{crew}", `{"displayName":"Crew"}`, 403, nil, nil},
			{members, "", 200, []string{"{ann}", "{bob}"}, nil},
			{"PATCH /Groups/{crew}", removeAnn, 204, nil, nil},
			{"PUT /Groups/{crew}", `{"displayName":"Crew","members":[{"value":"{ann}"}]}`, 200, []string{"{ann}"}, []string{"{bob}"}},
		}},
		{"A2", nil, []wireStep{
			{"PATCH /Users/{ann}", patchBody(`{"op":"replace","value":{"active":false,"title":"T","password":"p4ssw0rd"}}`), 200, []string{`"active":false`}, nil},
			{"PUT /Users/{ann}", `{"userName":"ann@example.com"}`, 200, []string{`"active":false`}, []string{"title", "displayName"}},
			{"PUT /Groups/{crew}", `{"displayName":"Crew"}`, 200, nil, []string{"members"}},
		}},
		{"A2 merge", with(func(p *scim.Profile) { p.PutMerge = true }), []wireStep{
			{"PUT /Users/{ann}", `{"title":"T"}`, 200, []string{`"title":"T"`, `"displayName":"ann"`, "ann@example.com"}, nil},
			{"PUT /Groups/{crew}", `{"displayName":"Crew 2"}`, 200, []string{"Crew 2", "{ann}"}, nil},
		}},
		{"A3", nil, []wireStep{
			{"PATCH /Users/{ann}", patchBody(`{"op":"replace","path":"displayName","value":""}`), 200, nil, []string{"displayName"}},
			{"POST /Users", `{"userName":""}`, 400, nil, nil}, {"PATCH /Users/{ann}", patchBody(`{"op":"replace","path":"userName","value":""}`), 400, nil, nil},
		}},
		{"A3 keep", with(func(p *scim.Profile) { p.Off = schema.SetOf(schema.EmptyText) }), []wireStep{
			{"PATCH /Users/{ann}", patchBody(`{"op":"replace","path":"displayName","value":""}`), 200, []string{`"displayName":""`}, nil},
		}},
		{"A4", nil, []wireStep{
			{"PATCH /Users/{ann}", patchBody(`{"op":"replace","path":"name","value":{"familyName":"Poe"}}`), 200, []string{`"givenName":"ann"`, `"familyName":"Poe"`}, nil},
		}},
		{"A5", nil, []wireStep{
			{"PATCH /Groups/{crew}", patchBody(`{"op":"replace","path":"displayName","value":"New"},{"op":"add","path":"members","value":[{"value":"nobody"}]}`), 400, []string{"invalidValue"}, nil},
			{members, "", 200, []string{`"Crew"`}, []string{"nobody"}}, {"GET /Users", "", 200, []string{`"totalResults":2`}, nil},
		}},
		{"A5 skip", preset("okta"), []wireStep{
			{"PATCH /Groups/{crew}", patchBody(`{"op":"replace","path":"members","value":[{"value":"nobody"},{"value":"{bob}"}]}`), 204, nil, nil},
			{members, "", 200, []string{"{bob}"}, []string{"nobody", "{ann}"}}, {"GET /Users", "", 200, []string{`"totalResults":2`}, nil},
		}},
		{"A6", nil, []wireStep{{"POST /Groups", `{"displayName":"Crew"}`, 201, nil, nil}}},
		{"A6 unique", preset("entra"), []wireStep{{"POST /Groups", `{"displayName":"CREW"}`, 409, []string{"uniqueness"}, nil}, {"POST /Groups", `{"displayName":"Other"}`, 201, nil, nil}}},
		{"A7", nil, []wireStep{{double, "", 200, []string{`"totalResults":0`}, nil}}},
		{"A7 retry", preset("entra-validator"), []wireStep{{double, "", 200, []string{`"totalResults":1`}, nil}}},
		{"A8", nil, []wireStep{{"POST /Users", legacy, 201, nil, []string{`"department"`, "urn:scim"}}}},
		{"A8 aliases", preset("onelogin"), []wireStep{{"POST /Users", legacy, 201, []string{`"department":"D"`, schema.EnterpriseUserURN}, []string{"urn:scim:"}}}},
		{"A9", nil, []wireStep{{"PATCH /Groups/{crew}", old, 400, []string{"invalidSyntax"}, nil}, {members, "", 200, []string{"{ann}"}, nil}}},
		{"A9 accept", preset("onelogin"), []wireStep{{"PATCH /Groups/{crew}", old, 204, nil, nil}, {members, "", 200, []string{"{bob}"}, []string{"{ann}"}}}},
		{"A10", nil, []wireStep{
			{"DELETE /Users/{ann}", "", 204, nil, nil}, {"GET /Users/{ann}", "", 404, nil, nil}, {"DELETE /Users/{ann}", "", 404, nil, nil},
			{members, "", 200, nil, []string{"{ann}"}}, {"POST /Users", `{"userName":"Ann@example.com"}`, 201, nil, nil},
		}},
	}
}
