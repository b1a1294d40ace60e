package scim

import (
	"context"
	"net/http"
)

// circle is a POST that refers to a resource which refers back to it (RFC 7644
// §3.7.1). It was created without the reference.
type circle struct{ operation int }

// completeAll fills in the references that were left out, now that what they
// refer to is there.
func (j *bulkJob) completeAll(ctx context.Context) {
	circles := j.circles
	j.circles = nil
	for _, c := range circles {
		result := &j.results[c.operation]
		if result.err != nil {
			continue
		}
		etag, err := j.complete(ctx, c.operation)
		if err == nil {
			result.version = etag
			continue
		}
		result.err = fail(http.StatusConflict, "", "the circular reference cannot be resolved: "+wireError(ctx, err).Detail)
		result.err.Err = err
		result.status, result.location, result.version, result.id = http.StatusConflict, "", "", ""
		j.errors++
		j.call.logBulk(ctx, c.operation, result.err)
	}
}

// complete puts the whole data of operation i in the place of what was created
// of it. If that fails, what was created is removed: an operation that fails
// leaves nothing behind.
func (j *bulkJob) complete(ctx context.Context, i int) (etag string, err error) {
	op := j.request.operations[i]
	sub, err := j.sub(i, &op)
	if err != nil {
		return "", err
	}
	sub.route.at, sub.route.name = atItem, string(j.results[i].id)
	if sub.body, err = j.resolveData(op.data); err == nil {
		etag, err = sub.fillIn(ctx)
	}
	if err != nil {
		_ = sub.commitRemoval(ctx) // err says more
	}
	return etag, err
}

// fillIn is the second half of a creation.
func (c *call) fillIn(ctx context.Context) (etag string, err error) {
	defer recoverTo(&err)
	sent, err := c.decode()
	if err != nil {
		return "", err
	}
	access, err := c.authorizeResource(ctx, OpCreate, pathsOf(sent))
	if err != nil {
		return "", err
	}
	resp, err := c.put(ctx, access, sent)
	resp.release()
	return resp.etag, err
}

// circular reports whether operations refer to each other in a circle.
func (j *bulkJob) circular() bool {
	states := make([]bulkState, len(j.results))
	var visit func(i int) bool
	visit = func(i int) bool {
		if states[i] != bulkWaiting {
			return states[i] == bulkRunning
		}
		states[i] = bulkRunning
		for _, id := range j.request.operations[i].references() {
			if target, ok := j.posts[id]; ok && visit(target) {
				return true
			}
		}
		states[i] = bulkDone
		return false
	}
	for i := range states {
		if visit(i) {
			return true
		}
	}
	return false
}
