package reconcile

import (
	"encoding/csv"
	"fmt"
	"html/template"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Summary counts findings by kind.
type Summary map[Kind]int

// String lists the kinds in the order of their names.
func (s Summary) String() string {
	var parts []string
	for kind, n := range s {
		parts = append(parts, fmt.Sprintf("%d %s", n, kind))
	}
	slices.SortFunc(parts, func(a, b string) int {
		return strings.Compare(strings.TrimLeft(a, "0123456789 "), strings.TrimLeft(b, "0123456789 "))
	})
	if len(parts) == 0 {
		return "no differences"
	}
	return strings.Join(parts, ", ")
}

// Format is how a report looks.
type Format string

// The formats of reports. None shows values, only the key and the names of
// attributes, so that a report can be passed on.
const (
	Text Format = "text" // a line for each finding, then the summary
	CSV  Format = "csv"  // a table with a header, without summary
	HTML Format = "html" // a page
)

// Write writes a report while the findings come in, and returns how many there
// were. It ends at the first error.
func Write(w io.Writer, format Format, findings iter.Seq2[Finding, error]) (Summary, error) {
	var f formatter
	switch format {
	case Text:
		f = textReport{w}
	case CSV:
		f = csvReport{csv.NewWriter(w)}
	case HTML:
		f = htmlReport{w}
	default:
		return nil, fmt.Errorf("reconcile: there is no report format %q", format)
	}
	summary := Summary{}
	if err := f.begin(); err != nil {
		return summary, err
	}
	for finding, err := range findings {
		if err == nil {
			err = f.add(finding)
		}
		if err != nil {
			return summary, err
		}
		summary[finding.Kind]++
	}
	return summary, f.end(summary)
}

type formatter interface {
	begin() error
	add(f Finding) error
	end(s Summary) error
}

// detail says in a few words what the finding is about.
func (f Finding) detail() string {
	switch {
	case f.Err != nil:
		return f.Err.Error()
	case len(f.Paths) > 0:
		return strings.Join(f.Paths, " ")
	case f.Kind == OrphanedMember || f.Kind == InactiveMember:
		return "in " + f.Ref.String()
	default:
		return ""
	}
}

func (f Finding) lineText() string {
	if f.Line == 0 {
		return ""
	}
	return strconv.Itoa(f.Line)
}

type textReport struct{ w io.Writer }

func (t textReport) begin() error { return nil }

func (t textReport) add(f Finding) error {
	text := fmt.Sprintf("%-14s %q", f.Kind, f.Key)
	if line := f.lineText(); line != "" {
		text += " (line " + line + ")"
	}
	if detail := f.detail(); detail != "" {
		text += ": " + detail
	}
	_, err := fmt.Fprintln(t.w, text)
	return err
}

func (t textReport) end(s Summary) error {
	_, err := fmt.Fprintln(t.w, s)
	return err
}

type csvReport struct{ w *csv.Writer }

func (c csvReport) begin() error {
	return c.w.Write([]string{"kind", "key", "line", "type", "id", "detail"})
}

func (c csvReport) add(f Finding) error {
	return c.w.Write([]string{string(f.Kind), inert(f.Key), f.lineText(), f.Ref.Type, string(f.Ref.ID), inert(f.detail())})
}

func (c csvReport) end(Summary) error {
	c.w.Flush()
	return c.w.Error()
}

// inert keeps spreadsheets from taking text of the directory for a formula.
func inert(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

type htmlReport struct{ w io.Writer }

var rowTemplate = template.Must(template.New("row").Parse(
	"<tr><td>{{.Kind}}</td><td>{{.Key}}</td><td>{{.Line}}</td><td>{{.Ref}}</td><td>{{.Detail}}</td></tr>\n"))

func (h htmlReport) begin() error {
	_, err := io.WriteString(h.w, `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Reconciliation</title>
<style>body{font:14px sans-serif;margin:2em}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.3em .6em;text-align:left}</style>
<h1>Reconciliation</h1>
<table><thead><tr><th>Kind</th><th>Key</th><th>Line</th><th>Resource</th><th>Detail</th></tr></thead><tbody>
`)
	return err
}

func (h htmlReport) add(f Finding) error {
	ref := ""
	if f.Ref.ID != "" {
		ref = f.Ref.String()
	}
	return rowTemplate.Execute(h.w, map[string]any{"Kind": f.Kind, "Key": f.Key, "Line": f.lineText(), "Ref": ref, "Detail": f.detail()})
}

func (h htmlReport) end(s Summary) error {
	_, err := fmt.Fprintf(h.w, "</tbody></table>\n<p>%s</p>\n</html>\n", template.HTMLEscapeString(s.String()))
	return err
}
