package scimtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// TraceError is one mistake in a trace file.
type TraceError struct {
	File  string // name of the file
	Step  string // number and name of the step; empty outside of steps
	Field string // for example "expect.body" or "steps"
	Err   error  // what is wrong there
}

// Error gives file, step and field.
func (e *TraceError) Error() string {
	where := e.File
	if e.Step != "" {
		where += ": step " + e.Step
	}
	if e.Field != "" {
		where += ": " + e.Field
	}
	return where + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *TraceError) Unwrap() error { return e.Err }

// LoadTraces reads every *.json file in a directory of fsys, in name order. It
// reports all mistakes at once; each is a [*TraceError] in the returned error.
// The sound files are returned in any case. The format is described in
// docs/scimtest.md of this module.
func LoadTraces(fsys fs.FS, dir string) ([]Trace, error) {
	files, err := fs.Glob(fsys, path.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, &TraceError{File: dir, Err: errors.New("no *.json file")}
	}
	var out []Trace
	var errs []error
	for _, file := range files {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			errs = append(errs, &TraceError{File: file, Err: err})
			continue
		}
		t, err := ParseTrace(path.Base(file), data)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		out = append(out, *t)
	}
	return out, errors.Join(errs...)
}

// ParseTrace reads one trace file. The name is used in errors and must agree
// with the scenario that the file declares.
func ParseTrace(name string, data []byte) (*Trace, error) {
	l := &loader{file: name, defined: map[string]bool{"base": true, "token": true, "run": true}}
	doc, err := decodeJSON(data)
	if err != nil {
		l.fail("", err)
		return nil, errors.Join(l.errs...)
	}
	root, ok := doc.(object)
	if !ok {
		l.failf("", "the file must hold a JSON object")
		return nil, errors.Join(l.errs...)
	}
	t := l.trace(root, rawBodies(data))
	if len(l.errs) > 0 {
		return nil, errors.Join(l.errs...)
	}
	return t, nil
}

// rawBodies returns the request body of each step as it is written, because the
// order of members is part of what a client sends.
func rawBodies(data []byte) []json.RawMessage {
	var doc struct {
		Steps []struct {
			Request struct {
				Body json.RawMessage `json:"body"`
			} `json:"request"`
		} `json:"steps"`
	}
	_ = json.Unmarshal(data, &doc) // its mistakes are reported by the loader
	out := make([]json.RawMessage, len(doc.Steps))
	for i, s := range doc.Steps {
		if string(s.Request.Body) != "null" {
			out[i] = s.Request.Body
		}
	}
	return out
}

// loader turns the generic JSON of one file into a Trace and collects mistakes.
type loader struct {
	file, step string
	defined    map[string]bool // variables known so far
	errs       []error
}

func (l *loader) fail(field string, err error) {
	l.errs = append(l.errs, &TraceError{File: l.file, Step: l.step, Field: field, Err: err})
}

func (l *loader) failf(field, format string, args ...any) {
	l.fail(field, fmt.Errorf(format, args...))
}

func (l *loader) trace(root object, bodies []json.RawMessage) *Trace {
	l.keys("", root, "idp", "scenario", "title", "source", "inferred", "profile", "requires", "notes", "steps")
	t := &Trace{
		IdP:      l.required(root, "idp"),
		Scenario: l.required(root, "scenario"),
		Title:    l.required(root, "title"),
		Source:   texts(root["source"]),
		Inferred: strings.Join(texts(root["inferred"]), "; "),
		Profile:  strings.Join(texts(root["profile"]), ", "),
		Requires: strings.Join(texts(root["requires"]), "; "),
		Notes:    strings.Join(texts(root["notes"]), "\n"),
	}
	if want := strings.TrimSuffix(l.file, ".json"); t.Scenario != "" && t.Scenario != want {
		l.failf("scenario", "%q must equal the file name without .json, %q", t.Scenario, want)
	}
	steps, ok := root["steps"].([]any)
	if !ok || len(steps) == 0 {
		l.failf("steps", "must be a list of at least one step")
	}
	for i, raw := range steps {
		l.step = fmt.Sprint(i + 1)
		t.steps = append(t.steps, l.traceStep(raw, at(bodies, i)))
	}
	return t
}

func at[T any](list []T, i int) (zero T) {
	if i < len(list) {
		return list[i]
	}
	return zero
}

func (l *loader) traceStep(raw any, body json.RawMessage) (s traceStep) {
	o, ok := raw.(object)
	if !ok {
		l.failf("", "must be an object")
		return s
	}
	s.name = l.required(o, "name")
	l.step = strings.TrimSpace(fmt.Sprintf("%s (%s)", l.step, s.name))
	l.keys("", o, "name", "role", "request", "expect", "capture", "repeat", "parallel")
	s.role = l.required(o, "role")
	if s.role != "" && !slices.Contains([]string{"setup", "wire", "verify"}, s.role) {
		l.failf("role", "%q is none of setup, wire, verify", s.role)
	}
	s.parallel, _ = o["parallel"].(string)
	s.repeat = l.repeat(o)
	l.request(&s, l.part(o, "request"), body)
	l.expect(&s, l.part(o, "expect"))
	l.captures(&s, o["capture"])
	return s
}

