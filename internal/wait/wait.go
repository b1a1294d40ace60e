package wait

import (
	"context"
	"time"
)

// For returns nil after d, or the error of ctx as soon as that ends, if it has
// ended already even for a d that is not positive.
func For(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
