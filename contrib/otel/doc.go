// Package otel reports the requests of package scim to OpenTelemetry: a span
// and a duration for each, as scim.Config.Observer.
//
// It is a module of its own, so that services without OpenTelemetry do not
// depend on it. To continue the trace of the client, wrap the handler with
// otelhttp; the span of this package is then a child of that one.
package otel
