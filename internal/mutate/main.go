// Command mutate changes one thing at a time in a package and runs its tests:
// a change that no test notices is a sentence of the package that no test says.
//
//	go run ./internal/mutate ./filter ./patch
//	go run ./internal/mutate -from 200 -to 300 ./patch
//
// All changes are woven into one test binary, each behind a switch, so that a
// change costs one run of the tests that reach it. Nothing is written to the
// tree. A change that does not end in time counts as noticed, because a test
// would not end either. The changes of kept.txt make no difference that a test
// should see; the file says why.
package main

import (
	_ "embed"
	"flag"
	"fmt"
	"io"
	"os"
)

//go:embed kept.txt
var keptText string

func main() {
	from := flag.Int("from", 0, "the first change to try")
	to := flag.Int("to", -1, "the one after the last; -1 for all")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: mutate [flags] directory...")
		os.Exit(2)
	}
	status := 0
	for _, dir := range flag.Args() {
		survivors, err := run(os.Stdout, dir, *from, *to)
		if err != nil {
			fmt.Fprintln(os.Stderr, "mutate:", err)
		}
		if err != nil || survivors > 0 {
			status = 1
		}
	}
	os.Exit(status)
}

// run tries changes of the package in dir and names those that survive.
func run(out io.Writer, dir string, from, to int) (survivors int, err error) {
	reasons, err := parseKept(keptText)
	if err != nil {
		return 0, err
	}
	b, err := build(dir)
	if err != nil {
		return 0, err
	}
	defer b.remove()
	s, err := newSuite(b)
	if err != nil {
		return 0, err
	}
	if to < 0 || to > len(b.mutants) {
		to = len(b.mutants)
	}
	killed, kept := 0, 0
	defer s.stop()
	for _, m := range b.mutants[from:to] {
		noticed, err := s.kills(m)
		switch {
		case err != nil:
			return survivors, err
		case noticed:
			killed++
		case reasons[m.key()] != "":
			kept++
		default:
			survivors++
			fmt.Fprintf(out, "survived: %s:%d: %s\n", m.file, m.line, m)
		}
	}
	fmt.Fprintf(out, "%s: %d changes, %d noticed, %d kept, %d survived\n", dir, to-from, killed, kept, survivors)
	return survivors, nil
}
