package wait_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-scim/muster/internal/wait"
)

func TestForEndsWithTheTimeOrTheContext(t *testing.T) {
	for name, c := range map[string]struct {
		pause, cancel time.Duration
		took          time.Duration
		err           error
	}{
		"time":              {pause: time.Hour, cancel: 2 * time.Hour, took: time.Hour},
		"context":           {pause: 2 * time.Hour, cancel: time.Hour, took: time.Hour, err: context.DeadlineExceeded},
		"nothing to wait":   {pause: -time.Hour, cancel: time.Hour},
		"ended before":      {pause: time.Hour, err: context.DeadlineExceeded},
		"ended, no waiting": {err: context.DeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), c.cancel)
				defer cancel()
				start := time.Now()
				if err := wait.For(ctx, c.pause); !errors.Is(err, c.err) {
					t.Errorf("got %v, want %v", err, c.err)
				}
				if took := time.Since(start); took != c.took {
					t.Errorf("took %v, want %v", took, c.took)
				}
			})
		})
	}
}
