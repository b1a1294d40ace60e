package scimtest

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

//go:embed report.html.tmpl
var reportSource string

var reportTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"class":   func(o Outcome) string { return strings.ReplaceAll(o.String(), " ", "-") },
	"mark":    mark,
	"percent": percent,
	"pretty":  pretty,
	"headers": headerLines,
	"answer":  (*Exchange).answer,
	"round":   func(d time.Duration) string { return d.Round(time.Millisecond).String() },
}).Parse(reportSource))

// htmlReport is what the template sees.
type htmlReport struct {
	*Report
	Verdict  string
	Held     bool
	Started  string
	Elapsed  string
	Clauses  []*group
	Clients  []*group
	Failures []*Result
	Choices  []*Result // informational cases that the server settles otherwise
	Levels   []levelCount
}

type levelCount struct {
	Level                           Level
	Passed, Failed, Skipped, NotRun int
}

// WriteHTML writes the report as one page that needs no other file, to be read
// and handed on.
func (r *Report) WriteHTML(w io.Writer) error {
	page := htmlReport{
		Report: r, Verdict: r.verdict(), Held: r.OK(),
		Started: r.Started.UTC().Format("2 January 2006, 15:04 MST"), Elapsed: r.Elapsed.Round(time.Millisecond).String(),
		Clauses: r.clauses(), Clients: r.clients(),
	}
	for i := range r.Results {
		result := &r.Results[i]
		switch {
		case result.Outcome == Failed && result.Case.Level == Informational:
			page.Choices = append(page.Choices, result)
		case result.Outcome == Failed:
			page.Failures = append(page.Failures, result)
		}
	}
	slices.SortStableFunc(page.Failures, func(a, b *Result) int { return int(a.Case.Level) - int(b.Case.Level) })
	for l := Required; l <= Informational; l++ {
		page.Levels = append(page.Levels, levelCount{l, r.Count(l, Passed), r.Count(l, Failed), r.Count(l, Skipped), r.Count(l, NotRun)})
	}
	return reportTemplate.Execute(w, page)
}

// percent is the part of n in a group, for the width of a bar.
func percent(g *group, outcome string) string {
	for o, name := range outcomeNames {
		if name == outcome {
			return fmt.Sprintf("%.2f%%", 100*float64(g.Count(Outcome(o)))/float64(len(g.Results)))
		}
	}
	return "0"
}

// maxShown bounds one body in the page.
const maxShown = 20_000

// pretty indents a body that is JSON.
func pretty(body string) string {
	var out bytes.Buffer
	if len(body) > maxShown || json.Indent(&out, []byte(body), "", "  ") != nil {
		return clip(body, maxShown)
	}
	return strings.TrimSpace(out.String())
}

// headerLines renders a header in name order; a nil value was not sent.
func headerLines(h http.Header) string {
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, v := range h[name] {
			fmt.Fprintf(&out, "%s: %s\n", name, v)
		}
	}
	return out.String()
}
