// Command soak runs mixed traffic of identity providers for a long time and
// then compares everything that is stored with what was acknowledged.
//
//	go run ./benchmarks/cmd/soak -for 30m
//
// Eight clients, half of them like Okta and half like Entra ID, work on two
// tenants and on common groups. One request in ten is wrong, some are repeated
// and some are sent twice at the same time; the service is restarted now and
// then, its connections included; the recorded traces of both clients run beside
// it. With -db it works on a database, and with -restart the server of that
// crashes in the middle:
//
//	go run ./benchmarks/cmd/soak -for 30m -db 'postgres://user@127.0.0.1/empty' -restart 'pg_ctl -D data -m immediate -w restart'
//
// A client that is told 503 tries again, and finds out what happened. Exit status 1 means that a write was lost or doubled, an answer was wrong,
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
	db := flag.String("db", inMemory, "where the data is: \"memory\", an SQLite `file`, a postgres:// URL or a MySQL data source")
	restart := flag.String("restart", "", "a shell `command` that restarts the database server; it is run six times")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, options{duration: *duration, seed: *seed, db: *db, restart: *restart}); err != nil {
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
	db       string
	restart  string
}

// run does everything and reports on out.
func run(ctx context.Context, out io.Writer, o options) error {
	if o.duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.duration)
		defer cancel()
	}
	before := settle(0)
	s, err := newService(ctx, newDatabase(o.db))
	if err != nil {
		return err
	}
	clients, err := s.clients(o.seed)
	if err != nil {
		return err
	}
	growth := s.work(ctx, clients, o)
	errs := []error{s.audit(context.WithoutCancel(ctx), clients), growth.check(), s.close()}
	errs = append(errs, before.check(settle(before.goroutines)))
	for _, c := range clients {
		errs = append(errs, c.failed)
	}
	errs = append(errs, s.traceFailure())
	s.report(out, clients, growth)
	return errors.Join(errs...)
}
