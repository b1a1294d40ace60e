package sqltest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/storetest"
)

// crashableEngine is a server that may be crashed, with the command for it.
type crashableEngine struct {
	engine
	command string
}

// crashable are those that .ci/databases.sh has started for that.
func crashable(t *testing.T) map[string]crashableEngine {
	t.Helper()
	list := map[string]crashableEngine{}
	for name, of := range map[string]func(string) engine{"POSTGRES": postgresEngine, "MYSQL": mysqlEngine} {
		dsn, command := os.Getenv("MUSTER_CRASH_"+name), os.Getenv("MUSTER_CRASH_"+name+"_RESTART")
		switch {
		case os.Getenv("CI") == "true" && dsn == "":
			t.Errorf("MUSTER_CRASH_%s is not set", name)
		case dsn != "" && command != "":
			list[name] = crashableEngine{of(dsn), command}
		}
	}
	return list
}

func crash(ctx context.Context, command string) error {
	out, err := exec.CommandContext(ctx, "sh", "-c", command).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", command, err, out)
	}
	return nil
}

// What was acknowledged is there after the server has crashed, and the pool
// finds it again by itself.
func TestConformanceAcrossCrashes(t *testing.T) {
	for name, c := range crashable(t) {
		t.Run(name, func(t *testing.T) {
			open := func(ctx context.Context) (*storetest.Deployment, error) {
				d, err := c.open(ctx)
				if err == nil {
					d.Restart = func(ctx context.Context) error { return crash(ctx, c.command) }
				}
				return d, err
			}
			storetest.Run(t, open, &storetest.Options{Only: []string{"Restart/"}})
		})
	}
}

// Writers that are told to try again do so, while the server crashes: each user
// is there once.
func TestWritesAcrossCrashes(t *testing.T) {
	for name, c := range crashable(t) {
		t.Run(name, func(t *testing.T) {
			d, err := c.open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := d.Close(); err != nil {
					t.Error(err)
				}
			}()
			s, err := d.Tenant(t.Context(), "acme")
			if err != nil {
				t.Fatal(err)
			}
			const writers = 4
			stop, errs := make(chan struct{}), make(chan error, writers)
			made := make([]int, writers)
			for w := range writers {
				go func() { errs <- writeUntil(t.Context(), s, w, &made[w], stop) }()
			}
			for range 2 {
				if err := crash(t.Context(), c.command); err != nil {
					t.Error(err)
				}
			}
			close(stop)
			for range writers {
				if err := <-errs; err != nil {
					t.Error(err)
				}
			}
			checkWriters(t, s, made)
		})
	}
}

// writeUntil makes users until stop is closed, and counts them.
func writeUntil(ctx context.Context, s store.Store, writer int, made *int, stop chan struct{}) error {
	for {
		select {
		case <-stop:
			return nil
		default:
		}
		if err := persist(ctx, s, writer, *made); err != nil {
			return err
		}
		*made++
	}
}

// persist makes a user, as often as it takes.
func persist(ctx context.Context, s store.Store, writer, n int) error {
	r, err := newUser(schema.ID(fmt.Sprintf("w%d-%d", writer, n)))
	if err != nil {
		return err
	}
	for again, deadline := false, time.Now().Add(time.Minute); ; again = true {
		_, err := s.Create(ctx, r, store.Write{})
		switch {
		case err == nil || again && errors.Is(err, store.ErrConflict):
			return nil
		case !errors.Is(err, store.ErrUnavailable) && !errors.Is(err, store.ErrUncertain) || time.Now().After(deadline):
			return err
		}
	}
}

func checkWriters(t *testing.T, s store.Store, made []int) {
	t.Helper()
	found := make([]int, len(made))
	for r, err := range s.Scan(t.Context(), "User", "") {
		if err != nil {
			t.Fatal(err)
		}
		var w, n int
		if _, err := fmt.Sscanf(string(r.ID()), "w%d-%d", &w, &n); err != nil {
			t.Fatal(err)
		}
		found[w]++
	}
	if strings.Trim(fmt.Sprint(made), "[]") != strings.Trim(fmt.Sprint(found), "[]") {
		t.Errorf("%v users were acknowledged, %v are there", made, found)
	}
	if made[0] == 0 {
		t.Error("nothing was written")
	}
}
