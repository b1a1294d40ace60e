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
	flags []string
	tests []test
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
	maxSeconds   = 30 // without a change
	maxKilobytes = 8_000_000
	maxWait      = time.Minute
)

// newSuite runs each test alone, without a mutant. A test that fails then, as
// one that counts allocations may, is no witness.
func newSuite(b *binary) (*suite, error) {
	s := &suite{binary: b, flags: []string{"-test.short", "-test.failfast"}}
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
	took, passed := s.passes([]string{name}, maxSeconds, "MUTANTS_REACHED="+file)
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

// kills reports whether a test notices the mutant. The quick ones run first and
// together.
func (s *suite) kills(m mutant) bool {
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
	_, passed := s.passes(names, 1+int((5*took+time.Second-1)/time.Second), fmt.Sprint("MUTANT=", m.id))
	return !passed
}

// passes runs tests for some seconds at most, and returns the processor time
// that they took.
func (s *suite) passes(names []string, seconds int, env string) (time.Duration, bool) {
	ctx, cancel := context.WithTimeout(context.Background(), maxWait)
	defer cancel()
	bounded := fmt.Sprintf(`ulimit -t %d -v %d; exec "$@"`, seconds, maxKilobytes)
	args := append([]string{"-c", bounded, "sh", s.path(), "-test.run", "^(" + strings.Join(names, "|") + ")$"}, s.flags...)
	c := exec.CommandContext(ctx, "sh", args...)
	c.Dir, c.Env, c.WaitDelay = s.dir, append(os.Environ(), "GOMAXPROCS=1", env), time.Second
	err := c.Run()
	return c.ProcessState.UserTime() + c.ProcessState.SystemTime(), err == nil
}

func usesRapid(dir string) bool {
	files, _ := filepath.Glob(filepath.Join(dir, "*_test.go"))
	return slices.ContainsFunc(files, func(file string) bool {
		source, err := os.ReadFile(file)
		return err == nil && bytes.Contains(source, []byte(`"pgregory.net/rapid"`))
	})
}
