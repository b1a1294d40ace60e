package scim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// bulkPath is the endpoint of bulk requests.
const bulkPath = "/Bulk"

// asyncBulk is an accepted bulk request that is being carried out. Its operations
// stand alone, as always. How many are settled is the position of a consumer of
// the journal that the request has for itself, which moves in the transaction of
// each of them.
type asyncBulk struct {
	*asyncWork
	job      *bulkJob
	settled  uint64       // operations
	recorded map[int]bool // those whose completion is in the journal
}

// newBulk reads a bulk request. Without a call it can only be given up.
func (w *asyncWork) newBulk(c *call) (*asyncBulk, error) {
	request, err := parseBulk(w.req.Body, math.MaxInt) // the limit was checked when it was accepted
	if err != nil {
		return nil, err
	}
	if c == nil {
		c = &call{h: w.h, base: w.req.Base}
	}
	b := &asyncBulk{asyncWork: w, job: newBulkJob(c, request), recorded: map[int]bool{}}
	b.job.async = b
	return b, nil
}

// bulk carries out the operations that nobody has carried out yet.
func (w *asyncWork) bulk(ctx context.Context) (response, error) {
	var c *call
	err := w.patiently(ctx, func() (err error) { c, _, err = w.call(ctx); return err })
	if w.broken != nil {
		return response{}, w.broken
	}
	var b *asyncBulk
	if err == nil {
		b, err = w.newBulk(c)
	}
	if err != nil {
		return response{}, w.giveUp(ctx, err)
	}
	if w.broken = b.resume(ctx); w.broken == nil {
		for i := range b.job.request.operations {
			b.job.run(ctx, i)
		}
		b.finish(ctx, errLeftOut())
	}
	return response{status: http.StatusOK, body: b.job.response()}, w.broken
}

// giveUp completes the operations that are not settled as failed.
func (b *asyncBulk) giveUp(ctx context.Context, e *Error) {
	if b.broken = b.resume(ctx); b.broken == nil {
		b.finish(ctx, e)
	}
}

// consumer is the name under which the journal knows how far the request is.
func (b *asyncBulk) consumer() string {
	return asyncConsumer + "." + strconv.FormatUint(b.entry.Seq, 10)
}

// position is where that consumer is after n operations: behind the request, so
// that it does not keep the journal from being pruned.
func (b *asyncBulk) position(n uint64) uint64 {
	if n == 0 {
		return 0 // it does not exist
	}
	return b.entry.Seq + n
}

// move counts one more operation.
func (b *asyncBulk) move(ctx context.Context, tx store.Store) error {
	log, err := store.Journal(tx)
	if err != nil {
		return err
	}
	consumers, err := log.Consumers(ctx)
	switch {
	case err != nil:
		return err
	case consumers[asyncConsumer] >= b.entry.Seq:
		return fmt.Errorf("%w: another process has finished request %s", store.ErrVersion, b.entry.TxID)
	}
	return log.Advance(ctx, b.consumer(), b.position(b.settled), b.position(b.settled+1))
}

// tellLost lets the consumer find out whether another process has finished the
// whole request, or just one of its operations.
func (w *asyncWork) tellLost(ctx context.Context) {
	_ = store.InTx(ctx, w.tenant.Store, func(ctx context.Context, tx store.Store) error {
		return errors.Join(w.done(ctx, tx), errUndone)
	})
}

var errUndone = errors.New("to be undone")

// resume reads what became of the operations that are settled.
func (b *asyncBulk) resume(ctx context.Context) error {
	log, err := store.Journal(b.tenant.Store)
	if err != nil {
		return err
	}
	consumers, err := log.Consumers(ctx)
	at := consumers[b.consumer()]
	if err != nil || at == 0 {
		return err
	}
	b.settled = at - b.entry.Seq
	for e, err := range log.Read(ctx, b.entry.Seq) {
		if err != nil {
			return err
		}
		if i, ok := b.index(e); ok {
			if err := b.restore(i, e.Data); err != nil {
				return err
			}
		}
		if uint64(len(b.recorded)) == b.settled {
			break
		}
	}
	return nil
}

