package scim

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"
)

// attempt runs operation i by itself.
func (j *bulkJob) attempt(ctx context.Context, i int, deferred map[string]bool) (response, error) {
	op := j.request.operations[i]
	if err := ctx.Err(); err != nil {
		return response{}, err
	}
	var err error
	if len(deferred) > 0 {
		j.circles = append(j.circles, circle{i})
		if op.data, err = without(op.data, deferred); err != nil {
			return response{}, err
		}
	}
	if op.path, err = eachReference(op.path, j.resolve); err != nil {
		return response{}, err
	}
	if op.data, err = j.resolveData(op.data); err != nil {
		return response{}, err
	}
	sub, err := j.sub(i, &op)
	if err != nil {
		return response{}, err
	}
	defer func() { j.call.report.Merge(&sub.report) }()
	if j.async != nil {
		return j.async.operation(ctx, i, sub, op.method)
	}
	return sub.runBulk(ctx, op.method)
}

// locationOf is the location of what an operation is about; a POST that failed
// has none.
func (j *bulkJob) locationOf(op *bulkOperation) string {
	path, err := eachReference(op.path, j.resolve)
	if err != nil || op.method == http.MethodPost {
		return ""
	}
	r := j.call.h.router.find(j.call.relative(path))
	if r.at != atItem {
		return ""
	}
	return j.call.location(r.typ.Endpoint(), r.name)
}

// resolve returns the id of what the POST with a bulkId created.
func (j *bulkJob) resolve(bulkID string) (string, error) {
	i, ok := j.posts[bulkID]
	if !ok {
		return "", badRequest(InvalidValue, "no POST operation of the request has the bulkId "+strconv.Quote(bulkID))
	}
	if id := j.results[i].id; id != "" {
		return string(id), nil
	}
	return "", fail(http.StatusConflict, "", "the operation with the bulkId "+strconv.Quote(bulkID)+" has not succeeded")
}

func (j *bulkJob) resolveData(data []byte) ([]byte, error) {
	if !bytes.Contains(data, []byte(bulkPrefix)) {
		return data, nil
	}
	return rewriteStrings(data, func(text string) (string, error) { return eachReference(text, j.resolve) })
}

// sub makes the call of operation i, whose data may have been completed.
func (j *bulkJob) sub(i int, op *bulkOperation) (*call, error) {
	parent := j.call
	path, query, _ := strings.Cut(parent.relative(op.path), "?")
	sub := &call{
		h: parent.h, id: parent.id, txID: parent.txn() + ":" + strconv.Itoa(i), actor: parent.actor, tenant: parent.tenant, profile: parent.profile, dry: parent.dry,
		base: parent.base, body: op.data, route: parent.h.router.find(path),
	}
	want := atItem
	if op.method == http.MethodPost {
		want = atCollection
	}
	if sub.route.at != want {
		return nil, j.misrouted(sub.route.at, op.method)
	}
	var err error
	if sub.params, err = parseParams(query); err != nil {
		return nil, err
	}
	if op.version != "" {
		sub.cond.match, err = parseTags("version", []string{op.version})
	}
	return sub, err
}

// misrouted says why an operation cannot be part of a bulk request.
func (j *bulkJob) misrouted(at endpoint, method string) error {
	switch at {
	case atNothing, atNoGroup, atNoGroups:
		return errNoEndpoint()
	case atCollection, atItem:
		return fail(http.StatusMethodNotAllowed, "", method+" is not possible on this path")
	default:
		return badRequest(InvalidValue, "the path must be that of a resource type or of a resource")
	}
}

// bulkVerbs are what the operations of a bulk request may do.
var bulkVerbs = map[string]verb{
	http.MethodPost: (*call).create, http.MethodPut: (*call).replace,
	http.MethodPatch: (*call).patch, http.MethodDelete: (*call).delete,
}

// runBulk runs the verb of one operation. A panic in it ends only this
// operation.
func (c *call) runBulk(ctx context.Context, method string) (response, error) {
	return c.attempt(ctx, method, bulkVerbs[method])
}

// relative cuts the base URL off a path, and roots it.
func (c *call) relative(path string) string {
	if tail, ok := strings.CutPrefix(path, c.base); ok && c.base != "" {
		path = tail
	}
	return rooted(path)
}
