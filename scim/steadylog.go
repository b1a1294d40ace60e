package scim

import (
	"context"
	"log/slog"
)

// steadyLog is the slog.Handler of the host. If that panics, the record is
// lost, and the request, which may have changed something already, is answered
// all the same.
type steadyLog struct{ slog.Handler }

// Enabled reports false if the host's handler panics.
func (l steadyLog) Enabled(ctx context.Context, level slog.Level) (enabled bool) {
	err := guarded(func() { enabled = l.Handler.Enabled(ctx, level) })
	return enabled && err == nil
}

// Handle returns the panic of the host's handler as an error.
func (l steadyLog) Handle(ctx context.Context, r slog.Record) (err error) {
	defer recoverTo(&err)
	return l.Handler.Handle(ctx, r)
}
