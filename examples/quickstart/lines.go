package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// lineLogger is a slog.Handler that writes the access log of package scim as
// one readable line per request.
type lineLogger struct {
	mu  sync.Mutex
	out io.Writer
}

// Enabled reports that every level is wanted.
func (l *lineLogger) Enabled(context.Context, slog.Level) bool { return true }

// WithAttrs and WithGroup are not used by package scim.
func (l *lineLogger) WithAttrs([]slog.Attr) slog.Handler { return l }

// WithGroup returns l.
func (l *lineLogger) WithGroup(string) slog.Handler { return l }

// Handle writes one record: time, status, method, path and duration first, then
// whatever else there is to say.
func (l *lineLogger) Handle(_ context.Context, r slog.Record) error {
	known := map[string]slog.Value{}
	var rest strings.Builder
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "status", "method", "path", "duration":
			known[a.Key] = a.Value
		case "bytes", "request":
		default:
			fmt.Fprintf(&rest, "  %s=%v", a.Key, a.Value)
		}
		return true
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := known["method"]; !ok {
		_, err := fmt.Fprintf(l.out, "%s %s%s\n", r.Time.Format(time.TimeOnly), r.Message, rest.String())
		return err
	}
	_, err := fmt.Fprintf(l.out, "%s %v %-6v %v  %v%s\n", r.Time.Format(time.TimeOnly),
		known["status"], known["method"], known["path"], known["duration"].Duration().Round(time.Microsecond), rest.String())
	return err
}
