package scim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/muster-scim/muster/store"
)

// traceFile is a trace in the format that scimtest.ParseTrace reads.
type traceFile struct {
	IdP      string       `json:"idp"`
	Scenario string       `json:"scenario"`
	Title    string       `json:"title"`
	Notes    []string     `json:"notes,omitempty"`
	Steps    []*traceStep `json:"steps"`
}

type traceStep struct {
	Name    string            `json:"name"`
	Role    string            `json:"role"`
	Request traceRequest      `json:"request"`
	Expect  traceExpectation  `json:"expect"`
	Capture map[string]string `json:"capture,omitempty"`
}

type traceRequest struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body,omitempty"`
}

type traceExpectation struct {
	Status []int          `json:"status"`
	Body   map[string]any `json:"body,omitempty"`
}

// Trace writes what is kept of a tenant as a trace file for package scimtest:
// the requests in order, with the status and the scimType that they were
// answered with. Ids that the service assigned in between become variables, so
// the trace can be replayed on an empty service; what existed before has to be
// made by steps that are added by hand. The file is to be named scenario with
// ".json" added. It fails if nothing is kept.
func (c *Capture) Trace(tenant store.TenantID, scenario string) ([]byte, error) {
	list := c.Exchanges(tenant)
	if len(list) == 0 {
		return nil, fmt.Errorf("scim: no requests of tenant %q are kept", tenant)
	}
	return TraceOf(list, scenario)
}

// TraceOf is Capture.Trace for exchanges that the host has kept itself, oldest
// first.
func TraceOf(list []Exchange, scenario string) ([]byte, error) {
	if len(list) == 0 {
		return nil, errors.New("scim: no requests to make a trace of")
	}
	t := tracer{ids: map[string]string{}}
	file := traceFile{
		IdP: "captured", Scenario: scenario,
		Title: fmt.Sprintf("%d requests captured from %s to %s", len(list), list[0].Time.UTC().Format("2006-01-02 15:04:05"), list[len(list)-1].Time.UTC().Format("15:04:05")),
	}
	for i := range list {
		file.Steps = append(file.Steps, t.step(i+1, &list[i]))
		if notes := tolerated(&list[i]); notes != "" {
			file.Notes = append(file.Notes, fmt.Sprintf("step %d: %s", i+1, notes))
		}
	}
	return json.MarshalIndent(file, "", " ")
}

// tolerated says what a request needed beside the RFC.
func tolerated(e *Exchange) string {
	var parts []string
	if len(e.Rewrites) > 0 {
		parts = append(parts, "tolerated "+strings.Join(e.Rewrites, ", "))
	}
	if len(e.Ignored) > 0 {
		parts = append(parts, "ignored "+strings.Join(e.Ignored, ", "))
	}
	return strings.Join(parts, "; ")
}

// tracer makes the steps of a trace.
type tracer struct {
	ids map[string]string // variable by id
}

func (t *tracer) step(n int, e *Exchange) *traceStep {
	s := &traceStep{
		Name: fmt.Sprintf("%d %s", n, e.RequestID), Role: "wire",
		Request: traceRequest{Method: e.Method, Path: t.variables(e, e.Path), Headers: map[string]string{}},
		Expect:  traceExpectation{Status: []int{e.Status}},
	}
	if e.Actor != "" {
		s.Request.Headers["Authorization"] = "Bearer ${token}"
	}
	for _, name := range []string{"Accept", "Content-Type"} { // versions are others when it is replayed
		if values := e.Header[name]; len(values) > 0 {
			s.Request.Headers[name] = strings.Join(values, ", ")
		}
	}
	if e.Body != nil {
		s.Request.Body = json.RawMessage(t.variables(e, string(e.Body)))
	}
	t.expect(s, e)
	return s
}

// variables puts variables in the place of ids and of the base URL. Text that
// looks like a variable already is changed.
func (t *tracer) variables(e *Exchange, text string) string {
	text = strings.ReplaceAll(text, "${", "$_{")
	if e.Base != "" {
		text = strings.ReplaceAll(text, e.Base, "${base}")
	}
	for id, name := range t.ids {
		text = strings.ReplaceAll(text, id, "${"+name+"}")
	}
	return text
}

// expect takes from the response what has to be the same next time, and the id
// of what was created.
func (t *tracer) expect(s *traceStep, e *Exchange) {
	var answer struct{ ID, ScimType string }
	if json.Unmarshal(e.Response, &answer) != nil {
		return
	}
	if answer.ScimType != "" {
		s.Expect.Body = map[string]any{"/scimType": answer.ScimType}
	}
	if e.Method == http.MethodPost && e.Status == http.StatusCreated && len(answer.ID) >= 8 && !slices.Contains([]string{"", redacted}, answer.ID) {
		name := fmt.Sprintf("id%d", len(t.ids)+1)
		t.ids[answer.ID] = name
		s.Capture = map[string]string{name: "/id"}
	}
}
