package scim_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
)

// tolerant is a request that needs tolerances and has something to ignore.
const tolerant = `{"userName":"a","active":"True","shoe\r\nsize":43,"emails":{"value":"a@example.com"}}`

// What was tolerated is in the event, in the log, in the counts of the tenant,
// and in the response for an actor that may ask.
func TestRewritesAreVisible(t *testing.T) {
	var log bytes.Buffer
	var event *scim.Event
	counts := &scim.ToleranceCounts{}
	c := config(t)
	twoTenants(t, &c)
	c.Authenticate = bearer(t,
		scim.Token{ID: "a", Hash: scim.HashToken(token), Tenant: "a", Debug: true},
		scim.Token{ID: "b", Hash: scim.HashToken(otherToken), Tenant: "b"},
	).Authenticate
	c.Logger = slog.New(slog.NewTextHandler(&log, nil))
	c.Tolerances = counts
	c.OnCommit = func(_ context.Context, e *scim.Event) error { event = e; return nil }
	h := newHandler(t, c)

	w := do(t, h, "POST", "/Users", tolerant, "Muster-Debug", "1")
	if got, want := w.Header().Get("Muster-Rewrites"), `schemas-missing;path="schemas"`; w.Code != 201 || !strings.Contains(got, want) {
		t.Errorf("%d, Muster-Rewrites is %q, want %q in it", w.Code, got, want)
	}
	if got := w.Header().Get("Muster-Rewrites"); !strings.Contains(got, `boolean-text;path="active"`) || !strings.Contains(got, `array-missing;path="emails"`) {
		t.Errorf("Muster-Rewrites is %q", got)
	}
	if got, want := w.Header().Get("Muster-Ignored"), `"shoe\r\nsize"`; got != want {
		t.Errorf("Muster-Ignored is %q, want %q", got, want)
	}
	if event == nil || len(event.Report.Rewrites) != 3 || len(event.Report.Ignored) != 1 {
		t.Errorf("event is %+v", event)
	}
	if !strings.Contains(log.String(), `rewrites="[`) || !strings.Contains(log.String(), "boolean-text") {
		t.Errorf("log is %s", &log)
	}

	do(t, h, "POST", "/Users", tolerant, "Authorization", "Bearer "+otherToken)
	do(t, h, "GET", `/Users?filter=active+eq+%22True%22`, "", "Authorization", "Bearer "+otherToken)
	if n := counts.Of("a")[schema.BooleanText]; n != 1 {
		t.Errorf("tenant a: %d", n)
	}
	if n := counts.Of("b")[schema.BooleanText]; n != 2 {
		t.Errorf("tenant b: %d", n)
	}
	if got := counts.Tenants(); len(got) != 2 || len(counts.Of("c")) != 0 {
		t.Errorf("tenants are %v", got)
	}
}

// Nobody else gets to see the headers, and nobody who does not ask.
func TestDebugHeaderNeedsPermission(t *testing.T) {
	c := config(t)
	c.Authenticate = bearer(t,
		scim.Token{ID: "plain", Hash: scim.HashToken(token)},
		scim.Token{ID: "debug", Hash: scim.HashToken(otherToken), Debug: true},
	).Authenticate
	h := newHandler(t, c)
	for _, header := range [][]string{
		{"Muster-Debug", "1"},
		{"Authorization", "Bearer " + otherToken},
		{"Authorization", "Bearer wrong", "Muster-Debug", "1"},
	} {
		w := do(t, h, "POST", base+"/Users", tolerant, header...)
		if w.Header().Get("Muster-Rewrites") != "" || w.Header().Get("Muster-Ignored") != "" {
			t.Errorf("with %q: %v", header, w.Header())
		}
	}
}

// The tolerances of the operations of a bulk request are those of the request,
// and a debug header stays short.
func TestDebugHeaderOfBulk(t *testing.T) {
	c := config(t)
	c.Authenticate = bearer(t, scim.Token{ID: "debug", Hash: scim.HashToken(token), Debug: true}).Authenticate
	var ops []string
	for range 300 {
		ops = append(ops, `{"method":"POST","path":"/Users","bulkId":"`+scim.NewToken()+`","data":{"userName":"`+scim.NewToken()+`","active":"true"}}`)
	}
	body := `{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[` + strings.Join(ops, ",") + `]}`
	w := do(t, newHandler(t, c), "POST", base+"/Bulk", body, "Muster-Debug", "1")
	got := w.Header().Get("Muster-Rewrites")
	if w.Code != 200 || !strings.Contains(got, "boolean-text") || !strings.Contains(got, "more;n=") || len(got) > 5000 {
		t.Errorf("%d, %d bytes: %.200s", w.Code, len(got), got)
	}
}