// index returns the operation whose completion e is.
func (b *asyncBulk) index(e store.Entry) (int, bool) {
	tail, ok := strings.CutPrefix(e.TxID, b.entry.TxID+":")
	i, err := strconv.Atoi(tail)
	return i, ok && err == nil && e.Kind == CompletionKind && i >= 0 && i < len(b.job.results)
}

// restore notes the result of operation i.
func (b *asyncBulk) restore(i int, data []byte) error {
	c, err := ParseCompletion(data)
	if err != nil {
		return err
	}
	b.recorded[i] = true
	r := &b.job.results[i]
	*r = bulkResult{state: bulkDone, status: c.Status, location: c.Location, version: c.Version}
	if c.Response != nil {
		r.err = &Error{Status: c.Status}
		b.job.errors++
		var told struct {
			Type   ErrorType `json:"scimType"`
			Detail string    `json:"detail"`
		}
		err = json.Unmarshal(c.Response, &told)
		r.err.Type, r.err.Detail = told.Type, told.Detail
		return err
	}
	if c.Method == http.MethodPost {
		r.id = schema.ID(b.h.router.find(c.URI).name)
	}
	return nil
}

// operation carries out operation i by a call.
func (b *asyncBulk) operation(ctx context.Context, i int, sub *call, method string) (response, error) {
	c := b.completionOf(i)
	c.URI = sub.path()
	s := &asyncStep{
		work: b.asyncWork, completion: c, move: b.move,
		prepare: func(context.Context) (*call, verb, error) { return sub, bulkVerbs[method], nil },
	}
	resp, err := s.run(ctx)
	b.count(i)
	return resp, err
}

// count notes that operation i is settled.
func (b *asyncBulk) count(i int) {
	if b.broken == nil {
		b.settled++
		b.recorded[i] = true
	}
}

// settle completes operation i if it failed before it was tried.
func (b *asyncBulk) settle(ctx context.Context, i int, err error) {
	if b.recorded[i] || b.broken != nil {
		return
	}
	s := &asyncStep{work: b.asyncWork, completion: b.completionOf(i), move: b.move}
	_ = s.fail(ctx, err) // which the job knows
	b.count(i)
}

// completionOf returns one for operation i, before it is known what becomes of
// it.
func (b *asyncBulk) completionOf(i int) *Completion {
	op, c := &b.job.request.operations[i], b.completion()
	c.TxID += ":" + strconv.Itoa(i)
	c.Method, c.BulkID, c.Location, c.URI = op.method, op.bulkID, b.job.locationOf(op), bulkPath
	return c
}

// finish completes the operations that were left out, and the request.
func (b *asyncBulk) finish(ctx context.Context, leftOut *Error) {
	if b.broken == nil {
		b.broken = b.complete(ctx, leftOut)
	}
	if errors.Is(b.broken, store.ErrVersion) {
		b.tellLost(ctx)
	}
}

func (b *asyncBulk) complete(ctx context.Context, leftOut *Error) error {
	return store.InTx(ctx, b.tenant.Store, func(ctx context.Context, tx store.Store) error {
		if err := b.done(ctx, tx); err != nil {
			return err
		}
		for i := range b.job.results {
			if b.recorded[i] {
				continue
			}
			s := &asyncStep{work: b.asyncWork, completion: b.completionOf(i)}
			s.completion.failed(leftOut)
			if err := s.record(ctx, tx); err != nil {
				return err
			}
		}
		log, err := store.Journal(tx)
		if err != nil {
			return err
		}
		return log.Forget(ctx, b.consumer())
	})
}

func errLeftOut() *Error {
	return fail(http.StatusFailedDependency, "", "not carried out: as many operations have failed as failOnErrors allows")
}
