package sqlstore

import (
	"context"
	"database/sql"
	"sync"
)

// maxPrepared bounds the statements that are kept prepared, each on each
// connection of the pool. maxLoose bounds those among them that were made of
// filters, so that clients cannot use all places up.
const (
	maxPrepared = 96
	maxLoose    = 32
)

// maxPreparedArgs is the most parameters of a statement worth keeping: those
// with more were made for the number of values at hand.
const maxPreparedArgs = 100

// statements are kept prepared for a pool, so that the database parses them
// once. PostgreSQL is left to its driver: pgx keeps statements by itself, and
// can be told not to where a pooler between does not allow it.
type statements struct {
	pool    *sql.DB
	dialect Dialect

	mu     sync.RWMutex
	ready  map[string]*sql.Stmt // nil if it cannot be prepared
	wanted map[string]bool
	loose  int // of both
}

func newStatements(pool *sql.DB, d Dialect) *statements {
	return &statements{pool: pool, dialect: d, ready: map[string]*sql.Stmt{}, wanted: map[string]bool{}}
}

// get returns the prepared statement, or nil. One that is not there yet is
// prepared before the next transaction: in the middle of one, waiting for
// another connection could be waiting for oneself.
func (s *statements) get(query string, args int, loose bool) *sql.Stmt {
	if s == nil || s.dialect == PostgreSQL || args > maxPreparedArgs {
		return nil
	}
	s.mu.RLock()
	stmt, known := s.ready[query]
	known = known || s.wanted[query] || len(s.ready) >= maxPrepared || loose && s.loose >= maxLoose
	s.mu.RUnlock()
	if !known {
		s.want(query, loose)
	}
	return stmt
}

func (s *statements) want(query string, loose bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if loose && !s.wanted[query] {
		s.loose++
	}
	s.wanted[query] = true
}

// prepare prepares what was wanted. The caller holds no connection.
func (s *statements) prepare(ctx context.Context) {
	s.mu.RLock()
	n := len(s.wanted)
	s.mu.RUnlock()
	if n == 0 {
		return
	}
	s.mu.Lock()
	wanted := s.wanted
	s.wanted = map[string]bool{}
	s.mu.Unlock()
	for query := range wanted {
		stmt, err := s.pool.PrepareContext(ctx, query)
		if err != nil {
			if ctx.Err() != nil || s.dialect.connecting(err).verdict != broken {
				return // it will be wanted again
			}
			stmt = nil // running it says what is wrong
		}
		s.keep(query, stmt)
	}
}

// keep keeps a statement, unless another goroutine was faster.
func (s *statements) keep(query string, stmt *sql.Stmt) {
	s.mu.Lock()
	_, known := s.ready[query]
	if !known && len(s.ready) < maxPrepared {
		s.ready[query] = stmt
		stmt = nil
	}
	s.mu.Unlock()
	if stmt != nil {
		_ = stmt.Close()
	}
}
