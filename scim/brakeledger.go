package scim

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/muster-scim/muster/store"
)

// brakeLedger keeps the numbers and holds of a tenant's brake in its journal, as
// consumers of it: names with a number each, which are part of the transaction.
// The numbers start so high that pruning never waits for them.
type brakeLedger struct {
	log   store.Log
	lines map[string]uint64 // by name
}

const (
	brakeCounts = "scim.brake.count/"
	brakeHolds  = "scim.brake.hold/"

	// brakeBase is the position of a number that is 0.
	brakeBase = uint64(1) << 61

	// brakeSteps is in how many parts a window is counted.
	brakeSteps = 32
)

// ledgerOf reads the ledger in a journal.
func ledgerOf(ctx context.Context, log store.Log) (*brakeLedger, error) {
	lines, err := log.Consumers(ctx)
	return &brakeLedger{log, lines}, err
}

// brakeStep is a part of a window, in which changes are counted together.
type brakeStep struct {
	typ    string
	kind   Kind
	window time.Duration
	n      int64 // since 1970
}

func stepAt(typ string, kind Kind, window time.Duration, now time.Time) brakeStep {
	return brakeStep{typ, kind, window, now.UnixNano() / int64(stepLength(window))}
}

// stepLength is at least a nanosecond.
func stepLength(window time.Duration) time.Duration { return max(window/brakeSteps, 1) }

// line is the name of the step in the ledger.
func (s brakeStep) line() string {
	return fmt.Sprintf("%s%s/%s/%d/%d", brakeCounts, s.typ, s.kind, int64(s.window), s.n)
}

// parseStep reads what line wrote.
func parseStep(line string) (s brakeStep, ok bool) {
	text, ok := strings.CutPrefix(line, brakeCounts)
	parts := strings.Split(text, "/")
	if !ok || len(parts) != 4 {
		return s, false
	}
	window, err1 := strconv.ParseInt(parts[2], 10, 64)
	n, err2 := strconv.ParseInt(parts[3], 10, 64)
	return brakeStep{parts[0], Kind(parts[1]), time.Duration(window), n}, err1 == nil && err2 == nil
}

// over reports whether the step lies before its window.
func (s brakeStep) over(now time.Time) bool {
	end := (s.n + 1) * int64(stepLength(s.window))
	return end <= now.UnixNano()-int64(s.window)
}

// within counts the changes in a window.
func (l *brakeLedger) within(typ string, kind Kind, window time.Duration, now time.Time) (n int) {
	for line, at := range l.lines {
		s, ok := parseStep(line)
		if ok && s.typ == typ && s.kind == kind && s.window == window && !s.over(now) {
			n += int(at - brakeBase)
		}
	}
	return n
}

// count adds n changes, and forgets what is too old for its window.
func (l *brakeLedger) count(ctx context.Context, typ string, kind Kind, windows []time.Duration, n int, now time.Time) error {
	for line := range l.lines {
		if s, ok := parseStep(line); ok && s.over(now) {
			if err := l.log.Forget(ctx, line); err != nil {
				return err
			}
		}
	}
	for _, window := range windows {
		if err := l.add(ctx, stepAt(typ, kind, window, now).line(), n); err != nil {
			return err
		}
	}
	return nil
}

// add adds n to a line.
func (l *brakeLedger) add(ctx context.Context, line string, n int) error {
	from := l.lines[line]
	return l.log.Advance(ctx, line, from, max(from, brakeBase)+uint64(n))
}

// holdLine is the name of a hold in the ledger. The reason is last, because it
// may hold anything.
func holdLine(h Hold) string {
	return fmt.Sprintf("%s%s/%s/%d/%s", brakeHolds, h.Type, h.Kind, h.Since.UnixNano(), h.Reason)
}

func parseHold(line string, at uint64) (h Hold, ok bool) {
	text, ok := strings.CutPrefix(line, brakeHolds)
	parts := strings.SplitN(text, "/", 4)
	if !ok || len(parts) != 4 {
		return h, false
	}
	since, err := strconv.ParseInt(parts[2], 10, 64)
	return Hold{Type: parts[0], Kind: Kind(parts[1]), Since: time.Unix(0, since).UTC(), Held: int(at - brakeBase), Reason: parts[3]}, err == nil
}

// holds lists what is held.
func (l *brakeLedger) holds() (list []Hold) {
	for line, at := range l.lines {
		if h, ok := parseHold(line, at); ok {
			list = append(list, h)
		}
	}
	return list
}

// holdOf returns the hold of a type and kind, or nil.
func (l *brakeLedger) holdOf(typ string, kind Kind) *Hold {
	for _, h := range l.holds() {
		if h.Type == typ && h.Kind == kind {
			return &h
		}
	}
	return nil
}

// hold notes that a request was held: it begins the hold if there is none.
func (l *brakeLedger) hold(ctx context.Context, h Hold) error {
	if known := l.holdOf(h.Type, h.Kind); known != nil {
		h = *known
	}
	return l.add(ctx, holdLine(h), 1)
}

// clear removes all numbers and holds.
func (l *brakeLedger) clear(ctx context.Context) error {
	for line := range l.lines {
		if strings.HasPrefix(line, brakeCounts) || strings.HasPrefix(line, brakeHolds) {
			if err := l.log.Forget(ctx, line); err != nil {
				return err
			}
		}
	}
	return nil
}
