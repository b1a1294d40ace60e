package scim

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/muster-scim/muster/store"
)

// asyncPath is where the results of accepted requests are. It cannot be the
// endpoint of a type.
const asyncPath = "/.async"

// asyncResult says where the completions of a request are found: after a position
// of the journal, so that it is not searched from the start.
type asyncResult struct {
	position   uint64
	operations int // of a bulk request; else 0
	txn        string
}

// sealResult returns the last part of the URL of a result. It is worth something
// to the actor that made the request only (RFC 9967 §5).
func (h *Handler) sealResult(r asyncResult, tenant store.TenantID, actor string) string {
	plain := binary.AppendUvarint(nil, r.position)
	plain = binary.AppendUvarint(plain, uint64(r.operations))
	plain = append(plain, r.txn...)
	return base64.RawURLEncoding.EncodeToString(h.results.seal(plain, resultBinding(tenant, actor)))
}

func (h *Handler) openResult(text string, tenant store.TenantID, actor string) (r asyncResult, ok bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return r, false
	}
	plain, ok := h.results.open(sealed, resultBinding(tenant, actor))
	if !ok {
		return r, false
	}
	position, n := binary.Uvarint(plain)
	operations, m := binary.Uvarint(plain[max(n, 0):])
	if n <= 0 || m <= 0 {
		return r, false
	}
	return asyncResult{position, int(operations), string(plain[n+m:])}, true
}

func resultBinding(tenant store.TenantID, actor string) []byte {
	var b binding
	b.add(string(tenant), actor)
	return b
}

// asyncResult answers GET on the URL of a result: with the token of the
// completion, or the tokens of a bulk request in the form of RFC 8936 §2.3, and as
// long as they are not all there with 202.
func (c *call) asyncResult(ctx context.Context) (response, error) {
	r, ok := c.h.openResult(c.route.name, c.tenant.ID, c.actorID())
	if !ok {
		return response{}, errNoResult()
	}
	completions, done, err := c.completions(ctx, r)
	switch {
	case errors.Is(err, store.ErrPosition):
		return response{}, errNoResult()
	case err != nil:
		return response{}, err
	case !done:
		return response{status: http.StatusAccepted, txn: r.txn, retryAfter: time.Second}, nil
	case r.operations == 0:
		_, token, err := c.h.cfg.Async.Token(ctx, completions[0])
		return response{status: http.StatusOK, body: []byte(token), media: mediaToken}, err
	}
	tokens := map[string]string{}
	for _, completion := range completions {
		id, token, err := c.h.cfg.Async.Token(ctx, completion)
		if err != nil {
			return response{}, err
		}
		tokens[id] = token
	}
	body, err := json.Marshal(map[string]any{"sets": tokens})
	return response{status: http.StatusOK, body: body, media: mediaJSON}, err
}

func errNoResult() *Error {
	return fail(http.StatusNotFound, "", "there is no such result, or it is not kept any more")
}

// mediaToken is the media type of a security event token (RFC 8417 §7.2).
const mediaToken = "application/secevent+jwt"
