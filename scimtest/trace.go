package scimtest

import (
	"embed"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
)

// Trace is one scenario of one identity provider's SCIM client: the requests it
// is documented or observed to send, in order, and what it needs to get back.
type Trace struct {
	IdP      string   // short name of the client, for example "entra"
	Scenario string   // unique name, equal to the file name without ".json"
	Title    string   // one sentence
	Source   []string // where the behaviour is documented or was seen
	Inferred string   // which part is a conclusion, if any
	Profile  string   // the server switch without which the scenario may fail
	Requires string   // server set-up that the scenario needs
	Notes    string   // free text of the author

	steps []traceStep
}

// traceStep is one request of a trace with its expectations, compiled.
type traceStep struct {
	name     string
	role     string // "setup", "wire" or "verify"
	method   string
	path     string // below the base URL, percent-encoded, before substitution
	header   http.Header
	body     json.RawMessage
	status   []int
	headers  []expectation
	fields   []expectation
	absent   []string
	captures []capture
	repeat   int
	parallel string
}

// expectation is a value in the corpus format on a pointer or header name; it
// is compiled when the variables are known.
type expectation struct {
	at   string
	want any
}

type capture struct{ name, at string }

//go:embed testdata/traces/*.json
var corpus embed.FS

var loadCorpus = sync.OnceValues(func() ([]Trace, error) { return LoadTraces(corpus, "testdata/traces") })

// Traces returns the corpus that ships with this package, ordered by name.
func Traces() []Trace {
	all, _ := loadCorpus() // a mistake in it is caught by this package's tests
	return append([]Trace(nil), all...)
}

// rounds tells whether the scenario has parallel steps, whose outcome depends
// on chance so that it is worth repeating.
func (t *Trace) racy() bool {
	for _, s := range t.steps {
		if s.parallel != "" {
			return true
		}
	}
	return false
}

// needs joins what the server must be set up with.
func (t *Trace) needs() string {
	return strings.Trim(t.Profile+"; "+t.Requires, "; ")
}
