// Command scimtest checks a SCIM 2.0 service provider: what the RFCs ask of it,
// and what identity providers really send.
//
//	go run ./scimtest/cmd/scimtest -base https://example.com/scim/v2 -token T
//
// It prints a table of the cases by clause and identity provider, and for each
// failure what was sent, what came back, what was expected and the likely
// cause. The exit status is 0 if all required cases hold, 1 if not, and 2 if it
// was used wrongly. Run it with -h for the flags.
//
// Cases create their own resources on the server and delete them afterwards.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/muster-scim/muster/scimtest"
)

// The exit statuses.
const (
	exitOK = iota
	exitFailed
	exitUsage
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the command without its process.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	c, err := parse(args, getenv, stderr)
	if err != nil {
		if !errors.Is(err, errShown) {
			fmt.Fprintln(stderr, "scimtest:", err)
		}
		return exitUsage
	}
	if c.help {
		return exitOK
	}
	if c.list {
		return list(c, stdout, stderr)
	}
	return check(ctx, c, stdout, stderr)
}

// list prints the cases that a run would check.
func list(c *config, stdout, stderr io.Writer) int {
	cases, err := scimtest.Cases(&c.options)
	if err != nil {
		fmt.Fprintln(stderr, "scimtest:", err)
		return exitUsage
	}
	for _, one := range cases {
		where := one.Clause
		if one.IdP != "" {
			where = one.IdP
		}
		fmt.Fprintf(stdout, "%-58s %-13s %-18s %s\n", one.Name, one.Level, where, one.Title)
	}
	fmt.Fprintf(stdout, "%d cases\n", len(cases))
	return exitOK
}

func check(ctx context.Context, c *config, stdout, stderr io.Writer) int {
	files, err := c.createFiles()
	if err != nil {
		fmt.Fprintln(stderr, "scimtest:", err)
		return exitUsage
	}
	p := newProgress(stderr, c.quiet)
	c.options.Progress = p.show
	report, err := scimtest.Check(ctx, c.target, &c.options)
	if err != nil {
		fmt.Fprintln(stderr, "scimtest:", err)
		return exitUsage
	}
	if err := errors.Join(report.WriteText(stdout, c.verbose), files.write(report)); err != nil {
		fmt.Fprintln(stderr, "scimtest:", err)
		return exitFailed
	}
	if !report.OK() {
		return exitFailed
	}
	return exitOK
}
