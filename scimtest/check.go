package scimtest

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// Check runs the cases against target and reports on all of them. An error means
// that nothing was checked, because the target or the options are unusable; a
// target that does not answer is not an error but a report.
//
// Check does not return before the context of each request has ended, so it
// takes at most Options.RunTime plus one request.
func Check(ctx context.Context, target Target, o *Options) (*Report, error) {
	s, plan, err := newSession(target, o)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, s.options.RunTime)
	defer cancel()
	report := s.newReport()
	if report.Trouble = s.trouble(ctx); report.Trouble != "" {
		s.options.Progress = func(Progress) {} // nothing is checked
	}
	for i, p := range plan {
		s.options.Progress(Progress{Done: i, Total: len(plan), Failed: report.failed, Next: p.Case})
		report.add(s.judge(ctx, p, report.Trouble))
	}
	s.options.Progress(Progress{Done: len(plan), Total: len(plan), Failed: report.failed})
	report.Elapsed = time.Since(report.Started)
	return report, nil
}

// session is one run against one target.
type session struct {
	wire    *wire
	options Options
	header  http.Header // of RFC cases
	found   *model      // see model
}

// model returns what the server advertises, read once.
func (s *session) model(ctx context.Context) *model {
	if s.found == nil {
		s.found = s.discover(ctx)
	}
	return s.found
}

func newSession(target Target, o *Options) (*session, []planned, error) {
	w, err := newWire(target)
	if err != nil {
		return nil, nil, err
	}
	s := &session{wire: w, options: o.orDefault(), header: target.Header.Clone()}
	if s.header == nil {
		s.header = http.Header{}
	}
	if target.Token != "" && s.header.Get("Authorization") == "" {
		s.header.Set("Authorization", "Bearer "+target.Token)
	}
	plan, err := s.options.plan()
	return s, plan, err
}

const stopped = "the run was stopped or its time was up"

// judge runs one case unless the run is over. A case during which the run ends
// counts as not run.
func (s *session) judge(ctx context.Context, p planned, trouble string) Result {
	switch {
	case trouble != "":
		return Result{Case: p.Case, Outcome: NotRun, Reason: trouble}
	case ctx.Err() != nil:
		return Result{Case: p.Case, Outcome: NotRun, Reason: stopped}
	case s.wire.gone():
		reason := fmt.Sprintf("the target left %d requests in a row unanswered", maxSilent)
		return Result{Case: p.Case, Outcome: NotRun, Reason: reason}
	}
	result := p.run(ctx, s)
	if result.Outcome == Failed && ctx.Err() != nil {
		result.Outcome, result.Reason = NotRun, stopped
	}
	result.Cause = result.diagnose()
	return result
}

// trouble makes a first contact and says, in words, why a run would be
// pointless; empty if it would not.
func (s *session) trouble(ctx context.Context) string {
	config := s.wire.send(ctx, message{http.MethodGet, "/ServiceProviderConfig", s.header, nil})
	users := s.wire.send(ctx, message{http.MethodGet, "/Users?count=1", s.header, nil})
	switch {
	case users.Status == http.StatusUnauthorized:
		return fmt.Sprintf("GET %s answers %s: the target does not accept the token", users.URL, users.answer())
	case usable(config) || usable(users):
		return ""
	case users.redirected():
		return fmt.Sprintf("GET %s answers %s: use the address it points to as base URL", users.URL, users.answer())
	case users.isHTML():
		return fmt.Sprintf("GET %s answers %s: the base URL does not lead to a SCIM service", users.URL, users.answer())
	}
	return fmt.Sprintf("GET %s: %s", users.URL, users.answer())
}

func usable(e *Exchange) bool { return e.answered() && !e.redirected() && !e.isHTML() }
