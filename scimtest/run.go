package scimtest

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// Run checks target as part of a Go test. Each case is a sub-test named after
// it, below one sub-test per area: "trace/okta-006-joiner", "patch/atomic".
// Cases weaker than Options.FailOn log what they found instead of failing.
//
// Cases run one after the other in the calling goroutine's test; the target may
// be shared with other tests.
func Run(t *testing.T, target Target, o *Options) {
	t.Helper()
	s, plan, err := newSession(target, o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), s.options.RunTime)
	defer cancel()
	if trouble := s.trouble(ctx); trouble != "" {
		t.Fatal(trouble)
	}
	report := s.newReport()
	for len(plan) > 0 {
		n := areaSize(plan)
		t.Run(plan[0].Area, func(t *testing.T) {
			for _, p := range plan[:n] {
				t.Run(strings.TrimPrefix(p.Name, p.Area+"/"), func(t *testing.T) { s.test(ctx, t, p, report) })
			}
		})
		plan = plan[n:]
	}
}

func areaSize(plan []planned) int {
	n := 1
	for n < len(plan) && plan[n].Area == plan[0].Area {
		n++
	}
	return n
}

func (s *session) test(ctx context.Context, t *testing.T, p planned, report *Report) {
	result := s.judge(ctx, p, "")
	switch {
	case result.Outcome == Skipped:
		t.Skip(result.Reason)
	case report.decides(&result):
		t.Error(result.explain())
	case result.Outcome != Passed:
		t.Logf("%s case, not decisive\n%s", p.Level, result.explain())
	}
}

// explain tells what was sent, what came back, what was expected, and the
// likely cause.
func (r *Result) explain() string {
	var out strings.Builder
	r.writeText(&out)
	return out.String()
}

func (r *Result) writeText(w io.Writer) {
	c := &r.Case
	fmt.Fprintf(w, "%s (%s%s)\n  must hold: %s\n", c.Name, c.Level, c.where(), c.Title)
	if r.Reason != "" {
		fmt.Fprintf(w, "  %s: %s\n", r.Outcome, r.Reason)
	}
	for i := range r.Steps {
		if s := &r.Steps[i]; s.failed() {
			s.writeText(w)
		}
	}
	if c.Needs != "" {
		fmt.Fprintf(w, "  needs: %s\n", c.Needs)
	}
	if c.Notes != "" {
		fmt.Fprintf(w, "  note: %s\n", c.Notes)
	}
	if r.Cause != "" {
		fmt.Fprintf(w, "  likely cause: %s\n", r.Cause)
	}
}

func (c *Case) where() string {
	switch {
	case c.Clause != "":
		return ", " + c.Clause
	case c.IdP != "":
		return ", client " + c.IdP
	}
	return ""
}

func (s *Step) writeText(w io.Writer) {
	fmt.Fprintf(w, "  step %q\n", s.Name)
	if s.NotRun != "" {
		fmt.Fprintf(w, "    not sent: %s\n", s.NotRun)
	}
	if e := s.Exchange; e != nil {
		fmt.Fprintf(w, "    sent:     %s %s\n", e.Method, e.URL)
		if e.RequestBody != "" {
			fmt.Fprintf(w, "              %s\n", clip(e.RequestBody, 2000))
		}
		fmt.Fprintf(w, "    received: %s in %s\n", e.answer(), e.Elapsed.Round(time.Millisecond))
		if e.Body != "" {
			fmt.Fprintf(w, "              %s\n", clip(strings.TrimSpace(e.Body), 2000))
		}
	}
	for _, p := range s.Problems {
		fmt.Fprintf(w, "    expected: %s: %s\n    got:      %s\n", p.At, p.Expected, p.Got)
	}
}
