package scimtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// judge compares the response of a step with its expectations.
func (r *replay) judge(s *traceStep, v vars, out *Step) {
	e := out.Exchange
	out.expectStatus(s.status...)
	// Another status is the one thing to say; the body of an error is no news.
	skip := e.Status == http.StatusNoContent || len(out.Problems) > 0
	for _, h := range s.headers {
		values := e.Header.Values(h.at)
		out.expect(h.at, h.want, v, strings.Join(values, ", "), len(values) > 0)
	}
	body, err := decodeJSON(e.raw)
	if err != nil && !skip && e.answered() && len(s.fields)+len(s.absent) > 0 {
		out.problem("body", "JSON", fmt.Sprintf("%s: %v", bodyKind(e), err))
		skip = true
	}
	for _, f := range s.fields {
		at := v.text(f.at)
		p, _ := parsePointer(at)
		value, found := p.resolve(body)
		out.expectUnless(skip, at, f.want, v, value, found)
	}
	for _, text := range s.absent {
		at := v.text(text)
		p, _ := parsePointer(at)
		out.Expected = append(out.Expected, at+": absent")
		if value, found := p.resolve(body); found && !skip {
			out.problem(at, "nothing there", shown(value, true))
		}
	}
}

// expectStatus asks for one of the status codes.
func (s *Step) expectStatus(codes ...int) {
	want := "status " + orList(codes)
	s.Expected = append(s.Expected, want)
	if e := s.Exchange; !e.answered() || !slices.Contains(codes, e.Status) {
		s.problem("status", orList(codes), e.answer())
	}
}

func (s *Step) expect(at string, want any, v vars, value any, found bool) {
	s.expectUnless(false, at, want, v, value, found)
}

// expectUnless notes the expectation and, unless skip is set, checks it.
func (s *Step) expectUnless(skip bool, at string, want any, v vars, value any, found bool) {
	m, err := newMatcher(v.value(want))
	if err != nil {
		s.problem(at, "a valid matcher", err.Error())
		return
	}
	s.Expected = append(s.Expected, at+": "+m.want)
	if !skip && s.Exchange.answered() && !m.test(value, found) {
		s.problem(at, m.want, shown(value, found))
	}
}

// shown renders a value for a message.
func shown(v any, found bool) string {
	if !found {
		return "nothing"
	}
	return clip(compactJSON(v), 200)
}

func orList(codes []int) string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = fmt.Sprint(c)
	}
	return strings.Join(out, " or ")
}

// bodyKind names what a body is that is no JSON.
func bodyKind(e *Exchange) string {
	switch {
	case len(e.raw) == 0:
		return "no body"
	case e.isHTML():
		return "an HTML page" + htmlTitle(e.Body)
	}
	return cmpOr(e.Header.Get("Content-Type"), "a body without Content-Type")
}
