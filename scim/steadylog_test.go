package scim_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
)

// breakingLog is a slog.Handler that panics, when asked whether it wants a
// record or when it gets one.
type breakingLog struct {
	slog.Handler
	early bool
}

func (b breakingLog) Enabled(context.Context, slog.Level) bool {
	if b.early {
		panic("boom")
	}
	return true
}

func (breakingLog) Handle(context.Context, slog.Record) error { panic("boom") }

// A log that panics takes no answer from the client.
func TestBreakingLog(t *testing.T) {
	for _, early := range []bool{true, false} {
		c := config(t)
		c.Logger = slog.New(breakingLog{slog.DiscardHandler, early})
		h := newHandler(t, c)
		if w := do(t, h, "POST", "/Users", `{"userName":"a"}`); w.Code != 201 {
			t.Errorf("create: %d %s", w.Code, w.Body)
		}
		failing := bulkBody(`{"method":"DELETE","path":"/Users/none"},{"method":"POST","path":"/Users","bulkId":"b","data":{"userName":"b"}}`)
		if w := do(t, h, "POST", "/Bulk", failing); w.Code != 200 || !strings.Contains(w.Body.String(), `"status":"201"`) {
			t.Errorf("bulk: %d %s", w.Code, w.Body)
		}
	}
}

type breakingCounter struct{}

func (breakingCounter) Tolerated(context.Context, store.TenantID, schema.Tolerance) { panic("boom") }

// A counter that panics is logged, and the request stands.
func TestBreakingCounter(t *testing.T) {
	c := config(t)
	log := withLog(&c)
	c.Tolerances = breakingCounter{}
	if w := do(t, newHandler(t, c), "POST", "/Users", `{"userName":"a","active":"True"}`); w.Code != 201 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if text := log.String(); !strings.Contains(text, "boom") || !strings.Contains(text, "method=POST") {
		t.Errorf("logged %s", text)
	}
}

var _ scim.ToleranceCounter = breakingCounter{}
