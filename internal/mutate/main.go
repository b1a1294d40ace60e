// Command mutate changes one thing at a time in a package and runs its tests:
// a change that no test notices is a sentence of the package that no test says.
//
//	go run ./internal/mutate -n 40 ./patch
//
// Nothing is written to the tree; the go command gets each change as an
// overlay. A mutant that does not end in time counts as noticed, because a
// test would not end either.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	n := flag.Int("n", 20, "how many changes to try")
	seed := flag.Uint64("seed", 1, "seed of their choice")
	timeout := flag.Duration("timeout", 2*time.Minute, "time for the tests of one change")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: mutate [flags] directory")
		os.Exit(2)
	}
	survivors, err := run(os.Stdout, flag.Arg(0), *n, *seed, *timeout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
	}
	if err != nil || survivors > 0 {
		os.Exit(1)
	}
}

// run tries n changes of the package in dir and names those that survive.
func run(out io.Writer, dir string, n int, seed uint64, timeout time.Duration) (survivors int, err error) {
	all, err := mutants(dir)
	if err != nil {
		return 0, err
	}
	random := rand.New(rand.NewPCG(seed, 0))
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	n = min(n, len(all))
	for _, m := range all[:n] {
		killed, err := m.killed(dir, timeout)
		if err != nil {
			return survivors, err
		}
		if !killed {
			survivors++
			fmt.Fprintf(out, "survived: %s:%d: %s\n", m.file, m.line, m.what)
		}
	}
	fmt.Fprintf(out, "%d of %d possible changes tried, %d survived\n", n, len(all), survivors)
	return survivors, nil
}

// killed reports whether the tests notice the mutant, or it does not compile.
func (m mutant) killed(dir string, timeout time.Duration) (bool, error) {
	tmp, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(tmp)
	file, err := filepath.Abs(m.file)
	if err != nil {
		return false, err
	}
	changed, overlay := filepath.Join(tmp, "changed.go"), filepath.Join(tmp, "overlay.json")
	list, err := json.Marshal(map[string]map[string]string{"Replace": {file: changed}})
	if err != nil {
		return false, err
	}
	if err := os.WriteFile(changed, m.source, 0o600); err != nil {
		return false, err
	}
	if err := os.WriteFile(overlay, list, 0o600); err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	test := exec.CommandContext(ctx, "go", append([]string{"test", "-short", "-failfast", "-vet=off", "-overlay", overlay, "."}, quiet(dir)...)...)
	test.Dir = dir
	test.WaitDelay = time.Second
	output, err := test.CombinedOutput()
	if err != nil && strings.Contains(string(output), "no required module") {
		return false, fmt.Errorf("the tests do not run: %s", output)
	}
	return err != nil, nil
}

// quiet are the flags that keep property tests from writing down what fails.
func quiet(dir string) []string {
	files, _ := filepath.Glob(filepath.Join(dir, "*_test.go"))
	for _, file := range files {
		if src, err := os.ReadFile(file); err == nil && strings.Contains(string(src), `"pgregory.net/rapid"`) {
			return []string{"-rapid.nofailfile"}
		}
	}
	return nil
}
