// Command goals measures the goals of package benchmarks, prints them as a
// table and exits with status 1 if one is missed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"runtime/pprof"

	"github.com/muster-scim/muster/benchmarks"
)

func main() {
	quick := flag.Bool("quick", false, "take less than two minutes, with 300,000 users instead of a million")
	only := flag.String("run", "", "measure only the goals whose area and name match this `regexp`")
	profile := flag.String("cpuprofile", "", "write a CPU profile to this `file`")
	postgres := flag.String("postgres", os.Getenv("MUSTER_TEST_POSTGRES"), "measure the SQL store on this database too, a postgres:// `URL`, and clean up")
	users := flag.Int("sqlusers", 0, "`number` of users in a database; 50,000 or 200,000 by default")
	flag.Parse()
	lab := benchmarks.Full()
	if *quick {
		lab = benchmarks.Quick()
	}
	lab.Postgres = *postgres
	if *users > 0 {
		lab.SQLUsers = *users
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second interrupt does not wait
	missed, err := run(ctx, os.Stdout, lab, *only, *profile)
	err = errors.Join(err, lab.Close())
	if err != nil {
		fmt.Fprintln(os.Stderr, "goals:", err)
	}
	if missed > 0 || err != nil {
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer, lab *benchmarks.Lab, only, profile string) (missed int, err error) {
	pattern, err := regexp.Compile(only)
	if err != nil {
		return 0, err
	}
	if profile != "" {
		f, err := os.Create(profile)
		if err != nil {
			return 0, err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return 0, err
		}
		defer pprof.StopCPUProfile()
	}
	fmt.Fprintf(w, "%s, %d cores, up to %d users in memory and %d in a database\n\n", runtime.Version(), runtime.GOMAXPROCS(0), lab.Large, lab.SQLUsers)
	fmt.Fprint(w, "| goal | measured | limit | | |\n|---|--:|--:|---|---|\n")
	for _, g := range lab.Goals() {
		if !pattern.MatchString(g.Area + ": " + g.Name) {
			continue
		}
		ok, err := row(w, lab, g)
		if err = errors.Join(err, ctx.Err()); err != nil {
			return missed, err
		}
		if !ok {
			missed++
		}
	}
	fmt.Fprintf(w, "\n%d missed\n", missed)
	return missed, nil
}

// row measures one goal and prints it.
func row(w io.Writer, lab *benchmarks.Lab, g benchmarks.Goal) (ok bool, err error) {
	m, err := g.Measure(lab)
	if err != nil {
		return false, fmt.Errorf("%s: %s: %w", g.Area, g.Name, err)
	}
	ok = g.Met(m)
	verdict := "ok"
	if !ok {
		verdict = "MISSED"
	}
	_, err = fmt.Fprintf(w, "| %s: %s | %s | %s | %s | %s |\n", g.Area, g.Name, g.Unit.Text(m.Value), g.LimitText(), verdict, m.Note)
	return ok, err
}
