// Command soak runs mixed traffic of identity providers for a long time and
// then compares everything that is stored with what was acknowledged.
//
//	go run ./benchmarks/cmd/soak -for 30m
//
// Eight clients, half of them like Okta and half like Entra ID, work on two
// tenants and on common groups. One request in ten is wrong, some are repeated
// and some are sent twice at the same time; the handler is replaced now and
// then, as by a restart; the recorded traces of both clients run beside it.
// Exit status 1 means that a write was lost or doubled, an answer was wrong,
// the memory grew, or a goroutine stayed behind.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
)

func main() {
	duration := flag.Duration("for", 5*time.Minute, "how long to run")
	seed := flag.Uint64("seed", 1, "seed of the random choices")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, options{duration: *duration, seed: *seed}); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

// options say how much is done: until the time is over or each client has made
// its steps, whichever is set.
type options struct {
	duration time.Duration
	steps    int
	seed     uint64
}

// run does everything and reports on out.
func run(ctx context.Context, out io.Writer, o options) error {
	if o.duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.duration)
		defer cancel()
	}
	before := settle()
	s, err := newService()
	if err != nil {
		return err
	}
	clients, err := s.clients(o.seed)
	if err != nil {
		return err
	}
	growth := s.work(ctx, clients, o)
	after := settle()
	errs := []error{s.audit(context.WithoutCancel(ctx), clients), growth.check(), before.check(after)}
	for _, c := range clients {
		errs = append(errs, c.failed)
	}
	errs = append(errs, s.traceFailure())
	s.report(out, clients, growth)
	return errors.Join(errs...)
}
