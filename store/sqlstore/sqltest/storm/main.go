// Storm checks that nothing is lost or halved when writers die. Several
// processes write to one database, and each is killed (SIGKILL) in the middle
// of its work and replaced, many times. Afterwards every write that was
// acknowledged must be there, the journal must agree with the tables, and every
// membership must have both ends. Some writes are bulk requests; with -restart
// the server crashes three times on the way, and the writers that are told so
// try again.
//
//	go run ./storm -db /tmp/storm.db
//	go run ./storm -db 'postgres://user@127.0.0.1/empty'
//	go run ./storm -db 'user:password@tcp(127.0.0.1:3306)/empty'
//	go run ./storm -db 'postgres://user@127.0.0.1/empty' -restart 'pg_ctl -D data -m immediate -w restart'
//
// It writes to the tenant "storm" and does not clean up.
package main

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"

	"github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/storetest"
)

func main() {
	db := flag.String("db", "storm.db", "an SQLite `file`, a postgres:// URL or a MySQL data source")
	processes := flag.Int("processes", 4, "`number` of writers at a time")
	kills := flag.Int("kills", 10, "`number` of times that each is killed")
	worker := flag.String("worker", "", "write under this `name` until killed")
	restart := flag.String("restart", "", "a shell `command` that crashes the server and starts it again")
	flag.Parse()
	w := weather{source: *db, restart: *restart, processes: *processes, kills: *kills}
	if err := w.run(context.Background(), os.Stdout, *worker); err != nil {
		fmt.Fprintln(os.Stderr, "storm:", err)
		os.Exit(1)
	}
}

// weather is how bad the storm is.
type weather struct {
	source, restart  string
	processes, kills int
}

func (w weather) run(ctx context.Context, out io.Writer, worker string) error {
	pool, db, err := open(w.source)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	if worker != "" {
		return write(ctx, out, db.Tenant(tenant), worker)
	}
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	if err := prepare(ctx, db.Tenant(tenant)); err != nil {
		return err
	}
	acked, err := w.storm(ctx)
	if err != nil {
		return err
	}
	if err := check(ctx, db.Tenant(tenant), acked); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d processes were killed; all %d acknowledged users, %d memberships and %d groups are there\n",
		w.processes*w.kills, len(acked["user"]), len(acked["member"]), len(acked["group"]))
	return nil
}

// tenant is whose data is written.
const tenant = "storm"

func open(source string) (*sql.DB, *sqlstore.DB, error) {
	driver, dialect := "sqlite", sqlstore.SQLite
	switch {
	case strings.HasPrefix(source, "postgres"):
		driver, dialect = "pgx", sqlstore.PostgreSQL
	case strings.Contains(source, "@"):
		driver, dialect = "mysql", sqlstore.MySQL
		_ = mysql.SetLogger(log.New(io.Discard, "", 0)) // which tells about each lost connection
	default:
		source = "file:" + source + "?_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)"
	}
	pool, err := sql.Open(driver, source)
	if err != nil {
		return nil, nil, err
	}
	db, err := sqlstore.New(pool, dialect, &sqlstore.Config{Types: []*schema.ResourceType{storetest.UserType(), storetest.GroupType()}})
	return pool, db, err
}

// storm runs the writers and returns the ids that they acknowledged, by what
// was done.
func (w weather) storm(ctx context.Context) (map[string][]schema.ID, error) {
	var (
		mu     sync.Mutex
		wg     sync.WaitGroup
		errs   []error
		died   int
		server sync.Mutex
		acked  = map[string][]schema.ID{}
	)
	for p := range w.processes {
		wg.Go(func() {
			for k := range w.kills {
				lines, err := oneWriter(ctx, w.source, fmt.Sprintf("w%d-%d", p, k), 1+rand.N(30))
				mu.Lock()
				for _, line := range lines {
					what, id, _ := strings.Cut(line, " ")
					acked[what] = append(acked[what], schema.ID(id))
				}
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

// oneWriter starts a writer and kills it once it has acknowledged n writes. What
// it said until it was dead counts too.
func oneWriter(ctx context.Context, source, name string, n int) (lines []string, err error) {
	cmd := exec.CommandContext(ctx, os.Args[0], "-db", source, "-worker", name)
	cmd.Env = append(os.Environ(), workerEnv+"=1")
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

// workerEnv marks writers, for the test binary.
const workerEnv = "MUSTER_STORM_WORKER"
