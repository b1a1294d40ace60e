package sqltest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
)

// sqliteError has the shape of the errors of SQLite drivers.
type sqliteError int

func (e sqliteError) Error() string { return fmt.Sprint("sqlite ", int(e)) }
func (e sqliteError) Code() int     { return int(e) }

// coded are errors that databases answer with: those after which the
// transaction is run again, and those after which it is of no use.
var coded = map[sqlstore.Dialect]struct{ again, refused []error }{
	sqlstore.SQLite: {
		again:   []error{sqliteError(5), sqliteError(517)},
		refused: []error{sqliteError(13), sqliteError(8)}, // full, read-only
	},
	sqlstore.PostgreSQL: {
		again:   []error{&pgconn.PgError{Code: "40001"}, &pgconn.PgError{Code: "40P01"}, &pgconn.PgError{Code: "57P01"}},
		refused: []error{&pgconn.PgError{Code: "53100"}, &pgconn.PgError{Code: "57014"}}, // disk full, statement timeout
	},
	sqlstore.MySQL: {
		again:   []error{&mysql.MySQLError{Number: 1213}, &mysql.MySQLError{Number: 1205}, &mysql.MySQLError{Number: 1290}},
		refused: []error{&mysql.MySQLError{Number: 1021}, &mysql.MySQLError{Number: 3024}}, // disk full, statement timeout
	},
}

// lab is a database with a tenant that holds the fixture.
type lab struct {
	layout
	engine   engine
	clean    *sql.DB // never fails
	faulty   func(store.TenantID) (store.Store, error)
	healthy  func(store.TenantID) (store.Store, error)
	injector *injector
	before   string
	tenants  int
}

const template = "template"

func newLab(t *testing.T, e engine, layout layout) *lab {
	t.Helper()
	source, remove, err := e.make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l := &lab{layout: layout, engine: e}
	if e.dialect == sqlstore.MySQL {
		source += "?interpolateParams=true" // one statement for each call
	}
	if l.clean, err = sql.Open(e.driver, source); err != nil {
		t.Fatal(err)
	}
	pool, injector, err := e.faulty(source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(pool.Close(), l.clean.Close(), remove()); err != nil {
			t.Error(err)
		}
	})
	l.injector = injector
	if l.healthy, err = l.open(t.Context(), e, l.clean); err != nil {
		t.Fatal(err)
	}
	if l.faulty, err = l.open(t.Context(), e, pool); err != nil {
		t.Fatal(err)
	}
	if err := fixture(t.Context(), l.store(t, l.healthy, template)); err != nil {
		t.Fatal(err)
	}
	l.before = l.stateOf(t, template)
	return l
}

