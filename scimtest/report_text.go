package scimtest

import (
	"bufio"
	"fmt"
	"io"
	"time"
)

// WriteText writes a table of the cases by clause and client, the evidence for
// each failure, and a summary. With verbose unset, cases that passed are counted
// and not listed, and informational ones have no evidence.
func (r *Report) WriteText(w io.Writer, verbose bool) error {
	out := bufio.NewWriter(w)
	if r.Trouble == "" {
		writeTable(out, "Protocol", r.clauses(), verbose)
		writeTable(out, "Identity providers", r.clients(), verbose)
		r.writeFailures(out, verbose)
	}
	r.writeSummary(out)
	return out.Flush()
}

func writeTable(w io.Writer, title string, groups []*group, verbose bool) {
	if len(groups) == 0 {
		return
	}
	fmt.Fprintf(w, "%-56s %7s %7s %7s\n", title, "passed", "failed", "skipped")
	for _, g := range groups {
		name := g.Name
		if g.Subject != "" && g.Subject != g.Name {
			name += "  " + g.Subject
		}
		fmt.Fprintf(w, "  %-54s %7d %7s %7s\n", clip(name, 53), g.Count(Passed), dash(g.Count(Failed)), dash(g.Count(Skipped)+g.Count(NotRun)))
		for _, result := range g.Results {
			if verbose || result.Outcome == Failed || result.Outcome == NotRun {
				fmt.Fprintf(w, "    %-8s %s%s\n", mark(result), result.Case.Name, aside(result))
			}
		}
	}
	fmt.Fprintln(w)
}

func dash(n int) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprint(n)
}

func mark(r *Result) string {
	switch {
	case r.Outcome == Passed:
		return "ok"
	case r.Outcome == Failed && r.Case.Level == Informational:
		return "differs"
	case r.Outcome == Failed:
		return "FAILED"
	}
	return r.Outcome.String()
}

// aside tells what weakens a failure, or why a case was left out.
func aside(r *Result) string {
	switch {
	case r.Outcome == Skipped || r.Outcome == NotRun:
		return " (" + r.Reason + ")"
	case r.Outcome == Failed && r.Case.Needs != "":
		return fmt.Sprintf(" (%s: needs %s)", r.Case.Level, r.Case.Needs)
	case r.Outcome == Failed && r.Case.Level != Required:
		return " (" + r.Case.Level.String() + ")"
	}
	return ""
}

// writeFailures leaves the evidence for informational cases out unless verbose.
func (r *Report) writeFailures(w io.Writer, verbose bool) {
	for i := range r.Results {
		if result := &r.Results[i]; result.Outcome == Failed && (verbose || result.Case.Level != Informational) {
			result.writeText(w)
			fmt.Fprintln(w)
		}
	}
}

func (r *Report) writeSummary(w io.Writer) {
	fmt.Fprintf(w, "%s, %s, in %s\n", r.Target, r.Started.UTC().Format("2006-01-02 15:04 MST"), r.Elapsed.Round(time.Millisecond))
	if r.Trouble != "" {
		fmt.Fprintf(w, "Nothing was checked. %s\n", r.Trouble)
		return
	}
	for level := Required; level <= Informational; level++ {
		failed := "failed"
		if level == Informational {
			failed = "different"
		}
		fmt.Fprintf(w, "  %-14s %4d passed, %d %s, %d skipped", level, r.Count(level, Passed), r.Count(level, Failed), failed, r.Count(level, Skipped))
		if n := r.Count(level, NotRun); n > 0 {
			fmt.Fprintf(w, ", %d not run", n)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, r.verdict())
}

// verdict is the outcome in one sentence.
func (r *Report) verdict() string {
	n := len(r.Decisive())
	switch {
	case r.Trouble != "":
		return "Nothing was checked."
	case n == 0:
		return "All required cases hold."
	case n == 1:
		return "1 required case does not hold."
	}
	return fmt.Sprintf("%d required cases do not hold.", n)
}
