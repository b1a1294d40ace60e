package scimtest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Defaults of the zero [Options].
const (
	DefaultRounds  = 10               // repetitions of a scenario with parallel steps
	DefaultRunTime = 15 * time.Minute // a whole run
)

// Options chooses what is checked. A nil pointer and the zero value check
// everything: all RFC cases and the traces of every identity provider.
type Options struct {
	// IdPs limits the traces to those of these clients, for example "okta" and
	// "entra"; nil means all, and an empty non-nil slice none.
	IdPs []string

	// Profiles names the switches that the server has turned on. A trace that
	// needs another switch is informational, and so is a case that one of the
	// switches rules out.
	Profiles []string

	// Match, if set, limits the run to cases for which it returns true.
	Match func(Case) bool

	// Traces replaces the corpus of [Traces], if not nil.
	Traces []Trace

	// Rounds is how often a case whose outcome depends on the order of
	// parallel requests is repeated; zero means [DefaultRounds].
	Rounds int

	// Keep leaves the created resources on the server, as evidence.
	Keep bool

	// FailOn is the weakest level whose failures fail the run; the zero value
	// is [Required].
	FailOn Level

	// RunTime bounds the whole run; zero means [DefaultRunTime]. What is left
	// then is reported as not run.
	RunTime time.Duration

	// Progress, if set, is called from one goroutine before each case and once
	// after the last one, unless nothing can be checked.
	Progress func(Progress)
}

// Progress is the state of a run.
type Progress struct {
	Done   int  // cases that have ended
	Total  int  // cases of the run
	Failed int  // cases that failed so far, at any level
	Next   Case // the case about to run; zero at the end
}

func (o *Options) orDefault() Options {
	var out Options
	if o != nil {
		out = *o
	}
	if out.Rounds <= 0 {
		out.Rounds = DefaultRounds
	}
	if out.RunTime <= 0 {
		out.RunTime = DefaultRunTime
	}
	if out.Progress == nil {
		out.Progress = func(Progress) {}
	}
	return out
}

// traces returns the chosen scenarios, or an error for an unknown client.
func (o *Options) traces() ([]Trace, error) {
	all := o.Traces
	if all == nil {
		var err error
		if all, err = loadCorpus(); err != nil {
			return nil, err
		}
	}
	if o.IdPs == nil {
		return all, nil
	}
	known := idps(all)
	for _, name := range o.IdPs {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("scimtest: no trace of %q; known are %s", name, strings.Join(known, ", "))
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(t Trace) bool { return !slices.Contains(o.IdPs, t.IdP) }), nil
}

// idps lists the clients in traces, sorted.
func idps(traces []Trace) []string {
	var out []string
	for _, t := range traces {
		out = append(out, t.IdP)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