func (l *lab) store(t *testing.T, of func(store.TenantID) (store.Store, error), tenant string) store.Store {
	t.Helper()
	s, err := of(store.TenantID(tenant))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (l *lab) stateOf(t *testing.T, tenant string) string {
	t.Helper()
	text, err := l.state(context.WithoutCancel(t.Context()), l.clean, tenant)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// tenant returns a new one with the fixture.
func (l *lab) tenant(t *testing.T) string {
	t.Helper()
	l.tenants++
	name := fmt.Sprintf("t%d", l.tenants)
	if err := l.copyTenant(t.Context(), l.clean, template, name); err != nil {
		t.Fatal(err)
	}
	return name
}

// outcome is what came of one operation.
type outcome struct {
	read  string
	err   error
	state string
}

// attempt runs an operation in a new tenant, with a fault at a statement.
func (l *lab) attempt(t *testing.T, op operation, at int, f fault) (tenant string, out outcome, trace []string) {
	t.Helper()
	tenant = l.tenant(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := l.store(t, l.faulty, tenant)
	l.injector.arm(at, f, cancel)
	out.read, out.err = op.run(ctx, s)
	trace = l.injector.disarm()
	out.state = l.stateOf(t, tenant)
	return tenant, out, trace
}

// TestFaults makes every statement of every operation fail in every way. The
// error says what a caller has to know, nothing is left half done, and the same
// call without the fault then does what it should.
func TestFaults(t *testing.T) {
	for _, layout := range layouts {
		t.Run(layout.name, func(t *testing.T) {
			for _, e := range engines(t) {
				t.Run(e.name, func(t *testing.T) {
					l := newLab(t, e, layout)
					can := store.CapabilitiesOf(l.store(t, l.healthy, template))
					for _, op := range operations() {
						if op.needs == nil || op.needs(can) {
							t.Run(op.name, func(t *testing.T) { l.every(t, op) })
						}
					}
				})
			}
		})
	}
}

func (l *lab) every(t *testing.T, op operation) {
	_, want, trace := l.attempt(t, op, 0, fault{})
	if want.err != nil || len(trace) == 0 {
		t.Fatalf("without a fault: %v after %q", want.err, trace)
	}
	for _, f := range l.faults() {
		for at := 1; at <= len(trace); at++ {
			if !l.worthwhile(f, at, trace) {
				continue
			}
			tenant, got, ran := l.attempt(t, op, at, f)
			if problem := l.judge(op, f, trace[at-1], got, want); problem != "" {
				t.Errorf("%s at statement %d of %d, %s:\n%s: %v\nran %d statements", f.name, at, len(trace), trace[at-1], problem, got.err, len(ran))
				continue
			}
			l.repeat(t, op, tenant, got, want)
		}
	}
}

// faults are the ways in which a statement fails.
func (l *lab) faults() []fault {
	list := []fault{
		{name: "cut before", cut: true},
		{name: "cut after", cut: true, late: true},
		{name: "cut while rows are read", rows: true},
		{name: "cancelled", cancel: true},
		{name: "down from then on", cut: true, stays: true},
		{name: "down after", cut: true, late: true, stays: true},
	}
	for _, err := range coded[l.engine.dialect].again {
		list = append(list, fault{name: fmt.Sprint("again: ", err), err: err})
	}
	for _, err := range coded[l.engine.dialect].refused {
		list = append(list, fault{name: fmt.Sprint("refused: ", err), err: err, stays: true})
	}
	return list
}

// worthwhile leaves out what takes long and is the same everywhere: a database
// that stays away is tried at the ends of a transaction, and a server is asked
// every third time in the middle of one.
func (l *lab) worthwhile(f fault, at int, trace []string) bool {
	middle := at > 1 && at < len(trace) && at != len(trace)/2
	some := testing.Short() || l.engine.dialect != sqlstore.SQLite
	return !(f.stays && f.cut && middle) && (!some || !middle || at%3 == 0)
}

// judge says what is wrong with an outcome.
func (l *lab) judge(op operation, f fault, statement string, got, want outcome) string {
	changes := want.state != l.before
	switch {
	case got.state != l.before && got.state != want.state:
		return "something is half done:\n" + difference(want.state, got.state)
	case got.err == nil && (got.state != want.state || got.read != want.read):
		return "it says that it is done, and is not"
	case got.err == nil:
		return ""
	case errors.Is(got.err, store.ErrUncertain):
		if !changes || statement != "COMMIT" {
			return "it is not sure, and could be"
		}
		return ""
	case got.state != l.before:
		return "it says that it is not done, and is"
	case errors.Is(got.err, context.Canceled) && f.cancel:
		return ""
	case !errors.Is(got.err, store.ErrUnavailable):
		return "the error does not say that the database is away"
	case !f.stays && (op.name != "Values" || !f.rows):
		return "another attempt would have helped"
	}
	return ""
}

// repeat makes the same call without a fault, as a client does.
func (l *lab) repeat(t *testing.T, op operation, tenant string, got, want outcome) {
	t.Helper()
	if got.err == nil || op.adds && got.state == want.state {
		return
	}
	read, err := op.run(t.Context(), l.store(t, l.healthy, tenant))
	happened := got.state != l.before
	if wrong := err != nil && !happened || happened && !errors.Is(err, op.done); wrong {
		t.Errorf("after %v, the same call returned %v", got.err, err)
	}
	if state := l.stateOf(t, tenant); state != want.state || err == nil && read != want.read {
		t.Errorf("after %v, the same call left:\n%s", got.err, difference(want.state, state))
	}
}

// difference lists the lines that only one of two texts has.
func difference(want, got string) string {
	var b strings.Builder
	for sign, pair := range map[string][2]string{"-": {want, got}, "+": {got, want}} {
		for line := range strings.Lines(pair[0]) {
			if !strings.Contains(pair[1], strings.TrimSpace(line)) {
				b.WriteString(sign + line)
			}
		}
	}
	return b.String()
}
