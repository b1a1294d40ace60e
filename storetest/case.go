package storetest

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"

	"github.com/muster-scim/muster/store"
)

// A testCase enforces one sentence of the contract.
type testCase struct {
	// name is "Theme/Sentence". It is stable: reports and mutants refer to it.
	name string
	// clause is the sentence, in the words of package store.
	clause string
	// needs says whether the case makes sense for a store.
	needs func(*run) bool
	run   func(*run)
}

// Failure is one case that a store does not pass.
type Failure struct {
	// Case is the name of the case, such as "Versions/CheckedInsideWrite".
	Case string
	// Hidden says that the case ran with every upgrade hidden.
	Hidden bool
	// Clause is the sentence of the contract that the store breaks.
	Clause string
	// Problems says what was observed.
	Problems []string
}

// Error says which sentence is broken and how.
func (f *Failure) Error() string {
	mode := ""
	if f.Hidden {
		mode = " (upgrades hidden)"
	}
	return fmt.Sprintf("%s%s: the contract says: %q\n\t%s", f.Case, mode, f.Clause, strings.Join(f.Problems, "\n\t"))
}

// run is one case on its way.
type run struct {
	ctx     context.Context
	opts    Options
	depl    *Deployment
	hidden  bool
	caps    store.Capabilities // of the store as it is, also when hidden
	store   store.Store        // of the tenant under test
	other   store.Store        // of the tenant that must not notice
	twins   twins
	mu      sync.Mutex
	problem []string
	skipped string
}

// maxProblems bounds what one failing case prints.
const maxProblems = 8

// errorf notes a problem and goes on. It is safe for concurrent use.
func (r *run) errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.problem) < maxProblems {
		r.problem = append(r.problem, fmt.Sprintf(format, args...))
	}
}

// fatalf notes a problem and ends the case. Only the goroutine of the case may
// call it.
func (r *run) fatalf(format string, args ...any) {
	r.errorf(format, args...)
	runtime.Goexit()
}

// skipf ends the case without a verdict.
func (r *run) skipf(format string, args ...any) {
	r.skipped = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// ok ends the case if err is not nil.
func (r *run) ok(what string, err error) {
	if err != nil {
		r.fatalf("%s: %v", what, err)
	}
}

// rounds is how often a random or concurrent step is repeated.
func (r *run) rounds(full int) int {
	if r.opts.Quick {
		return max(1, full/5)
	}
	return full
}

func (r *run) failed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.problem) > 0
}
