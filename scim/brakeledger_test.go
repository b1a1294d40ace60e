package scim

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// TestLedgerSlides: a change counts for the whole window and for at most 1/32
// longer, and what is over leaves nothing behind.
func TestLedgerSlides(t *testing.T) {
	s := memstore.New(nil)
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	windows := []time.Duration{time.Minute, time.Hour}
	on := func(fn func(context.Context, *brakeLedger) error) {
		t.Helper()
		err := inJournal(t.Context(), s, func(ctx context.Context, l *brakeLedger, _ store.Store) error { return fn(ctx, l) })
		if err != nil {
			t.Fatal(err)
		}
	}
	count := func(n int, now time.Time) {
		on(func(ctx context.Context, l *brakeLedger) error { return l.count(ctx, "User", Removed, windows, n, now) })
	}
	count(2, start)
	count(3, start.Add(30*time.Second))
	count(4, start.Add(30*time.Second))
	for _, step := range []struct {
		after        time.Duration
		minute, hour int
	}{
		{30 * time.Second, 9, 9},
		{time.Minute - 1, 9, 9},
		{time.Minute + time.Minute/brakeSteps, 7, 9},
		{90*time.Second - 1, 7, 9},
		{90*time.Second + time.Minute/brakeSteps, 0, 9},
		{time.Hour - 1, 0, 9},
		{time.Hour + time.Minute + time.Hour/brakeSteps, 0, 0},
	} {
		on(func(_ context.Context, l *brakeLedger) error {
			now := start.Add(step.after)
			if m, h := l.within("User", Removed, time.Minute, now), l.within("User", Removed, time.Hour, now); m != step.minute || h != step.hour {
				t.Errorf("after %v: %d within a minute and %d within an hour, want %d and %d", step.after, m, h, step.minute, step.hour)
			}
			if n := l.within("Group", Removed, time.Hour, now) + l.within("User", Deactivated, time.Hour, now); n != 0 {
				t.Errorf("%d of others", n)
			}
			return nil
		})
	}
	for i := range 1000 {
		count(1, start.Add(time.Duration(i)*time.Minute))
	}
	on(func(_ context.Context, l *brakeLedger) error {
		if len(l.lines) > 2*(brakeSteps+2) {
			t.Errorf("%d lines are left", len(l.lines))
		}
		return nil
	})
}

func TestLedgerLines(t *testing.T) {
	h := Hold{Type: "User", Kind: Deactivated, Since: time.Unix(0, 1700000000123456789).UTC(), Held: 4, Reason: `more than 5 % / "deactivated" within 1h0m0s`}
	if got, ok := parseHold(holdLine(h), brakeBase+4); !ok || got != h {
		t.Errorf("%+v, %t", got, ok)
	}
	s := brakeStep{"User", MemberRemoved, time.Hour, 42}
	if got, ok := parseStep(s.line()); !ok || got != s {
		t.Errorf("%+v, %t", got, ok)
	}
	for _, line := range []string{"", "audit", brakeHolds, brakeCounts, brakeCounts + "User/removed/x/1", brakeCounts + "User/removed/1", brakeHolds + "User/removed/x/r", fmt.Sprint(brakeHolds, "User/removed/")} {
		if _, ok := parseHold(line, brakeBase); ok {
			t.Errorf("%q is a hold", line)
		}
		if _, ok := parseStep(line); ok {
			t.Errorf("%q is a step", line)
		}
	}
}
