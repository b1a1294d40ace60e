package scim_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/scimtest"
	"github.com/muster-scim/muster/store/memstore"
)

// TestCaptureReplays: an incident becomes a trace, and the trace a test that
// passes on a service that behaves the same and fails on one that does not.
func TestCaptureReplays(t *testing.T) {
	capture := &scim.Capture{}
	h, _ := journaled(t, func(c *scim.Config) { c.Capture = capture })
	header := []string{"Content-Type", "application/scim+json"}
	id := made(t, h, "/Users", `{"userName":"ann","password":"s3cret","active":"True"}`)
	do(t, h, "POST", "/Users", `{"userName":"ann"}`, header...)
	do(t, h, "GET", `/Users?filter=userName+eq+%22ann%22&nonsense=s3cret`, "")
	do(t, h, "PATCH", "/Users/"+id, patchBody(`{"op":"Replace","path":"active","value":false}`), header...)
	do(t, h, "DELETE", "/Users/"+id, "")
	do(t, h, "GET", "/Users/"+id, "")
	data, err := capture.Trace("", "incident")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), "s3cret") || !strings.Contains(string(data), "tolerated boolean-text:active") || strings.Contains(string(data), id) {
		t.Errorf("trace:\n%s", data)
	}
	trace, err := scimtest.ParseTrace("incident.json", data)
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	onlyTrace := func(c scimtest.Case) bool { return strings.Contains(c.Name, "incident") }
	replay := func(adjust func(*scim.Config)) *scimtest.Report {
		c := config(t)
		c.Store = memstore.New(nil)
		adjust(&c)
		target := scimtest.Target{BaseURL: base, Handler: newHandler(t, c), Token: token}
		report, err := scimtest.Check(t.Context(), target, &scimtest.Options{Traces: []scimtest.Trace{*trace}, Match: onlyTrace})
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	good, bad := replay(func(*scim.Config) {}), replay(func(c *scim.Config) { c.Profile.Strict = true })
	if len(good.Results) != 1 || good.Results[0].Outcome != scimtest.Passed || bad.Results[0].Outcome != scimtest.Failed {
		t.Errorf("the same service: %+v\na strict one: %+v", good.Results, bad.Results)
	}
}

// TestCaptureCanary looks for planted secrets in everything that is kept.
func TestCaptureCanary(t *testing.T) {
	const canary = "c4n4ry"
	capture := &scim.Capture{}
	h, _ := journaled(t, func(c *scim.Config) { c.Capture, c.Sensitive = capture, []string{"phoneNumbers.value"} })
	for _, body := range []string{
		`{"userName":"ann","password":"` + canary + `","phoneNumbers":[{"value":"` + canary + `"}],"urn:example:2.0:Badge":{"pin":"` + canary + `"}}`,
		`{"userName":"bob","PassWord":["` + canary + `",{"x":"` + canary + `"}]}`,
		`{"userName":"bob","passwd":"` + canary + `"}`,
		`{"urn:example:2.0:Badge:pin":"` + canary + `"}`,
		`{"userName":"bob","password":"` + canary,
		patchBody(`{"op":"replace","value":"` + canary + `","path":"password"}`),
		patchBody(`{"op":"replace","value":"` + canary + `","path":"urn:example:2.0:Badge:pin"}`),
		patchBody(`{"op":"add","path":"phoneNumbers[value eq \"` + canary + `\"].type","value":"work"}`),
		patchBody(`{"op":"add","value":{"password":"` + canary + `","phoneNumbers.value":"` + canary + `"}}`),
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":"phoneNumbers.value eq \"` + canary + `\""}`,
		`{"schemas":[],"Operations":[{"method":"POST","path":"/Users","data":{"password":"` + canary + `"}}]}`,
	} {
		for _, target := range []string{"POST /Users", "PATCH /Users/7", "POST /Users/.search", "POST /Bulk", "PUT /Users/7"} {
			method, path, _ := strings.Cut(target, " ")
			do(t, h, method, path, body, "Cookie", canary)
		}
	}
	do(t, h, "GET", "/Users?filter=password+eq+%22"+canary+"%22&token="+canary, "")
	list := capture.Exchanges("")
	if len(list) != 56 {
		t.Errorf("%d exchanges", len(list))
	}
	for _, e := range list {
		if text := fmt.Sprintf("%v %s %s", e, e.Body, e.Response); strings.Contains(text, canary) || strings.Contains(text, token) {
			t.Errorf("leaked: %s", text)
		}
	}
}

// TestCaptureIsBounded: in requests per tenant, bytes per body, and by Match.
func TestCaptureIsBounded(t *testing.T) {
	capture := &scim.Capture{Requests: 3, Body: 200, Match: func(e *scim.Exchange) bool { return e.Method == http.MethodPost }}
	h, _ := journaled(t, func(c *scim.Config) { c.Capture = capture })
	for i := range 5 {
		do(t, h, "GET", "/Users", "")
		do(t, h, "POST", "/Users", fmt.Sprintf(`{"userName":"u%d","title":%q}`, i, strings.Repeat("x", i*100)))
	}
	list := capture.Exchanges("")
	if len(list) != 3 || list[0].Body != nil || list[2].Body != nil || list[2].Response != nil || list[2].Status != http.StatusCreated {
		t.Errorf("%+v", list)
	}
	capture.Forget("")
	if _, err := capture.Trace("", "x"); err == nil {
		t.Error("a trace of nothing")
	}
}

// A support engineer exports what a client sent, to replay it in a test.
func ExampleCapture() {
	capture := &scim.Capture{}
	handler, err := scim.New(scim.Config{Types: types(), Store: memstore.New(nil), AllowAnonymous: true, Capture: capture})
	if err != nil {
		fmt.Println(err)
		return
	}
	body := strings.NewReader(`{"userName":"ann","password":"s3cret"}`)
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/Users", body))
	for _, e := range capture.Exchanges("") {
		fmt.Println(e.Method, e.Path, e.Status)
		fmt.Println(string(e.Body))
	}
	// Output:
	// POST /Users 201
	// {"userName":"ann","password":"[redacted]"}
}

// Each is told what is kept, and a trace can be made of it; a panic in it harms
// nobody.
func TestCaptureEach(t *testing.T) {
	var told []scim.Exchange
	capture := &scim.Capture{Requests: 1, Match: func(e *scim.Exchange) bool { return e.Method != "GET" }}
	capture.Each = func(e scim.Exchange) {
		told = append(told, e)
		if len(capture.Exchanges("")) != 1 || e.Status == http.StatusNoContent {
			panic("boom")
		}
	}
	h, _ := journaled(t, func(c *scim.Config) { c.Capture = capture })
	id := made(t, h, "/Users", `{"userName":"ann","password":"s3cret"}`)
	do(t, h, "GET", "/Users/"+id, "")
	if w := do(t, h, "DELETE", "/Users/"+id, ""); w.Code != http.StatusNoContent {
		t.Error(w.Code)
	}
	if len(told) != 2 || told[0].Status != http.StatusCreated || strings.Contains(string(told[0].Body), "s3cret") {
		t.Fatalf("%+v", told)
	}
	data, err := scim.TraceOf(told, "kept")
	if err != nil || strings.Contains(string(data), id) {
		t.Errorf("%v\n%s", err, data)
	}
	if trace, err := scimtest.ParseTrace("kept.json", data); err != nil {
		t.Errorf("%+v, %v", trace, err)
	}
	if _, err := scim.TraceOf(nil, "none"); err == nil {
		t.Error("a trace of nothing")
	}
}
