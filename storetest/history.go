package storetest

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// history records what goroutines did to one resource, with the order in which
// calls began and ended.
type history struct {
	clock atomic.Int64
	mu    sync.Mutex
	ops   []operation
}

// operation is one call on a versioned register.
type operation struct {
	begin, end int64
	kind       string // "read", "write" or "refused"
	expect     string // the version that a write expected, "" for any
	version    string // what a read saw, or a write made
}

// record runs a call and notes it.
func (h *history) record(call func() operation) {
	begin := h.clock.Add(1)
	op := call()
	op.begin, op.end = begin, h.clock.Add(1)
	h.mu.Lock()
	h.ops = append(h.ops, op)
	h.mu.Unlock()
}

// apply runs an operation on the model: a register that holds a version.
func (o operation) apply(state string) (next string, ok bool) {
	switch o.kind {
	case "read":
		return state, o.version == state
	case "refused":
		return state, o.expect != state
	default:
		return o.version, o.expect == "" || o.expect == state
	}
}

func (o operation) String() string {
	return fmt.Sprintf("[%d,%d] %s expect=%s version=%s", o.begin, o.end, o.kind, o.expect, o.version)
}

// linearizable looks for an order of the operations that keeps to real time
// (what ended before another began comes first) and that the model accepts. It
// is the search of Wing and Gong with memory; histories have at most 64
// operations.
func (h *history) linearizable(initial string) bool {
	ops := slices.Clone(h.ops)
	slices.SortFunc(ops, func(a, b operation) int { return int(a.begin - b.begin) })
	s := search{ops: ops, seen: map[position]bool{}}
	return s.from(position{state: initial})
}

type position struct {
	done  uint64
	state string
}

type search struct {
	ops  []operation
	seen map[position]bool
}

func (s *search) from(p position) bool {
	if p.done == 1<<len(s.ops)-1 {
		return true
	}
	if s.seen[p] {
		return false
	}
	s.seen[p] = true
	deadline := s.earliestEnd(p.done)
	for i, op := range s.ops {
		if p.done&(1<<i) != 0 || op.begin > deadline {
			continue
		}
		if next, ok := op.apply(p.state); ok && s.from(position{p.done | 1<<i, next}) {
			return true
		}
	}
	return false
}

// earliestEnd is when the first pending operation ended: whatever began later
// cannot come before it.
func (s *search) earliestEnd(done uint64) int64 {
	var end int64 = 1 << 62
	for i, op := range s.ops {
		if done&(1<<i) == 0 {
			end = min(end, op.end)
		}
	}
	return end
}
