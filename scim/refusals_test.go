package scim

import (
	"fmt"
	"testing"
	"time"
)

// TestRefusalsAreCounted: of those that are alike only so many are kept in an
// hour, the last says so, and the first of the next hour how many were left out.
func TestRefusalsAreCounted(t *testing.T) {
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	r := refusals{most: 2}
	key, other := refusalKey{actor: "a", status: 404}, refusalKey{actor: "b", status: 404}
	for i, step := range []struct {
		key   refusalKey
		after time.Duration
		want  verdict
	}{
		{key, 0, verdict{keep: true}},
		{key, time.Minute, verdict{keep: true, last: true}},
		{key, 2 * time.Minute, verdict{}},
		{other, 2 * time.Minute, verdict{keep: true}},
		{key, time.Hour - 1, verdict{}},
		{key, time.Hour, verdict{keep: true, left: 2}},
		{key, time.Hour, verdict{keep: true, last: true}},
		{key, time.Hour, verdict{}},
		{key, -time.Hour, verdict{keep: true, left: 1}}, // the clock was put back
	} {
		if got := r.judge(step.key, start.Add(step.after)); got != step.want {
			t.Errorf("step %d: %+v, want %+v", i, got, step.want)
		}
	}
	all := refusals{most: -1}
	for range 1000 {
		if !all.judge(key, start).keep {
			t.Fatal("one was left out")
		}
	}
}

func TestRefusalsAreBounded(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	r := refusals{most: 1}
	kept := 0
	for i := range 2 * maxRefusalKeys {
		if r.judge(refusalKey{actor: fmt.Sprint(i)}, now).keep {
			kept++
		}
	}
	if len(r.seen) > maxRefusalKeys+1 || kept > maxRefusalKeys+1 {
		t.Errorf("%d keys, %d kept", len(r.seen), kept)
	}
	r.judge(refusalKey{actor: "x"}, now.Add(2*refusalWindow))
	if len(r.seen) > 2 {
		t.Errorf("%d keys are left", len(r.seen))
	}
}
