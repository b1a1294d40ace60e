package otel_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	apitrace "go.opentelemetry.io/otel/trace"

	"github.com/muster-scim/muster/contrib/otel"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store/memstore"
)

func newHandler(tb testing.TB, authorize func(context.Context, *scim.Access) error) (http.Handler, *tracetest.SpanRecorder, *metric.ManualReader) {
	spans, reader := tracetest.NewSpanRecorder(), metric.NewManualReader()
	observer, err := otel.New(trace.NewTracerProvider(trace.WithSpanProcessor(spans)), metric.NewMeterProvider(metric.WithReader(reader)))
	if err != nil {
		tb.Fatal(err)
	}
	handler, err := scim.New(scim.Config{
		Types: []*schema.ResourceType{schema.UserDefinition().MustCompile()}, Store: memstore.New(nil),
		AllowAnonymous: true, Authorize: authorize, Observer: observer,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return handler, spans, reader
}

// Each request makes a span that is named by its route.
func Example() {
	spans := tracetest.NewSpanRecorder()
	observer, err := otel.New(trace.NewTracerProvider(trace.WithSpanProcessor(spans)), metric.NewMeterProvider())
	if err != nil {
		fmt.Println(err)
		return
	}
	handler, err := scim.New(scim.Config{
		Types: []*schema.ResourceType{schema.UserDefinition().MustCompile()}, Store: memstore.New(nil),
		AllowAnonymous: true, Observer: observer,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/Users/4711", nil))
	for _, span := range spans.Ended() {
		fmt.Println(span.Name())
	}
	// Output:
	// GET /Users/{id}
}

func TestSpansAndDurations(t *testing.T) {
	fault := errors.New("the database is gone")
	inHook := false
	h, spans, reader := newHandler(t, func(ctx context.Context, a *scim.Access) error {
		inHook = inHook || apitrace.SpanContextFromContext(ctx).IsValid()
		if a.ID == "fault" {
			return fault
		}
		return nil
	})
	for _, target := range []string{"/Users", "/Users/fault", "/Users?filter=x", "/Nothing"} {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", target, nil))
	}
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("MAKEUP", "/Users", nil))

	var names []string
	for _, span := range spans.Ended() {
		names = append(names, span.Name())
		if failed := span.Status().Code == codes.Error; failed != (span.Name() == "GET /Users/{id}") {
			t.Errorf("%s: status %v", span.Name(), span.Status())
		}
	}
	if got := fmt.Sprint(names); got != "[GET /Users GET /Users/{id} GET /Users GET  _OTHER /Users]" {
		t.Errorf("spans %s", got)
	}
	if !inHook {
		t.Error("hooks do not see the span")
	}
	var data metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &data); err != nil {
		t.Fatal(err)
	}
	count := uint64(0)
	for _, point := range data.ScopeMetrics[0].Metrics[0].Data.(metricdata.Histogram[float64]).DataPoints {
		count += point.Count
	}
	if count != 5 {
		t.Errorf("%d durations", count)
	}
}
