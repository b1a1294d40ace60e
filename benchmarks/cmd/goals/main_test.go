package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/muster-scim/muster/benchmarks"
)

func TestRunPrintsATable(t *testing.T) {
	lab := &benchmarks.Lab{Rounds: 1, Batch: time.Microsecond, Small: 20, Large: 40}
	var out strings.Builder
	missed, err := run(t.Context(), &out, lab, "^filter: match", "")
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
	if _, err := run(t.Context(), &strings.Builder{}, benchmarks.Quick(), "(", ""); err == nil {
		t.Error("a broken pattern is accepted")
	}
}

// An interrupt ends the measurement after a row, so that what was made in
// databases is removed.
func TestRunInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out strings.Builder
	if _, err := run(ctx, &out, benchmarks.Quick(), "^filter: match", ""); !errors.Is(err, context.Canceled) || strings.Count(out.String(), "filter: match") != 1 {
		t.Errorf("%v after\n%s", err, out.String())
	}
}
