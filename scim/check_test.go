package scim_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/schema/coretypes"
	"github.com/muster-scim/muster/schema/device"
	"github.com/muster-scim/muster/scim"
)

// Config.Check sees every resource before it is stored, whatever the verb, and
// a refusal changes nothing.
func TestCheck(t *testing.T) {
	c := config(t)
	c.Check = func(r *schema.Resource) error {
		if r.ExternalID() == "taken" {
			return &scim.Error{Status: http.StatusConflict, Type: scim.Uniqueness, Detail: "taken elsewhere"}
		}
		return schema.CheckFormats(r, coretypes.UserFormats()...)
	}
	h := newHandler(t, c)
	id := idOf(t, h, "/Users", `{"userName":"a","locale":"de-AT"}`)
	patch := func(path, value string) string {
		return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"` + path + `","value":"` + value + `"}]}`
	}
	for _, r := range []struct {
		method, target, body string
		status               int
		detail               string
	}{
		{"POST", "/Users", `{"userName":"b","locale":"??"}`, 400, "locale must be a language tag"},
		{"PUT", "/Users/" + id, `{"userName":"a","locale":"??"}`, 400, "locale must be a language tag"},
		{"PATCH", "/Users/" + id, patch("locale", "??"), 400, "locale must be a language tag"},
		{"PATCH", "/Users/" + id, patch("externalId", "taken"), 409, "taken elsewhere"},
		{"PATCH", "/Users/" + id, patch("title", "x"), 200, ""},
	} {
		w := do(t, h, r.method, r.target, r.body)
		if w.Code != r.status || !strings.Contains(strings.ReplaceAll(w.Body.String(), "locale: ", "locale "), r.detail) {
			t.Errorf("%s %s: got %d %s", r.method, r.body, w.Code, w.Body)
		}
	}
	if list := do(t, h, "GET", "/Users", "").Body.String(); !strings.Contains(list, `"totalResults":1`) || !strings.Contains(list, "de-AT") || !strings.Contains(list, `"title":"x"`) {
		t.Errorf("stored: %s", list)
	}
}

// The rules of RFC 9944 that no schema expresses are checked by one line.
func TestCheckDevices(t *testing.T) {
	typ := device.DeviceDefinition().MustCompile()
	c := config(t)
	c.Types, c.Check = []*schema.ResourceType{typ}, device.Check
	h := newHandler(t, c)
	const mab = "urn:ietf:params:scim:schemas:extension:ethernet-mab:2.0:Device"
	body := func(mac string) string {
		return `{"schemas":["` + typ.Schema().ID + `","` + mab + `"],"active":true,"` + mab + `":{"deviceMacAddress":"` + mac + `"}}`
	}
	if w := do(t, h, "POST", "/Devices", body("not a MAC")); w.Code != 400 || !strings.Contains(w.Body.String(), "deviceMacAddress") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	if w := do(t, h, "POST", "/Devices", body("38:00:25:01:02:03")); w.Code != 201 {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}
