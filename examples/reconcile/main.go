// Command reconcile compares a list of people with what a SCIM service holds,
// and can mend the service.
//
//	go run ./examples/reconcile -expected users.csv -base https://id.example.com/scim/v2 -token T
//
// The list is a CSV file whose first row names the attributes, or JSON lines
// (.jsonl, .json). It reports what is missing, extra and different. Nothing is
// changed unless -dry-run=false is given; then -extra says what happens to those
// who are not in the list, and -checkpoint lets an interrupted run go on.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim/reconcile"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "reconcile:", strings.TrimPrefix(err.Error(), "reconcile: "))
		os.Exit(1)
	}
}

// job is what the flags ask for.
type job struct {
	expected, checkpoint string
	format               string
	dryRun               bool
	client               reconcile.Client
	options              reconcile.Options
	applier              reconcile.Applier
	typ                  *schema.ResourceType
	out                  io.Writer
	bar                  *bar
}

func parse(args []string, out, progress io.Writer) (*job, error) {
	j := &job{typ: schema.UserDefinition().MustCompile(), out: out, bar: &bar{out: progress}}
	flags := flag.NewFlagSet("reconcile", flag.ContinueOnError)
	flags.SetOutput(progress)
	flags.StringVar(&j.expected, "expected", "", "the list: a .csv, .jsonl or .json file")
	flags.StringVar(&j.client.Base, "base", "", "base URL of the service")
	flags.StringVar(&j.client.Token, "token", os.Getenv("SCIM_TOKEN"), "bearer token; by default that of the environment variable SCIM_TOKEN")
	flags.StringVar(&j.options.Key, "key", "", "attribute that identifies people; by default userName")
	flags.BoolVar(&j.options.SkipMalformed, "skip-malformed", false, "report rows that cannot be understood, and go on")
	flags.StringVar(&j.format, "report", "text", "format of the report: text, csv or html")
	flags.BoolVar(&j.dryRun, "dry-run", true, "only report")
	extra := flags.String("extra", "", "what happens to those who are not in the list: deactivate or delete; by default nothing")
	flags.Float64Var(&j.applier.Rate, "rate", 10, "largest number of changes per second")
	flags.StringVar(&j.checkpoint, "checkpoint", "", "file that notes how far a run came, to resume it")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	switch j.applier.Extra = reconcile.ExtraPolicy(*extra); {
	case j.expected == "" || j.client.Base == "":
		return nil, errors.New("-expected and -base are required")
	case *extra != "" && *extra != "deactivate" && *extra != "delete":
		return nil, fmt.Errorf("-extra cannot be %q", *extra)
	}
	j.options.Progress = j.bar.read
	j.applier.Client, j.applier.Types, j.applier.Commit = &j.client, []*schema.ResourceType{j.typ}, !j.dryRun
	return j, nil
}

func run(ctx context.Context, args []string, out, progress io.Writer) error {
	j, err := parse(args, out, progress)
	if err != nil {
		return err
	}
	file, err := os.Open(j.expected)
	if err != nil {
		return err
	}
	defer file.Close()
	rows := reconcile.FromJSONLines(file, j.typ)
	if strings.EqualFold(filepath.Ext(j.expected), ".csv") {
		rows = reconcile.FromCSV(file, j.typ)
	}
	findings := reconcile.Compare(ctx, j.typ, rows, j.client.Rows(ctx, j.typ), &j.options)
	if j.dryRun {
		_, err = reconcile.Write(out, reconcile.Format(j.format), j.shown(findings))
		j.bar.end()
		return err
	}
	return j.apply(ctx, findings)
}

// shown moves the progress bar out of the way of the report.
func (j *job) shown(findings iter.Seq2[reconcile.Finding, error]) iter.Seq2[reconcile.Finding, error] {
	return func(yield func(reconcile.Finding, error) bool) {
		for f, err := range findings {
			j.bar.end()
			if !yield(f, err) {
				return
			}
		}
	}
}

// apply mends the service while it writes the report.
func (j *job) apply(ctx context.Context, findings iter.Seq2[reconcile.Finding, error]) error {
	if j.checkpoint != "" {
		data, err := os.ReadFile(j.checkpoint)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		j.applier.After = string(data)
	}
	j.applier.Done = func(f reconcile.Finding, action string, err error) error {
		j.bar.done(action)
		if f.Kind == reconcile.Malformed {
			j.bar.end()
			fmt.Fprintf(j.out, "line %d is malformed: %v\n", f.Line, f.Err)
			return nil
		}
		if err != nil {
			j.bar.end()
			fmt.Fprintf(j.out, "%s %q failed: %v\n", action, f.Key, err)
			return nil
		}
		if j.checkpoint == "" {
			return nil
		}
		return os.WriteFile(j.checkpoint, []byte(f.Key), 0o600)
	}
	done, err := j.applier.Apply(ctx, findings)
	j.bar.end()
	fmt.Fprintf(j.out, "%d created, %d patched, %d deactivated, %d deleted, %d failed, %d malformed\n",
		done.Created, done.Patched, done.Deactivated, done.Deleted, done.Failed, done.Malformed)
	if err == nil && j.checkpoint != "" {
		err = os.Remove(j.checkpoint)
		if errors.Is(err, os.ErrNotExist) {
			err = nil
		}
	}
	return err
}

// bar shows progress on one line of a terminal.
type bar struct {
	out     io.Writer
	open    bool
	changes int
}

// width is that of the moving part; how long the lists are is not known before
// their end.
const width = 20

func (b *bar) show(n int, text string) {
	at := n % width
	fmt.Fprintf(b.out, "\r[%s=%s] %s", strings.Repeat(" ", at), strings.Repeat(" ", width-1-at), text)
	b.open = true
}

func (b *bar) read(rows int) { b.show(rows/1000, fmt.Sprintf("%d rows read", rows)) }

func (b *bar) done(action string) {
	if action != "" {
		b.changes++
		b.show(b.changes, fmt.Sprintf("%d changes", b.changes))
	}
}

// end goes to the next line if the bar is on this one.
func (b *bar) end() {
	if b.open {
		fmt.Fprintln(b.out)
	}
	b.open = false
}
