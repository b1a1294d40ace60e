package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/muster-scim/muster/scimtest"
)

// config is what the command line asks for.
type config struct {
	target   scimtest.Target
	options  scimtest.Options
	list     bool
	help     bool
	quiet    bool
	verbose  bool
	jsonFile string
	htmlFile string
}

// errShown marks an error that the flag package has printed already.
var errShown = errors.New("usage")

const usage = `usage: scimtest -base URL [-token T] [flags]

Checks a SCIM 2.0 service. The token may also be given in SCIMTEST_TOKEN.
Exit status: 0 if all required cases hold, 1 if not, 2 for wrong usage.

`

func parse(args []string, getenv func(string) string, stderr io.Writer) (*config, error) {
	c := &config{}
	var idps, profiles, pattern, traces string
	f := flag.NewFlagSet("scimtest", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() {
		fmt.Fprint(stderr, usage)
		f.PrintDefaults()
	}
	f.StringVar(&c.target.BaseURL, "base", "", "base `URL` of the service, such as https://example.com/scim/v2")
	f.StringVar(&c.target.Token, "token", getenv("SCIMTEST_TOKEN"), "bearer `token`")
	f.StringVar(&idps, "idp", "", "replay only these identity providers, such as okta,entra; \"none\" for the RFC cases alone")
	f.StringVar(&profiles, "profile", "", "server `switches` that are on, such as put-merge; traces that need them become required")
	f.StringVar(&pattern, "run", "", "check only cases whose name matches this regular `expression`")
	f.StringVar(&traces, "traces", "", "replay the traces in this `directory` instead of those built in")
	f.BoolVar(&c.list, "list", false, "list the cases and exit")
	f.BoolVar(&c.verbose, "v", false, "list passed and skipped cases too")
	f.BoolVar(&c.quiet, "q", false, "show no progress")
	f.BoolVar(&c.options.Keep, "keep", false, "leave the created resources on the server")
	f.IntVar(&c.options.Rounds, "rounds", 0, "repetitions of cases with parallel requests")
	f.DurationVar(&c.target.Timeout, "timeout", scimtest.DefaultTimeout, "longest time for one request")
	f.DurationVar(&c.options.RunTime, "runtime", scimtest.DefaultRunTime, "longest time for the whole run")
	f.StringVar(&c.jsonFile, "json", "", "write the report as JSON to this `file`")
	f.StringVar(&c.htmlFile, "html", "", "write the report as one HTML page to this `file`")
	if err := f.Parse(args); err != nil {
		c.help = errors.Is(err, flag.ErrHelp)
		if c.help {
			return c, nil
		}
		return nil, errShown
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	return c, c.choose(idps, profiles, pattern, traces)
}

// choose completes the options and checks what can be checked without the
// server.
func (c *config) choose(idps, profiles, pattern, traces string) error {
	if c.target.BaseURL == "" && !c.list {
		return errors.New("-base is needed, such as -base https://example.com/scim/v2")
	}
	if c.target.Timeout <= 0 || c.options.RunTime <= 0 || c.options.Rounds < 0 {
		return errors.New("-timeout and -runtime must be positive, and -rounds not negative")
	}
	c.options.IdPs = split(idps)
	c.options.Profiles = split(profiles)
	if idps == "none" {
		c.options.IdPs = []string{}
	}
	if err := c.match(pattern); err != nil {
		return err
	}
	if traces != "" {
		loaded, err := scimtest.LoadTraces(os.DirFS(traces), ".")
		if err != nil {
			return err
		}
		c.options.Traces = loaded
	}
	cases, err := scimtest.Cases(&c.options)
	if err == nil && len(cases) == 0 {
		err = errors.New("no case is chosen")
	}
	return err
}

func (c *config) match(pattern string) error {
	if pattern == "" {
		return nil
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return fmt.Errorf("-run: %w", err)
	}
	c.options.Match = func(one scimtest.Case) bool { return re.MatchString(one.Name) }
	return nil
}

func split(list string) []string {
	var out []string
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// files are the reports to write. They are created before the run, so that a
// mistake in a path is found before anything is sent.
type files []file

type file struct {
	*os.File
	write func(*scimtest.Report, io.Writer) error
}

func (c *config) createFiles() (files, error) {
	var out files
	for _, wanted := range []struct {
		name  string
		write func(*scimtest.Report, io.Writer) error
	}{{c.jsonFile, (*scimtest.Report).WriteJSON}, {c.htmlFile, (*scimtest.Report).WriteHTML}} {
		if wanted.name == "" {
			continue
		}
		f, err := os.Create(wanted.name)
		if err != nil {
			return nil, err
		}
		out = append(out, file{f, wanted.write})
	}
	return out, nil
}

func (fs files) write(r *scimtest.Report) error {
	var errs []error
	for _, f := range fs {
		errs = append(errs, f.write(r, f), f.Close())
	}
	return errors.Join(errs...)
}

// every is how many cases pass between two lines of progress when the output is
// no terminal.
const every = 25

// progress shows one line that is written over again, or now and then a line
// when the output is no terminal.
type progress struct {
	out      io.Writer
	terminal bool
	start    time.Time
}

func newProgress(out io.Writer, quiet bool) *progress {
	if quiet {
		out = io.Discard
	}
	f, ok := out.(*os.File)
	p := &progress{out: out, start: time.Now()}
	if ok {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

func (p *progress) show(s scimtest.Progress) {
	line := fmt.Sprintf("%d/%d cases, %d failed, %s", s.Done, s.Total, s.Failed, time.Since(p.start).Round(time.Second))
	switch {
	case p.terminal && s.Done == s.Total:
		fmt.Fprintf(p.out, "\r\x1b[K")
	case p.terminal:
		fmt.Fprintf(p.out, "\r\x1b[K%s  %.40s", line, s.Next.Name)
	case s.Done%every == 0 || s.Done == s.Total:
		fmt.Fprintln(p.out, line)
	}
}
