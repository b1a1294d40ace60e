// Command mutate changes one thing at a time in a package and runs its tests:
// a change that no test notices is a sentence of the package that no test says.
//
//	go run ./internal/mutate ./filter ./patch
//	go run ./internal/mutate -file list.go ./patch
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
	"path/filepath"
)

//go:embed kept.txt
var keptText string

func main() {
	file := flag.String("file", "", "the only file whose changes to try")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: mutate [flags] directory...")
		os.Exit(2)
	}
	status := 0
	for _, dir := range flag.Args() {
		survivors, err := run(os.Stdout, dir, *file)
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
func run(out io.Writer, dir, file string) (survivors int, err error) {
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
	killed, kept := 0, 0
	defer s.stop()
	for _, m := range b.mutants {
		if file != "" && filepath.Base(m.file) != file {
			continue
		}
		if reasons[m.key()] != "" {
			kept++
			continue
		}
		noticed, err := s.kills(m)
		switch {
		case err != nil:
			return survivors, err
		case noticed:
			killed++
		default:
			survivors++
			fmt.Fprintf(out, "survived: %s:%d: %s\n", m.file, m.line, m)
		}
	}
	fmt.Fprintf(out, "%s: %d changes, %d noticed, %d kept, %d survived\n", dir, killed+kept+survivors, killed, kept, survivors)
	return survivors, nil
}
