package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/muster-scim/muster/store"
)

// ParkedKind is the Kind of the journal entry that says that another one was
// parked.
const ParkedKind = "outbox.parked"

// Parked is an entry that could not be delivered. It does not hold up those
// behind it, and stays in the journal until it is delivered or dropped.
type Parked struct {
	// Consumer is the name of the consumer.
	Consumer string
	// Entry is what was not delivered.
	Entry store.Entry
	// Attempts is how often it was tried, if it was just now.
	Attempts int
	// Err is the last error, if it was tried just now.
	Err error
}

// parkedNote is the Data of a ParkedKind entry.
type parkedNote struct {
	Consumer string `json:"consumer"`
	Seq      uint64 `json:"seq"`
	Attempts int    `json:"attempts"`
	Error    string `json:"error"`
}

// park moves on and pins the journal at the entry: a consumer of the journal
// that is named after it waits just before it, so pruning waits too.
func (c *Consumer) park(ctx context.Context, p Parked, at uint64) error {
	note, err := json.Marshal(parkedNote{c.Name, p.Entry.Seq, p.Attempts, p.Err.Error()})
	if err != nil {
		return err
	}
	err = store.InTx(ctx, c.Store, func(ctx context.Context, tx store.Store) error {
		log, err := store.Journal(tx)
		if err != nil {
			return err
		}
		if err := log.Advance(ctx, c.pin(p.Entry.Seq), 0, p.Entry.Seq-1); err != nil && !errors.Is(err, store.ErrVersion) {
			return err // an ErrVersion is a pin left by an attempt that crashed
		}
		if err := log.Append(ctx, store.Entry{Time: time.Now(), TxID: p.Entry.TxID, Kind: ParkedKind, Ref: p.Entry.Ref, Data: note}); err != nil {
			return err
		}
		return log.Advance(ctx, c.Name, at, p.Entry.Seq)
	})
	if err == nil && c.OnPark != nil {
		c.OnPark(ctx, p)
	}
	return err
}

// pin is the name under which the journal knows a parked entry.
func (c *Consumer) pin(seq uint64) string { return c.Name + "/" + strconv.FormatUint(seq, 10) }

// parkedSeqs returns the numbers of the parked entries in order.
func (c *Consumer) parkedSeqs(ctx context.Context, log store.Log) ([]uint64, error) {
	all, err := log.Consumers(ctx)
	var seqs []uint64
	for name := range all {
		tail, ok := strings.CutPrefix(name, c.Name+"/")
		if seq, err := strconv.ParseUint(tail, 10, 64); ok && err == nil {
			seqs = append(seqs, seq)
		}
	}
	slices.Sort(seqs)
	return seqs, err
}

// Parked returns the entries that are parked, in order.
func (c *Consumer) Parked(ctx context.Context) ([]Parked, error) {
	log, err := store.Journal(c.Store)
	if err != nil {
		return nil, err
	}
	seqs, err := c.parkedSeqs(ctx, log)
	if err != nil {
		return nil, err
	}
	var list []Parked
	for _, seq := range seqs {
		e, err := entryAt(ctx, log, seq)
		if err != nil {
			return list, err
		}
		list = append(list, Parked{Consumer: c.Name, Entry: e})
	}
	return list, nil
}

// entryAt reads one entry.
func entryAt(ctx context.Context, log store.Log, seq uint64) (store.Entry, error) {
	for e, err := range log.Read(ctx, seq-1) {
		if err == nil && e.Seq != seq {
			break
		}
		return e, err
	}
	return store.Entry{}, fmt.Errorf("outbox: entry %d: %w", seq, store.ErrNotFound)
}

// Retry tries each parked entry once more, and returns how many were delivered.
// The error joins those of the entries that still fail.
func (c *Consumer) Retry(ctx context.Context) (delivered int, err error) {
	parked, err := c.Parked(ctx)
	if err != nil {
		return 0, err
	}
	var failed []error
	for _, p := range parked {
		move := &move{pin: c.pin(p.Entry.Seq)}
		err := c.once(ctx, p.Entry, move)
		if err == nil && c.Work == nil {
			err = move.done(ctx, c.Store)
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("outbox: entry %d: %w", p.Entry.Seq, err))
			continue
		}
		delivered++
	}
	return delivered, errors.Join(failed...)
}

// Drop gives up a parked entry. There is no error if it is not parked.
func (c *Consumer) Drop(ctx context.Context, seq uint64) error {
	log, err := store.Journal(c.Store)
	if err != nil {
		return err
	}
	return log.Forget(ctx, c.pin(seq))
}

// Pending iterates over the entries that have not been delivered: first those
// that are parked, then those that are still to come.
func (c *Consumer) Pending(ctx context.Context) iter.Seq2[store.Entry, error] {
	return func(yield func(store.Entry, error) bool) {
		parked, err := c.Parked(ctx)
		if err != nil {
			yield(store.Entry{}, err)
			return
		}
		for _, p := range parked {
			if !yield(p.Entry, nil) {
				return
			}
		}
		log, at, err := c.position(ctx)
		if err != nil {
			yield(store.Entry{}, err)
			return
		}
		for e, err := range log.Read(ctx, at) {
			if (err != nil || c.wants(e)) && !yield(e, err) {
				return
			}
		}
	}
}
