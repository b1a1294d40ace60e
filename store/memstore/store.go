package memstore

import (
	"context"
	"slices"
	"sync/atomic"

	"github.com/muster-scim/muster/store"
)

// Config adjusts a Store. The zero value and nil are ready to use.
type Config struct {
	// Relations are the relations that the store keeps; nil means
	// store.GroupMembers alone, and an empty slice none.
	Relations []store.Relation
	// Indexes are paths of attributes to index, such as "emails.value", in every
	// type that has them, besides unique attributes and externalId. An index
	// serves eq, sw, gt, ge, lt, le and sorting. Only strings and references can
	// be indexed; other paths are ignored. Name here what store.Write.Unique will
	// name too, otherwise the first such write has to build the index.
	Indexes []string
}

// Store keeps the resources of one tenant in memory. It is a store.Store with
// every upgrade, and safe for concurrent use.
//
// It keeps the compiled types of the resources that it gets. One type name
// always goes with one compiled type; a resource of another one is refused.
type Store struct {
	handle
	config Config
	state  atomic.Pointer[state]
	turn   turn
}

// New returns an empty store. It copies c; nil means the defaults.
func New(c *Config) *Store {
	if c == nil {
		c = &Config{}
	}
	s := &Store{config: Config{Relations: slices.Clone(c.Relations), Indexes: slices.Clone(c.Indexes)}}
	if c.Relations == nil {
		s.config.Relations = []store.Relation{store.GroupMembers()}
	}
	s.handle = handle{session: s}
	s.state.Store(newState(&s.config))
	return s
}

// session is where a handle reads and writes: the store itself, or one
// transaction.
type session interface {
	// read returns a state that does not change.
	read() *state
	// ahead returns a state to prepare a write on before it gets the turn, or nil
	// if there is no point in that because the session has the turn.
	ahead() *state
	// write runs fn on a draft and keeps what it did if it returns nil.
	write(ctx context.Context, fn func(*draft) error) error
	// inTx is InTx.
	inTx(ctx context.Context, fn func(context.Context, store.Store) error) error
}

// handle has the methods of the store contract.
type handle struct{ session session }

var _ interface {
	store.QueryStore
	store.PatchStore
	store.ReadStore
	store.ValueStore
	store.InverseStore
	store.RelationStore
	store.TxStore
	store.JournalStore
	store.TrashStore
} = (*Store)(nil)

func (s *Store) read() *state { return s.state.Load() }

func (s *Store) ahead() *state { return s.state.Load() }

func (s *Store) write(ctx context.Context, fn func(*draft) error) error {
	if err := s.turn.acquire(ctx); err != nil {
		return err
	}
	defer s.turn.release()
	d := newDraft(s.read())
	if err := fn(d); err != nil {
		return err
	}
	s.state.Store(d.snapshot()) // which does not keep the draft in memory, nor what it began as
	return nil
}
