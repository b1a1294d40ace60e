package scim

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/muster-scim/muster/internal/wait"
	"github.com/muster-scim/muster/store"
)

// async reports whether the request is to be carried out later. It is not if it
// changes nothing, or if the service or the tenant's store cannot do that: then it
// is answered as if it had not asked, which RFC 9967 §2.5.1.1 allows.
func (x *exchange) async() bool {
	c := &x.call
	if !x.prefers.async || x.h.cfg.Async == nil || operations[x.r.Method] == "" || c.params.dryRun {
		return false
	}
	switch c.route.at {
	case atCollection, atItem, atBulk, atMe:
		return canAsync(c.tenant.Store)
	default:
		return false
	}
}

// ignoresAccept reports whether the Accept header says nothing about the answer:
// that of a request that is carried out later has no body (RFC 9967 §2.5.1.1), and
// a result has one media type.
func (x *exchange) ignoresAccept() bool {
	return x.call.route.at == atAsync || x.async()
}

// errReady ends a call that has nothing wrong with it, as far as that can be
// told without the store.
var errReady = errors.New("the request can be carried out")

// accept answers a request that is carried out later. What is wrong with it
// without looking into the store is answered now.
func (c *call) accept(ctx context.Context, method string, do verb, patience time.Duration) (response, error) {
	operations := 0
	if c.route.at == atBulk {
		n, circular, err := c.examineBulk()
		switch {
		case err != nil:
			return response{}, err
		case circular || n == 0:
			return c.attempt(ctx, method, do)
		}
		operations = n
	} else {
		c.probing = true
		resp, err := c.guarded(ctx, do)
		c.probing = false
		if !errors.Is(err, errReady) {
			if err != nil {
				c.refuse(ctx, method, err)
			}
			return resp, err
		}
	}
	position, err := c.queue(ctx, method)
	if err != nil {
		return response{}, err
	}
	result := asyncResult{position, operations, c.txn()}
	if resp, done, err := c.carryOut(ctx, result, patience); done {
		return resp, err
	}
	c.h.wakers.wake(c.tenant.ID)
	location := c.base + asyncPath + "/" + c.h.sealResult(result, c.tenant.ID, c.actorID())
	return response{status: http.StatusAccepted, txn: c.txn(), result: location}, nil
}

// examineBulk reads a bulk request and returns the number of its operations. One
// with circular references is carried out in two halves, between which it must
// not be interrupted.
func (c *call) examineBulk() (operations int, circular bool, err error) {
	if c.h.cfg.NoBulk {
		return 0, false, errNoBulk()
	}
	request, err := parseBulk(c.body, c.profile.limits.BulkOperations)
	if err != nil {
		return 0, false, err
	}
	return len(request.operations), newBulkJob(c, request).circular(), nil
}

// queue writes the request to the journal and returns a position before it.
func (c *call) queue(ctx context.Context, method string) (position uint64, err error) {
	log, err := store.Journal(c.tenant.Store)
	if err != nil {
		return 0, err
	}
	if position, err = c.backlog(ctx, log); err != nil {
		return 0, err
	}
	data, err := c.h.sealRequest(c.asyncRequest(method), c.txn())
	if err != nil {
		return 0, err
	}
	e := store.Entry{Time: c.h.now(), TxID: c.txn(), Kind: AsyncKind, Data: data}
	if c.route.at == atItem {
		e.Ref = c.ref()
	}
	return position, log.Append(ctx, e)
}

// carryOut does what the consumer would do, for as long as the client wants to
// wait (RFC 7240 §4.3): everything up to this request, so that the order stays. It
// returns false if the answer has to be 202.
func (c *call) carryOut(ctx context.Context, result asyncResult, patience time.Duration) (resp response, done bool, err error) {
	if patience <= 0 {
		return response{}, false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	consumer := c.h.asyncConsumer(c.tenant, func(txn string, answer response, failed error) {
		if txn != result.txn {
			answer.release()
			return
		}
		resp, err, done = answer, failed, true
		cancel()
	})
	for ctx.Err() == nil {
		if _, err := consumer.Drain(ctx); !errors.Is(err, store.ErrVersion) {
			break // the consumer that the host runs does what this one could not
		}
		if _, all, err := c.completions(ctx, result); all || err != nil || wait.For(ctx, asyncGlance) != nil {
			break // somebody else was faster
		}
	}
	return resp, done, err
}

// asyncGlance is how long to leave a request to another process before looking
// whether it is done.
const asyncGlance = 20 * time.Millisecond

// asyncRequest is the call in the form in which it is kept.
func (c *call) asyncRequest(method string) *asyncRequest {
	r := &asyncRequest{
		Tenant: c.tenant.ID, RequestID: c.id, Method: method, Path: c.path(), Base: c.base, Body: c.body,
		Attributes: c.params.attributes, Excluded: c.params.excluded, Match: c.cond.match.lines(), NoneMatch: c.cond.noneMatch.lines(),
	}
	if c.actor != nil {
		r.Actor, r.Client, r.Subject, r.ActorTenant = c.actor.ID, c.actor.Client, c.actor.Subject, c.actor.Tenant
	}
	return r
}

// path is where the call goes, below the base URL. /Me has been resolved.
func (c *call) path() string {
	switch c.route.at {
	case atBulk:
		return bulkPath
	case atItem:
		return c.route.typ.Endpoint() + "/" + url.PathEscape(c.route.name)
	default:
		return c.route.typ.Endpoint()
	}
}
