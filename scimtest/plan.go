package scimtest

import (
	"context"
	"slices"
	"time"
)

// planned is a case with the code that judges it.
type planned struct {
	Case
	run func(context.Context, *session) Result
}

// Cases returns what a run with these options would check, in order.
func Cases(o *Options) ([]Case, error) {
	opts := o.orDefault()
	plan, err := opts.plan()
	if err != nil {
		return nil, err
	}
	out := make([]Case, len(plan))
	for i, p := range plan {
		out[i] = p.Case
	}
	return out, nil
}

func (o *Options) plan() ([]planned, error) {
	traces, err := o.traces()
	if err != nil {
		return nil, err
	}
	var out []planned
	for _, c := range rfcCases() {
		out = append(out, c.plan(o.Profiles))
	}
	for _, t := range traces {
		out = append(out, planTrace(&t, o))
	}
	if o.Match != nil {
		out = slices.DeleteFunc(out, func(p planned) bool { return !o.Match(p.Case) })
	}
	return out, nil
}

func planTrace(t *Trace, o *Options) planned {
	c := Case{
		Name:   "trace/" + t.Scenario,
		Title:  t.Title,
		Area:   "trace",
		IdP:    t.IdP,
		Source: t.Source,
		Level:  traceLevel(t, o),
		Needs:  t.needs(),
		Notes:  t.Notes,
	}
	return planned{c, func(ctx context.Context, s *session) Result { return s.replay(ctx, c, t) }}
}

// traceLevel makes a scenario decisive unless it needs something of the server
// that is not known to be there.
func traceLevel(t *Trace, o *Options) Level {
	switch {
	case t.Profile != "" && !slices.Contains(o.Profiles, t.Profile):
		return Informational
	case t.Requires != "":
		return Recommended
	}
	return Required
}

// replay runs a scenario, several times if it depends on chance, and returns
// the first failing round or the last one.
func (s *session) replay(ctx context.Context, c Case, t *Trace) Result {
	rounds := 1
	if t.racy() {
		rounds = s.options.Rounds
	}
	out := Result{Case: c}
	if urn := s.model(ctx).lacks(t.Requires); urn != "" {
		out.Outcome, out.Reason = Skipped, "the server has no schema "+urn
		return out
	}
	start := time.Now()
	for range rounds {
		r := newReplay(s.wire, t)
		r.run(ctx)
		if !s.options.Keep {
			r.cleanUp(ctx)
		}
		out.Steps = r.steps
		if slices.ContainsFunc(out.Steps, func(s Step) bool { return s.failed() }) {
			out.Outcome = Failed
			break
		}
	}
	out.Elapsed = time.Since(start)
	return out
}

// rfcCases returns the protocol checks in the order of a run.
func rfcCases() []rfcCase {
	return slices.Concat(
		discoveryCases, crudCases, errorCases, projectionCases, patchCases, memberCases, filterCases, sortCases,
		pageCases, cursorCases, searchCases, etagCases, bulkCases, meCases, asyncCases, concurrencyCases,
	)
}
