package audit

import (
	"context"
	"log/slog"

	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
)

// Log returns a function for outbox.Consumer.Deliver that logs each event:
// changes as information, refusals as warnings.
func Log(logger *slog.Logger) func(ctx context.Context, e store.Entry) error {
	return func(ctx context.Context, e store.Entry) error {
		if e.Kind != scim.JournalKind {
			return nil
		}
		r, err := scim.ParseRecord(e.Data)
		if err != nil {
			return err
		}
		level := slog.LevelInfo
		if r.Refused != nil {
			level = slog.LevelWarn
		}
		logger.LogAttrs(ctx, level, "scim event",
			slog.Uint64("entry", e.Seq), slog.String("operation", string(r.Operation)), slog.String("resource", r.Ref().String()),
			slog.String("tenant", string(r.Tenant)), slog.String("actor", r.Actor), slog.Any("event", r))
		return nil
	}
}
