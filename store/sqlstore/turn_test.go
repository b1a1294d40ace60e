package sqlstore

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// Writers of SQLite get in as they came, and wait neither for longer than their
// context nor for ever.
func TestTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turn := newTurn(SQLite)
		pass := taken(t, turn)
		var got []int
		for i := range 5 {
			go func() {
				defer taken(t, turn)()
				got = append(got, i)
			}()
			synctest.Wait()
		}
		pass()
		synctest.Wait()
		if !slices.Equal(got, []int{0, 1, 2, 3, 4}) {
			t.Errorf("writers came in the order %v", got)
		}
	})
}

func TestTurnIsNotWaitedForTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turn := newTurn(SQLite)
		defer taken(t, turn)()
		ctx, cancel := context.WithTimeout(t.Context(), turnPatience/2)
		defer cancel()
		if _, err := turn.take(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v after the deadline", err)
		}
		start := time.Now()
		taken(t, turn)() // which passes on nothing
		if waited := time.Since(start); waited != turnPatience {
			t.Errorf("waited for %v", waited)
		}
		if len(turn) != 1 {
			t.Error("a turn was passed on by somebody else")
		}
	})
}

func TestTurnIsForSQLite(t *testing.T) {
	for _, d := range []Dialect{PostgreSQL, MySQL} {
		turn := newTurn(d)
		defer taken(t, turn)()
		taken(t, turn)()
	}
}

func taken(t *testing.T, turn turn) (pass func()) {
	t.Helper()
	pass, err := turn.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return pass
}
