package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// suite is the tests of a package, the quickest first.
type suite struct {
	*binary
	flags  []string
	tests  []test
	last   test    // the one that noticed the last mutant
	server *server // nil if none runs
}

// test is a test, the processor time that it takes and what it reaches.
type test struct {
	name    string
	took    time.Duration
	reached map[int]bool
}

// The bounds of one run. Time is counted by the processor, so that a machine
// which is busy with other work changes nothing; only what waits for ever is
// ended by the clock.
const (
	maxTime      = 30 * time.Second // without a mutant
	maxKilobytes = 8_000_000
	maxWait      = time.Minute
)

// newSuite runs each test alone, without a mutant. A test that fails then, as
// one that counts allocations may, is no witness.
func newSuite(b *binary) (*suite, error) {
	s := &suite{binary: b, flags: []string{"-test.short"}}
	if usesRapid(b.dir) { // the same values each time
		s.flags = append(s.flags, "-rapid.nofailfile", "-rapid.seed=1", "-rapid.shrinktime=1ms")
	}
	list, err := exec.Command(b.path(), "-test.list", ".").Output()
	if err != nil {
		return nil, err
	}
	for name := range strings.FieldsSeq(string(list)) {
		if strings.HasPrefix(name, "Benchmark") {
			continue
		}
		t, err := s.measure(name)
		if err != nil {
			return nil, err
		}
		if t.reached != nil {
			s.tests = append(s.tests, t)
		}
	}
	if len(s.tests) == 0 {
		return nil, fmt.Errorf("no test of %s passes", b.dir)
	}
	slices.SortFunc(s.tests, func(t, u test) int { return int(t.took - u.took) })
	return s, nil
}

func (s *suite) measure(name string) (test, error) {
	file := filepath.Join(s.temp, "reached")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		return test{}, err
	}
	took, passed := s.passes([]string{name}, maxTime, "MUTANTS_REACHED="+file)
	if !passed {
		return test{}, nil
	}
	t := test{name: name, took: took, reached: map[int]bool{}}
	lines, err := os.ReadFile(file)
	if err != nil {
		return test{}, err
	}
	for line := range bytes.Lines(lines) {
		id := 0
		if _, err := fmt.Sscan(string(line), &id); err != nil {
			return test{}, err
		}
		t.reached[id] = true
	}
	return t, nil
}

// kills reports whether a test notices the mutant: the one that noticed the
// last mutant, or else the quick ones before the others. What the server lets
// pass is tried again by processes that have the mutant from their start,
// because a value that is computed once may hide it.
func (s *suite) kills(m mutant) (bool, error) {
	tests := append([]test{s.last}, s.tests...)
	for i, t := range tests {
		if !t.reached[m.id] || i > 0 && t.name == s.last.name {
			continue
		}
		if killed, err := s.notices(t, m); killed || err != nil {
			s.last = t
			return killed, err
		}
	}
	return s.noticedFromTheStart(m), nil
}

// notices runs t in the server. A failure counts if t passes without the mutant
// right after it, or in a fresh process: an earlier mutant may have left
// something behind.
func (s *suite) notices(t test, m mutant) (killed bool, err error) {
	for fresh := s.server == nil; ; fresh = true {
		if s.server == nil {
			if s.server, err = s.start(); err != nil {
				return false, err
			}
		}
		limit := 5*t.took + time.Second/2
		failed, died := s.server.fails(t.name, m.id, limit)
		if !failed {
			return false, nil
		}
		if !died {
			if failed, _ = s.server.fails(t.name, 0, limit); !failed {
				return true, nil
			}
		}
		s.stop()
		if fresh {
			return true, nil
		}
	}
}

// stop ends the server, if there is one.
func (s *suite) stop() {
	if s.server != nil {
		s.server.stop()
		s.server = nil
	}
}

// noticedFromTheStart runs the tests that reach the mutant in few processes.
func (s *suite) noticedFromTheStart(m mutant) bool {
	const together = 200 * time.Millisecond
	var names []string
	var take time.Duration
	for _, t := range s.tests {
		if !t.reached[m.id] {
			continue
		}
		if take+t.took > together && s.fails(names, take, m) {
			return true
		} else if take+t.took > together {
			names, take = nil, 0
		}
		names, take = append(names, t.name), take+t.took
	}
	return s.fails(names, take, m)
}

// fails runs tests with the mutant. They may take five times as long as they
// took, and a second.
func (s *suite) fails(names []string, took time.Duration, m mutant) bool {
	if len(names) == 0 {
		return false
	}
	_, passed := s.passes(names, 5*took+time.Second, fmt.Sprint("MUTANT=", m.id))
	return !passed
}

// passes runs tests for a while at most, and returns the processor time that
// they took.
func (s *suite) passes(names []string, limit time.Duration, env string) (time.Duration, bool) {
	ctx, cancel := context.WithTimeout(context.Background(), maxWait)
	defer cancel()
	seconds := fmt.Sprint(1 + int(limit/time.Second))
	c := s.command(ctx, seconds, env, "-test.failfast", "-test.run=^("+strings.Join(names, "|")+")$")
	err := c.Run()
	return c.ProcessState.UserTime() + c.ProcessState.SystemTime(), err == nil
}

// command runs the test binary with bounds. One processor is enough, and makes
// the time that a test takes the same each time.
func (s *suite) command(ctx context.Context, seconds, env string, args ...string) *exec.Cmd {
	bounded := fmt.Sprintf(`ulimit -t %s; ulimit -v %d; exec "$@"`, seconds, maxKilobytes)
	args = slices.Concat([]string{"-c", bounded, "sh", s.path()}, s.flags, args)
	c := exec.CommandContext(ctx, "sh", args...)
	c.Dir, c.Env, c.WaitDelay = s.dir, append(os.Environ(), "GOMAXPROCS=1", env), time.Second
	return c
}

func usesRapid(dir string) bool {
	files, _ := filepath.Glob(filepath.Join(dir, "*_test.go"))
	return slices.ContainsFunc(files, func(file string) bool {
		source, err := os.ReadFile(file)
		return err == nil && bytes.Contains(source, []byte(`"pgregory.net/rapid"`))
	})
}
