package scim

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
)

// log writes the record of the request: no query string, no body, no secret.
// Faults of the server are errors and carry their cause; everything else is
// information.
func (x *exchange) log(ctx context.Context) {
	logger, o := x.h.cfg.Logger, &x.outcome
	level := levelOf(o.Status)
	if !logger.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("method", x.r.Method), slog.String("path", x.r.URL.Path), slog.Int("status", o.Status),
		slog.Duration("duration", o.Duration), slog.Int64("bytes", o.Bytes), slog.String("request", x.id),
	}
	attrs = appendText(attrs, "tenant", string(o.Tenant))
	attrs = appendText(attrs, "actor", o.Actor)
	attrs = append(attrs, x.tolerated()...)
	if o.Err != nil {
		attrs = appendText(attrs, "scimType", string(o.Type))
		attrs = append(attrs, slog.String("error", causeOf(o.Err)))
	}
	logger.LogAttrs(ctx, level, "scim", attrs...)
}

func levelOf(status int) slog.Level {
	if status >= http.StatusInternalServerError && status != http.StatusNotImplemented {
		return slog.LevelError
	}
	return slog.LevelInfo
}

func appendText(attrs []slog.Attr, key, text string) []slog.Attr {
	if text == "" {
		return attrs
	}
	return append(attrs, slog.String(key, text))
}

// tolerated lists the tolerances that the request needed and what was ignored.
func (x *exchange) tolerated() []slog.Attr {
	var attrs []slog.Attr
	report := &x.call.report
	if len(report.Rewrites) > 0 {
		var ids []string
		for _, r := range report.Rewrites {
			if id := r.Tolerance.String(); !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
		attrs = append(attrs, slog.Any("rewrites", ids))
	}
	if len(report.Ignored) > 0 {
		attrs = append(attrs, slog.Any("ignored", report.Ignored))
	}
	return attrs
}

// causeOf is the text of an error with the cause that the client does not see.
func causeOf(err error) string {
	var wire *Error
	if errors.As(err, &wire) && wire.Err != nil {
		return wire.Error() + ": " + wire.Err.Error()
	}
	return err.Error()
}
