// Storm checks that nothing is lost or halved when writers die. Several
// processes write to one database: they create, PATCH and delete users, put them
// into one group, and send bulk requests. Each is killed (SIGKILL) in the middle of
// its work and replaced, many times; with -restart the server crashes three times
// on the way, and the writers that are told so try again. Afterwards
//
//   - every write that was acknowledged is there,
//   - of every other one there is all or nothing: attributes in different tables,
//     the groups of a bulk request, and the journal with users that came and went,
//   - users and groups agree on who is a member,
//   - no row of a table belongs to something that does not exist.
//
// With -own the tables are those of a service, which it makes, and the journal is
// beside them.
//
//	go run ./storm -db /tmp/storm.db
//	go run ./storm -db 'postgres://user@127.0.0.1/empty' -own
//	go run ./storm -db 'user:password@tcp(127.0.0.1:3306)/empty' -own
//	go run ./storm -db 'postgres://user@127.0.0.1/empty' -restart 'pg_ctl -D data -m immediate -w restart'
//
// It writes to the tenants "storm" and, with -own, "storm-own", and does not clean
// up.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/muster-scim/muster/schema"
)

func main() {
	db := flag.String("db", "storm.db", "an SQLite `file`, a postgres:// URL or a MySQL data source")
	processes := flag.Int("processes", 4, "`number` of writers at a time")
	kills := flag.Int("kills", 10, "`number` of times that each is killed")
	own := flag.Bool("own", false, "write to tables of a service instead of Muster's, by a mapping")
	worker := flag.String("worker", "", "write under this `name` until killed")
	restart := flag.String("restart", "", "a shell `command` that crashes the server and starts it again")
	flag.Parse()
	w := weather{source: *db, own: *own, restart: *restart, processes: *processes, kills: *kills}
	if err := w.run(context.Background(), os.Stdout, *worker); err != nil {
		fmt.Fprintln(os.Stderr, "storm:", err)
		os.Exit(1)
	}
}

// weather is how bad the storm is.
type weather struct {
	source, restart  string
	own              bool
	processes, kills int
}

func (w weather) run(ctx context.Context, out io.Writer, worker string) error {
	t, err := open(w.source, w.own)
	if err != nil {
		return err
	}
	defer func() { _ = t.pool.Close() }()
	if worker != "" {
		return write(ctx, out, t, worker)
	}
	if err := prepare(ctx, t); err != nil {
		return err
	}
	acked, err := w.storm(ctx)
	if err != nil {
		return err
	}
	if err := check(ctx, t, acked); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d processes were killed; all %d acknowledged users, %d memberships, %d groups, %d changes and %d deletions are there\n",
		w.processes*w.kills, len(acked["user"]), len(acked["member"]), len(acked["group"]), len(acked["patched"]), len(acked["deleted"]))
	return nil
}

// acks are the ids that writers have acknowledged, by what was done.
type acks map[string][]schema.ID

// add takes what a writer has said.
func (a acks) add(lines []string) {
	for _, line := range lines {
		what, id, _ := strings.Cut(line, " ")
		a[what] = append(a[what], schema.ID(id))
	}
}

// storm runs the writers and returns what they acknowledged.
func (w weather) storm(ctx context.Context) (acks, error) {
	var (
		mu     sync.Mutex
		wg     sync.WaitGroup
		errs   []error
		died   int
		server sync.Mutex
		acked  = acks{}
	)
	for p := range w.processes {
		wg.Go(func() {
			for k := range w.kills {
				lines, err := w.oneWriter(ctx, fmt.Sprintf("w%d-%d", p, k), 1+rand.N(30))
				mu.Lock()
				acked.add(lines)
				errs = append(errs, err)
				died++
				crashes := w.restart != "" && died%max(1, w.processes*w.kills/4) == 0 && died < w.processes*w.kills
				mu.Unlock()
				if crashes {
					server.Lock()
					w.crash(ctx)
					server.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return acked, errors.Join(errs...)
}

// crash restarts the server in the middle of the others' work.
func (w weather) crash(ctx context.Context) {
	cmd := exec.CommandContext(ctx, "sh", "-c", w.restart)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "storm: -restart:", err)
	}
}

// oneWriter starts a writer and kills it at some moment after it has acknowledged
// n writes. What it said until it was dead counts too.
func (w weather) oneWriter(ctx context.Context, name string, n int) (lines []string, err error) {
	cmd := exec.CommandContext(ctx, os.Args[0], "-db", w.source, fmt.Sprintf("-own=%t", w.own), "-worker", name)
	cmd.Env = append(os.Environ(), workerEnv+"=1", "GORACE=halt_on_error=1") // a race counts as its end
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, err
	}
	reader := bufio.NewReader(out)
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			break // the last line may be cut; then it was not said
		}
		if lines = append(lines, strings.TrimSpace(line)); len(lines) == n {
			time.Sleep(rand.N(moment))
			if err := cmd.Process.Kill(); err != nil {
				return lines, err
			}
		}
	}
	_ = cmd.Wait() // it was killed
	if len(lines) < n {
		return lines, fmt.Errorf("writer %s ended by itself after %d writes", name, len(lines))
	}
	return lines, nil
}

// moment is longer than most writes take. A writer that was killed as soon as it
// had said something would always be at the beginning of the next one.
const moment = 20 * time.Millisecond

// workerEnv marks writers, for the test binary.
const workerEnv = "MUSTER_STORM_WORKER"
