package agent_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/schema/agent"
)

func TestDefinitions(t *testing.T) {
	for _, d := range []schema.Definition{agent.AgentDefinition(), agent.ServiceAccountDefinition()} {
		typ, err := d.Compile()
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"active", "owners.value", "groups", agent.GovernanceURN + ":expires"} {
			if _, err := typ.Path(name); err != nil {
				t.Errorf("%s: %v", d.Name, err)
			}
		}
		for p := range typ.AllPaths() {
			if p.Name() == "password" || p.Name() == "secret" {
				t.Errorf("%s has a place for credentials: %s", d.Name, p)
			}
			if a := p.Attribute(); a != nil && !p.IsCommon() && !strings.HasPrefix(p.String(), "meta") && a.Description == "" {
				t.Errorf("%s has no description", p)
			}
		}
	}
}

func TestBadInput(t *testing.T) {
	typ := agent.AgentDefinition().MustCompile()
	for body, says := range map[string]string{
		`{"displayName":"x"}`: "name",
		`{"name":"x","` + agent.GovernanceURN + `":{"expires":"soon"}}`:               "expires",
		`{"name":"x","` + agent.GovernanceURN + `":{"credentials":[{"type":"key"}]}}`: "value",
	} {
		r, _, err := typ.Decode([]byte(body), nil)
		if err == nil {
			_, _, err = schema.CheckCreate(r, nil)
		}
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// An agent says who answers for it and when its key has to be replaced.
func Example() {
	typ := agent.AgentDefinition().MustCompile()
	r, _, err := typ.Decode([]byte(`{
		"name": "invoice-bot", "active": true, "owners": [{"value": "7", "type": "User"}],
		"urn:muster:params:scim:schemas:extension:governance:2.0:Account": {
			"credentials": [{"value": "vault:/bots/invoice", "type": "key", "rotateBefore": "2026-12-01T00:00:00Z"}]
		}
	}`), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for v := range r.Values(typ.MustPath(agent.GovernanceURN + ":credentials.rotateBefore")) {
		fmt.Println(r.Get(typ.MustPath("name")).Text(), v.Text())
	}
	// Output:
	// invoice-bot 2026-12-01T00:00:00Z
}
