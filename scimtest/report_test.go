package scimtest

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
)

// damagedReport is a report with passes, failures of each level and skips.
func damagedReport(t *testing.T) *Report {
	t.Helper()
	r, err := Check(t.Context(), modelTarget("exact op names"), &Options{
		IdPs: []string{"okta", "entra"}, Rounds: 1,
		Match: func(c Case) bool { return c.Area == "patch" || c.Area == "sort" || c.Area == "trace" },
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReportText(t *testing.T) {
	r := damagedReport(t)
	for _, verbose := range []bool{false, true} {
		var out strings.Builder
		if err := r.WriteText(&out, verbose); err != nil {
			t.Fatal(err)
		}
		text := out.String()
		for _, want := range []string{"RFC 7644 §3.5.2  PATCH", "entra  Microsoft Entra ID", "FAILED   patch/op-case (recommended)", "likely cause: Entra sends Add", "sent:     PATCH http://scim.test/scim/Users/", "received: 400", "required cases"} {
			if !strings.Contains(text, want) {
				t.Errorf("verbose %v: the text lacks %q", verbose, want)
			}
		}
		if strings.Contains(text, "ok       patch/replace") != verbose {
			t.Errorf("verbose %v: passed cases are listed or not", verbose)
		}
	}
}

func TestReportHTML(t *testing.T) {
	var out bytes.Buffer
	if err := damagedReport(t).WriteHTML(&out); err != nil {
		t.Fatal(err)
	}
	page := out.String()
	for _, want := range []string{"<title>SCIM report:", "Microsoft Entra ID", "Likely cause:", "patch/op-case", "PATCH http://scim.test/scim/Users/", "</html>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, refused := range []string{"<script", "src=", "<link", "@import", "url(", "ZgotmplZ", modelToken} {
		if strings.Contains(page, refused) {
			t.Errorf("the page has %q", refused)
		}
	}
}

func TestReportHTMLEscapes(t *testing.T) {
	r := &Report{Target: "http://h", Results: []Result{{
		Case: Case{Name: "x/y", Clause: "RFC 7644 §3.3", Title: "t"}, Outcome: Failed,
		Steps: []Step{{Name: "s", Exchange: &Exchange{Status: 200, Body: "<script>alert(1)</script>"}, Problems: []Problem{{"/x", "a", "<img onerror=x>"}}}},
	}}}
	var out bytes.Buffer
	if err := r.WriteHTML(&out); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "<script>alert") || strings.Contains(out.String(), "<img onerror") {
		t.Error("a response is markup in the page")
	}
}

func TestReportOfTrouble(t *testing.T) {
	r := &Report{Target: "http://h", Trouble: "cannot connect to h"}
	var text strings.Builder
	var page bytes.Buffer
	if err := errors.Join(r.WriteText(&text, false), r.WriteHTML(&page)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "Nothing was checked. cannot connect to h") || !strings.Contains(page.String(), "cannot connect to h") {
		t.Errorf("%s\n%s", &text, &page)
	}
}

func TestClausesInOrder(t *testing.T) {
	clauses := []string{"RFC 7644 §3.10", "RFC 7644 §3.4.2.2", "RFC 9865 §2", "RFC 7644 §3.4.2", "RFC 7643 §4"}
	slices.SortFunc(clauses, compareClauses)
	if want := []string{"RFC 7643 §4", "RFC 7644 §3.4.2", "RFC 7644 §3.4.2.2", "RFC 7644 §3.10", "RFC 9865 §2"}; !slices.Equal(clauses, want) {
		t.Errorf("order %v", clauses)
	}
}

func TestEveryClauseAndClientHasAName(t *testing.T) {
	cases, err := Cases(nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range cases {
		if c.Clause != "" && clauseSubjects[c.Clause] == "" || c.IdP != "" && clientNames[c.IdP] == "" {
			t.Errorf("%s: no name for %s%s", c.Name, c.Clause, c.IdP)
		}
		if c.Clause == "" && c.IdP == "" || c.Title == "" || seen[c.Name] {
			t.Errorf("%s has no clause, no title or is there twice", c.Name)
		}
		seen[c.Name] = true
	}
}

func TestLevelsAndOutcomesHaveNames(t *testing.T) {
	if Level(7).String() != "Level(7)" || Outcome(-1).String() != "Outcome(-1)" || Informational.String() != "informational" || NotRun.String() != "not run" {
		t.Error("names of levels or outcomes")
	}
}
