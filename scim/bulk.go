package scim

import (
	"context"
	"net/http"

	"github.com/muster-scim/muster/schema"
)

// bulk answers POST /Bulk (RFC 7644 §3.7). The operations run in the order in
// which they were sent, except that one which refers to the bulkId of a later
// POST makes that one run first. They are not one transaction: each stands
// alone, exactly as if it had been sent by itself.
func (c *call) bulk(ctx context.Context) (response, error) {
	if c.h.cfg.NoBulk {
		return response{}, errNoBulk()
	}
	request, err := parseBulk(c.body, c.profile.limits.BulkOperations)
	if err != nil {
		return response{}, err
	}
	job := newBulkJob(c, request)
	for i := range request.operations {
		job.run(ctx, i)
		job.completeAll(ctx)
	}
	return response{status: http.StatusOK, body: job.response()}, nil
}

func errNoBulk() *Error {
	return fail(http.StatusNotImplemented, "", "bulk operations are not supported")
}

// bulkJob is one bulk request on its way.
type bulkJob struct {
	call    *call
	request *bulkRequest
	posts   map[string]int // operation by bulkId
	results []bulkResult
	circles []circle
	errors  int
	async   *asyncBulk // nil if the client waits
}

// bulkState is how far an operation is.
type bulkState uint8

const (
	bulkWaiting bulkState = iota
	bulkRunning           // waits for what it refers to
	bulkDone
)

// bulkResult is what became of an operation.
type bulkResult struct {
	state    bulkState
	status   int
	id       schema.ID // of what a POST created
	location string
	version  string
	err      *Error
}

func newBulkJob(c *call, request *bulkRequest) *bulkJob {
	job := &bulkJob{call: c, request: request, posts: map[string]int{}, results: make([]bulkResult, len(request.operations))}
	for i := range request.operations {
		op := &request.operations[i]
		if op.method != http.MethodPost || op.err != nil {
			continue
		}
		if _, taken := job.posts[op.bulkID]; taken {
			op.err = badRequest(InvalidValue, "the bulkId is used by another operation")
			continue
		}
		job.posts[op.bulkID] = i
	}
	return job
}

// stopped reports whether failOnErrors ends the job, or it cannot go on now.
func (j *bulkJob) stopped() bool {
	if j.async != nil && j.async.broken != nil {
		return true
	}
	return j.request.failOnErrors > 0 && j.errors >= j.request.failOnErrors
}

// run does operation i, after those that it refers to. An operation that is
// already waiting for i is a circle: i is then created without the reference,
// which is filled in when the other one is there (RFC 7644 §3.7.1).
func (j *bulkJob) run(ctx context.Context, i int) {
	if j.results[i].state != bulkWaiting || j.stopped() {
		return
	}
	op := &j.request.operations[i]
	if op.err != nil {
		j.finish(ctx, i, response{}, op.err)
		return
	}
	j.results[i].state = bulkRunning
	deferred := map[string]bool{}
	for _, id := range op.references() {
		if target, ok := j.posts[id]; ok {
			j.run(ctx, target)
			if j.results[target].state == bulkRunning {
				deferred[id] = true
			}
		}
	}
	if j.stopped() {
		return
	}
	resp, err := j.attempt(ctx, i, deferred)
	j.finish(ctx, i, resp, err)
}

// finish notes the result of operation i.
func (j *bulkJob) finish(ctx context.Context, i int, resp response, err error) {
	op, result := &j.request.operations[i], &j.results[i]
	result.state = bulkDone
	if err != nil {
		result.err = wireError(ctx, err)
		result.status = result.err.Status
		result.location = j.locationOf(op)
		j.errors++
		if j.async != nil {
			j.async.settle(ctx, i, err)
		} else {
			j.call.logBulk(ctx, i, result.err)
		}
		return
	}
	result.status, result.id, result.version, result.location = resp.status, resp.id, resp.etag, resp.location
	if result.location == "" {
		result.location = j.locationOf(op)
	}
	resp.release()
}
