package scim

import (
	"context"
	"strings"

	"github.com/muster-scim/muster/store"
)

// seek is how far the journal was searched for the result of a request. It is
// kept for the next time, because clients ask until the result is there.
type seek struct {
	position uint64 // nothing of the request is up to here, but itself
	request  uint64 // the entry of the request; 0 if it was not found yet
}

// seekKey names a request.
type seekKey struct {
	tenant store.TenantID
	txn    string
}

// maxSeek is how many entries of the journal one look for a result reads before
// the first completion is found. If that is not enough the next look goes on.
const maxSeek = 5_000

// completions returns those of a request, and whether they are all there. As
// long as the consumer has not dealt with the request the journal behind it is
// not read, however much there is.
func (c *call) completions(ctx context.Context, r asyncResult) (list []*Completion, all bool, err error) {
	log, err := store.Journal(c.tenant.Store)
	if err != nil {
		return nil, false, err
	}
	consumers, err := log.Consumers(ctx)
	if err != nil {
		return nil, false, err
	}
	key := seekKey{c.tenant.ID, r.txn}
	s, ok := c.h.seeks.find(key)
	if !ok {
		s.position = r.position
	}
	done, known := consumers[asyncConsumer]
	f := completionFinder{seek: s, result: r, done: done, known: known}
	list, all, err = f.find(ctx, log)
	c.h.seeks.note(key, f.seek)
	return list, all, err
}

// completionFinder looks for the completions of a request.
type completionFinder struct {
	seek
	result asyncResult
	done   uint64 // what the consumer has dealt with
	known  bool   // there is such a consumer
	list   []*Completion
}

// find goes on from where it was.
func (f *completionFinder) find(ctx context.Context, log store.Log) (list []*Completion, all bool, err error) {
	if f.waits() {
		return nil, false, nil
	}
	left := maxSeek
	for e, err := range log.Read(ctx, f.position) {
		if err != nil {
			return nil, false, err
		}
		if all, err := f.add(e); all || err != nil {
			return f.list, all, err
		}
		if left--; f.waits() || left <= 0 && len(f.list) == 0 {
			break
		}
	}
	return nil, false, nil
}

// waits reports whether the request is known to wait for the consumer.
func (f *completionFinder) waits() bool { return f.known && f.request > f.done }

// add looks at one entry, and reports whether it is the last that was missing.
func (f *completionFinder) add(e store.Entry) (all bool, err error) {
	switch {
	case e.Kind == AsyncKind && e.TxID == f.result.txn:
		f.request = e.Seq
	case e.Kind == CompletionKind && (e.TxID == f.result.txn || strings.HasPrefix(e.TxID, f.result.txn+":")):
		completion, err := ParseCompletion(e.Data)
		if err != nil {
			return false, err
		}
		f.list = append(f.list, completion)
		return e.TxID == f.result.txn || len(f.list) == f.result.operations, nil
	}
	if len(f.list) == 0 {
		f.position = e.Seq
	}
	return false, nil
}
