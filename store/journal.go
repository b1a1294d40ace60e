package store

import (
	"context"
	"errors"
	"iter"
	"time"
)

// JournalStore is implemented by a Store that keeps a durable record of its
// changes: an outbox, from which consumers deliver at least once.
type JournalStore interface {
	Store
	// Journal returns the log of the store, or errors.ErrUnsupported. The log of
	// a transaction's Store is part of the transaction.
	Journal() (Log, error)
}

// Entry is one record of the journal. What it says is in Data, which the store
// keeps as it is. A store may refuse an entry of which TxID, Kind or a part of
// Ref has more than 255 bytes or a NUL, but never cuts it off.
type Entry struct {
	// Seq is the position, assigned by the store. It starts at 1 and grows; numbers
	// may be left out.
	Seq uint64
	// Time is when it happened.
	Time time.Time
	// TxID ties together what one request changed.
	TxID string
	// Kind tells consumers what Data is.
	Kind string
	// Ref is the resource concerned; it may be zero.
	Ref Ref
	// Data is the record itself. It must not be changed once handed over.
	Data []byte
}

// Log is the journal of one tenant. All methods may be called concurrently.
type Log interface {
	// Append adds entries in this order and ignores their Seq. In a transaction
	// they appear when it commits, and not at all if it does not.
	Append(ctx context.Context, entries ...Entry) error

	// Read iterates over the entries after a position, in order, until the last
	// one there is; 0 is before the first one that is left. Once an entry was
	// seen, no entry with a smaller Seq appears any more, so a reader may go on
	// from the last Seq it saw. It yields an ErrPosition if entries after the
	// position, which is not 0, were pruned.
	Read(ctx context.Context, after uint64) iter.Seq2[Entry, error]

	// Consumers returns the position of every consumer: the last Seq that it has
	// dealt with. The caller owns the result.
	Consumers(ctx context.Context) (map[string]uint64, error)

	// Advance moves a consumer from one position to a later one. It fails with an
	// ErrVersion if the consumer is not at from, which is 0 for one that does not
	// exist yet: of two processes that work for one consumer, one fails and
	// starts over. Advancing from 0 to 0 makes a consumer known, so that pruning
	// waits for it.
	Advance(ctx context.Context, consumer string, from, to uint64) error

	// Forget removes a consumer, so that pruning no longer waits for it.
	Forget(ctx context.Context, consumer string) error

	// Prune removes the entries up to and including a position, except those
	// that some consumer has not dealt with yet, and returns how many it removed.
	Prune(ctx context.Context, through uint64) (int, error)
}

// Journal returns the log of s. There is no fallback: a Store that is not a
// JournalStore gives errors.ErrUnsupported.
func Journal(s Store) (Log, error) {
	if j, ok := s.(JournalStore); ok {
		return j.Journal()
	}
	return nil, errors.ErrUnsupported
}
