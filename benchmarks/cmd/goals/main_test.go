package main

import (
	"strings"
	"testing"
	"time"

	"github.com/muster-scim/muster/benchmarks"
)

func TestRunPrintsATable(t *testing.T) {
	lab := &benchmarks.Lab{Rounds: 1, Batch: time.Microsecond, Small: 20, Large: 40}
	var out strings.Builder
	missed, err := run(&out, lab, "^filter: match", "")
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Count(out.String(), "| filter: match")
	if verdicts := strings.Count(out.String(), "| ok |") + strings.Count(out.String(), "| MISSED |"); rows != 2 || verdicts != rows {
		t.Errorf("%d rows, %d verdicts:\n%s", rows, verdicts, &out)
	}
	if missed != strings.Count(out.String(), "| MISSED |") {
		t.Errorf("%d missed:\n%s", missed, &out)
	}
}

func TestRunReports(t *testing.T) {
	if _, err := run(&strings.Builder{}, benchmarks.Quick(), "(", ""); err == nil {
		t.Error("a broken pattern is accepted")
	}
}
