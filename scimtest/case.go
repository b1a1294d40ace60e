package scimtest

import (
	"encoding/json"
	"fmt"
	"time"
)

// Level says how much a case weighs.
type Level int

const (
	// Required cases decide about success: a MUST of an RFC, or a behaviour
	// without which the identity provider of a trace does not work.
	Required Level = iota
	// Recommended cases follow from a SHOULD, or from a reading that most
	// clients rely on. A failure is reported and does not fail the run.
	Recommended
	// Informational cases tell what a server does where it may choose.
	Informational
)

var levelNames = [...]string{"required", "recommended", "informational"}

// String returns "required", "recommended" or "informational".
func (l Level) String() string {
	if l < 0 || int(l) >= len(levelNames) {
		return fmt.Sprintf("Level(%d)", int(l))
	}
	return levelNames[l]
}

// MarshalJSON writes the level as its name.
func (l Level) MarshalJSON() ([]byte, error) { return json.Marshal(l.String()) }

// Case is one thing that is checked. Its Name is unique and stable:
// "patch/atomic" for an RFC case, "entra/entra-008-…" for a trace.
type Case struct {
	Name   string   `json:"name"`             // unique and stable
	Title  string   `json:"title"`            // what must hold, one sentence
	Area   string   `json:"area"`             // "patch", "filter", …, or "trace"
	IdP    string   `json:"idp,omitempty"`    // of a trace
	Clause string   `json:"clause,omitempty"` // for example "RFC 7644 §3.5.2"
	Covers []string `json:"covers,omitempty"` // requirement ids, for example "7644-3.5.2-21"
	Source []string `json:"source,omitempty"` // of a trace: where the behaviour was seen
	Level  Level    `json:"level"`            // how much the case weighs
	Needs  string   `json:"needs,omitempty"`  // server switch or set-up that a trace relies on
	Cause  string   `json:"cause,omitempty"`  // what usually is the cause when the case fails
	Notes  string   `json:"notes,omitempty"`  // of a trace: remarks of its author
}

// Outcome is how a case ended.
type Outcome int

const (
	// Passed means that every expectation held.
	Passed Outcome = iota
	// Failed means that at least one expectation did not hold.
	Failed
	// Skipped means that the case does not apply: the server does not
	// advertise the feature, or no attribute has the needed characteristics.
	Skipped
	// NotRun means that the run ended before the case could be judged.
	NotRun
)

var outcomeNames = [...]string{"passed", "failed", "skipped", "not run"}

// String returns "passed", "failed", "skipped" or "not run".
func (o Outcome) String() string {
	if o < 0 || int(o) >= len(outcomeNames) {
		return fmt.Sprintf("Outcome(%d)", int(o))
	}
	return outcomeNames[o]
}

// MarshalJSON writes the outcome as its name.
func (o Outcome) MarshalJSON() ([]byte, error) { return json.Marshal(o.String()) }

// Result is the outcome of one case with the evidence.
type Result struct {
	Case    Case          `json:"case"`                  // what was checked
	Outcome Outcome       `json:"outcome"`               // how it ended
	Reason  string        `json:"reason,omitempty"`      // why skipped or not run
	Cause   string        `json:"likelyCause,omitempty"` // why it failed, probably
	Steps   []Step        `json:"steps,omitempty"`       // the requests, in order
	Elapsed time.Duration `json:"elapsedNanoseconds"`    // time of all requests
}

// Step is one request of a case: what was sent and came back, what was expected
// and what did not hold.
type Step struct {
	Name     string    `json:"name"`               // what the request does
	Role     string    `json:"role,omitempty"`     // of a trace: setup, wire or verify
	Exchange *Exchange `json:"exchange,omitempty"` // nil when nothing was sent
	Expected []string  `json:"expected,omitempty"` // all expectations, in words
	Problems []Problem `json:"problems,omitempty"` // those that did not hold
	NotRun   string    `json:"notRun,omitempty"`   // why nothing was sent
}

// Problem is one expectation that did not hold.
type Problem struct {
	At       string `json:"at"`       // "status", a header name or a JSON pointer
	Expected string `json:"expected"` // in words
	Got      string `json:"got"`      // what was there instead
}

// String returns the problem as one line.
func (p Problem) String() string {
	return fmt.Sprintf("%s: expected %s, got %s", p.At, p.Expected, p.Got)
}

// Problems returns the problems of all steps.
func (r *Result) Problems() []Problem {
	var out []Problem
	for _, s := range r.Steps {
		out = append(out, s.Problems...)
	}
	return out
}
