package scimtest

import (
	"encoding/json"
	"io"
	"time"
)

// Report is the outcome of a run.
type Report struct {
	Target  string        `json:"target"`             // base URL
	Started time.Time     `json:"started"`            // when the run began
	Elapsed time.Duration `json:"elapsedNanoseconds"` // how long it took

	// Trouble says why no case was run at all, in words; usually empty.
	Trouble string `json:"trouble,omitempty"`

	// Results has one entry for each case, in the order of the run.
	Results []Result `json:"results"`

	failOn Level
	failed int
}

func (s *session) newReport() *Report {
	return &Report{Target: s.wire.base.String(), Started: time.Now(), failOn: s.options.FailOn}
}

func (r *Report) add(result Result) {
	r.Results = append(r.Results, result)
	if result.Outcome == Failed {
		r.failed++
	}
}

// OK reports whether every case that counts was run and held: those at level
// [Required], or at the weaker level that Options.FailOn names.
func (r *Report) OK() bool { return r.Trouble == "" && len(r.Decisive()) == 0 }

// Decisive returns the results that make the run fail.
func (r *Report) Decisive() []Result {
	var out []Result
	for _, result := range r.Results {
		if r.decides(&result) {
			out = append(out, result)
		}
	}
	return out
}

func (r *Report) decides(result *Result) bool {
	bad := result.Outcome == Failed || result.Outcome == NotRun
	return bad && result.Case.Level <= r.failOn
}

// Count returns how many cases of a level ended in an outcome.
func (r *Report) Count(l Level, o Outcome) int {
	n := 0
	for _, result := range r.Results {
		if result.Case.Level == l && result.Outcome == o {
			n++
		}
	}
	return n
}

// WriteJSON writes the whole report, evidence included, as indented JSON.
func (r *Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(struct {
		OK bool `json:"ok"`
		*Report
	}{r.OK(), r})
}
