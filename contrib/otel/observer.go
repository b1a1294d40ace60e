package otel

import (
	"context"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/muster-scim/muster/scim"
)

const scope = "github.com/muster-scim/muster/contrib/otel"

// Observer is a scim.Observer that makes a span for each request, named by
// method and route, and records its duration as http.server.request.duration,
// in seconds. Ids, names and filters are not recorded, the cause of a fault is.
type Observer struct {
	tracer   trace.Tracer
	duration metric.Float64Histogram
}

// New returns an Observer that reports to the given providers.
func New(traces trace.TracerProvider, metrics metric.MeterProvider) (*Observer, error) {
	duration, err := metrics.Meter(scope).Float64Histogram("http.server.request.duration",
		metric.WithUnit("s"), metric.WithDescription("Duration of SCIM requests."),
		metric.WithExplicitBucketBoundaries(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30))
	if err != nil {
		return nil, err
	}
	return &Observer{tracer: traces.Tracer(scope), duration: duration}, nil
}

// Begin starts the span of a request.
func (o *Observer) Begin(ctx context.Context, r scim.RequestInfo) (context.Context, func(scim.Outcome)) {
	route := []attribute.KeyValue{attribute.String("http.request.method", method(r.Method)), attribute.String("http.route", r.Route)}
	ctx, span := o.tracer.Start(ctx, method(r.Method)+" "+r.Route, trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(route...), trace.WithAttributes(attribute.String("scim.request_id", r.ID)))
	return ctx, func(out scim.Outcome) {
		o.end(ctx, span, route, out)
	}
}

func (o *Observer) end(ctx context.Context, span trace.Span, route []attribute.KeyValue, out scim.Outcome) {
	result := append(route[:len(route):len(route)], attribute.Int("http.response.status_code", out.Status))
	if out.Type != "" {
		result = append(result, attribute.String("scim.error_type", string(out.Type)))
	}
	o.duration.Record(ctx, out.Duration.Seconds(), metric.WithAttributes(result...))
	span.SetAttributes(result[len(route):]...)
	span.SetAttributes(attribute.String("scim.tenant", string(out.Tenant)), attribute.String("scim.actor", out.Actor), attribute.Int64("http.response.body.size", out.Bytes))
	if out.Status >= 500 {
		span.SetStatus(codes.Error, strconv.Itoa(out.Status))
		if out.Err != nil {
			span.RecordError(out.Err)
		}
	}
	span.End()
}

// method keeps what clients invent out of names.
func method(name string) string {
	switch name {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return name
	default:
		return "_OTHER"
	}
}
