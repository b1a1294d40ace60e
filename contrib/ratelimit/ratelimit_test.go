package ratelimit_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-scim/muster/contrib/ratelimit"
	"github.com/muster-scim/muster/scim"
)

// Each actor may make two requests at once, and then one each second.
func Example() {
	limiter, err := ratelimit.New(1, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	config := scim.Config{RateLimit: limiter.Allow} // and everything else
	for _, id := range []string{"okta", "okta", "okta", "entra"} {
		_, ok := config.RateLimit(context.Background(), &scim.Actor{ID: id})
		fmt.Println(id, ok)
	}
	// Output:
	// okta true
	// okta true
	// okta false
	// entra true
}

func TestRefill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, err := ratelimit.New(2, 1)
		if err != nil {
			t.Fatal(err)
		}
		actor := &scim.Actor{ID: "a"}
		if _, ok := l.Allow(t.Context(), actor); !ok {
			t.Error("the first request is refused")
		}
		for range 3 { // being refused costs nothing
			if wait, ok := l.Allow(t.Context(), actor); ok || wait != 500*time.Millisecond {
				t.Errorf("wait %v, %v", wait, ok)
			}
		}
		if _, ok := l.Allow(t.Context(), &scim.Actor{ID: "a", Tenant: "b"}); !ok {
			t.Error("tenants share a bucket")
		}
		time.Sleep(500 * time.Millisecond)
		if _, ok := l.Allow(t.Context(), actor); !ok {
			t.Error("still refused after the wait")
		}
	})
}

// Actors that have been idle are forgotten, and the others are not.
func TestManyActors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, err := ratelimit.New(1, 1)
		if err != nil {
			t.Fatal(err)
		}
		busy := &scim.Actor{ID: "busy"}
		for i := range 5000 {
			l.Allow(t.Context(), &scim.Actor{ID: fmt.Sprint(i)})
			if i%100 == 0 {
				time.Sleep(time.Second)
				if _, ok := l.Allow(t.Context(), busy); !ok {
					t.Fatal("refused after a second")
				}
			}
			if _, ok := l.Allow(t.Context(), busy); ok {
				t.Fatal("a bucket in use was forgotten")
			}
		}
	})
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct {
		rate  float64
		burst int
	}{{0, 1}, {-1, 1}, {1, 0}} {
		if _, err := ratelimit.New(c.rate, c.burst); err == nil {
			t.Errorf("%v: no error", c)
		}
	}
}
