package scimtest

import (
	"net/http"
	"strings"
	"time"
)

var asyncCases = []rfcCase{
	{name: "async/accepted", covers: "9967-2.5.1.1-04 9967-2.5.1.1-05 9967-2.5.1.1-06 9967-2.5.1.1-07 9967-2.5.1.1-08 9967-3-01", feature: "async", each: asyncAccepted,
		title: "A request with Prefer: respond-async is answered normally, or with 202 without body, Set-Txn, Preference-Applied and a Location",
		cause: "The client cannot tell which event belongs to its request."},
	{name: "async/result", covers: "9967-5-05", feature: "async", each: asyncResult,
		title: "The result of an asynchronous request is not shown without credentials"},
	{name: "async/done", covers: "9967-2.5.1.1-01", feature: "async", level: Recommended, each: asyncDone,
		title: "What was accepted is carried out within a few seconds",
		cause: "Nobody runs the worker."},
}

// deleteLater asks for a resource to be deleted later.
func (p *probe) deleteLater(r *resource) *reply {
	return p.send("delete later", http.MethodDelete, r.url(), nil, "Prefer", "respond-async").status(http.StatusAccepted, http.StatusNoContent)
}

func asyncAccepted(p *probe, t *resType) {
	answer := p.deleteLater(p.given(t))
	if answer.e.Status != http.StatusAccepted {
		return
	}
	answer.expect(len(answer.e.raw) == 0, "body", "no body", clip(answer.e.Body, 100))
	for _, name := range []string{"Set-Txn", "Location"} {
		answer.hasHeader(name, anything)
	}
	applied := answer.e.Header.Get("Preference-Applied")
	answer.expect(strings.Contains(strings.ToLower(applied), "respond-async"), "Preference-Applied", "respond-async", applied)
}

func asyncResult(p *probe, t *resType) {
	r := p.given(t)
	answer := p.deleteLater(r)
	target, ok := p.pathOf(answer.e.Header.Get("Location"))
	if !ok || target == r.url() {
		p.skip("the answer names no place of its own for the result")
	}
	p.get("fetch the result without credentials", target, "Authorization", "").must(http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound)
	p.get("fetch the result", target).status(http.StatusOK, http.StatusAccepted)
}

func asyncDone(p *probe, t *resType) {
	r := p.given(t)
	p.deleteLater(r)
	for wait := 10 * time.Millisecond; wait < 3*time.Second; wait *= 2 {
		if p.get("look for it", r.url()).e.Status == http.StatusNotFound {
			return
		}
		rest(p.ctx, wait)
	}
	p.get("look for it", r.url()).fails(http.StatusNotFound)
}

// asksLater reports whether a value of asyncRequest lets clients ask (RFC 9967
// §4).
func asksLater(v any) bool {
	text, _ := v.(string)
	return strings.EqualFold(text, "request")
}