func (l *loader) repeat(o object) int {
	v, given := o["repeat"]
	if !given {
		return 1
	}
	n, err := intArg(v)
	if err != nil || n < 1 || n > 10_000 {
		l.failf("repeat", "must be an integer from 1 to 10000, not %s", compactJSON(v))
	}
	return n
}

func (l *loader) part(o object, name string) object {
	part, ok := o[name].(object)
	if !ok {
		l.failf(name, "must be an object")
	}
	return part
}

func (l *loader) request(s *traceStep, o object, body json.RawMessage) {
	l.keys("request", o, "method", "path", "headers", "body")
	s.method, _ = o["method"].(string)
	if !slices.Contains([]string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}, s.method) {
		l.failf("request.method", "%s is no HTTP method in upper case", compactJSON(o["method"]))
	}
	s.path, _ = o["path"].(string)
	if !strings.HasPrefix(s.path, "/") || strings.ContainsAny(s.path, " \t\r\n") {
		l.failf("request.path", "%s must start with a slash and be percent-encoded", compactJSON(o["path"]))
	}
	s.header = l.header(o["headers"])
	s.body = body
	l.uses(s, "request.path", o["path"])
	l.uses(s, "request.headers", o["headers"])
	l.uses(s, "request.body", o["body"])
}

func (l *loader) header(v any) map[string][]string {
	if v == nil {
		return nil
	}
	o, ok := v.(object)
	if !ok {
		l.failf("request.headers", "must be an object")
	}
	out := map[string][]string{}
	for name, value := range o {
		switch value := value.(type) {
		case nil:
			out[name] = nil
		case string:
			out[name] = []string{value}
		default:
			l.failf("request.headers", "%s must be a string or null, not %s", name, compactJSON(value))
		}
	}
	return out
}

func (l *loader) expect(s *traceStep, o object) {
	l.keys("expect", o, "status", "headers", "body", "absent")
	list, _ := o["status"].([]any)
	if len(list) == 0 {
		l.failf("expect.status", "must be a list of at least one status code")
	}
	for _, v := range list {
		code, err := intArg(v)
		if err != nil || code < 100 || code > 599 {
			l.failf("expect.status", "%s is no HTTP status code", compactJSON(v))
		}
		s.status = append(s.status, code)
	}
	s.headers = l.expectations("expect.headers", o["headers"], false)
	s.fields = l.expectations("expect.body", o["body"], true)
	for _, text := range l.list("expect.absent", o["absent"]) {
		l.pointer("expect.absent", text)
		s.absent = append(s.absent, text)
	}
	l.uses(s, "expect", o)
}

func (l *loader) expectations(field string, v any, pointers bool) []expectation {
	if v == nil {
		return nil
	}
	o, ok := v.(object)
	if !ok {
		l.failf(field, "must be an object")
	}
	var out []expectation
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if pointers {
			l.pointer(field, name)
		}
		if _, err := newMatcher(o[name]); err != nil {
			l.failf(field, "%s: %w", name, err)
		}
		out = append(out, expectation{name, o[name]})
	}
	return out
}

func (l *loader) pointer(field, text string) {
	if _, err := parsePointer(text); err != nil {
		l.fail(field, err)
	}
}

func (l *loader) captures(s *traceStep, v any) {
	o, ok := v.(object)
	if v != nil && !ok {
		l.failf("capture", "must be an object")
	}
	if len(o) > 0 && s.parallel != "" {
		l.failf("capture", "a parallel step may not capture")
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		text, ok := o[name].(string)
		if !ok || !varName.MatchString(name) {
			l.failf("capture", "%q must be a variable name with a pointer", name)
		}
		l.pointer("capture", text)
		l.uses(s, "capture", text)
		s.captures = append(s.captures, capture{name, text})
	}
	for name := range o {
		l.defined[name] = true
	}
}

// uses reports variables that nothing before has defined.
func (l *loader) uses(s *traceStep, field string, v any) {
	for _, name := range varsIn(v) {
		if !l.defined[name] && (name != "i" || s.repeat < 2) {
			l.failf(field, "uses ${%s}, which no step before captures", name)
		}
	}
}

func (l *loader) required(o object, name string) string {
	text, ok := o[name].(string)
	if !ok || strings.TrimSpace(text) == "" {
		l.failf(name, "must be a text that is not empty")
	}
	return text
}

func (l *loader) list(field string, v any) []string {
	list, ok := v.([]any)
	if v != nil && !ok {
		l.failf(field, "must be a list of texts")
	}
	out := texts(list)
	if len(out) != len(list) {
		l.failf(field, "must hold texts only")
	}
	return out
}

func (l *loader) keys(field string, o object, known ...string) {
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if !slices.Contains(known, name) {
			l.failf(strings.TrimPrefix(field+"."+name, "."), "unknown key; known are %s", strings.Join(known, ", "))
		}
	}
}

// texts accepts a text or a list of texts.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, e := range v {
			if text, ok := e.(string); ok {
				out = append(out, text)
			}
		}
		return out
	}
	return nil
}
