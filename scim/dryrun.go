package scim

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// DryRunURN is the schema of the answer to a request with the parameter
// dryRun=true.
const DryRunURN = "urn:muster:params:scim:api:messages:2.0:DryRun"

// rehearsal is a request that is carried out and then undone.
type rehearsal struct{ events []*Record }

// errRehearsed undoes it.
var errRehearsed = errors.New("rehearsed")

// rehearsed is the answer: what would have been answered, and what would have
// changed.
type rehearsed struct {
	Schemas  []string        `json:"schemas"`
	Status   int             `json:"status"`
	Events   []*Record       `json:"events"`
	Response json.RawMessage `json:"response,omitempty"`
}

// rehearse runs a verb in a transaction that is undone, and answers with what
// would have happened: the events, those that would be refused included, and
// the response. Hooks that act elsewhere are not called, and nothing is
// counted. It needs a store with transactions; without them it is refused
// before anything happens.
func (c *call) rehearse(ctx context.Context, method string, do verb) (response, error) {
	if !store.CapabilitiesOf(c.tenant.Store).Tx {
		return response{}, fail(http.StatusNotImplemented, "", "a dry run needs a store with transactions")
	}
	var resp response
	var failed error
	err := store.InTx(ctx, c.tenant.Store, func(ctx context.Context, tx store.Store) error {
		again := *c
		again.tenant.Store, again.dry = tx, &rehearsal{}
		resp.release()
		resp, failed = again.attempt(ctx, method, do)
		c.dry, c.report = again.dry, again.report
		return errRehearsed
	})
	if !errors.Is(err, errRehearsed) {
		return response{}, err
	}
	return c.rehearsal(ctx, resp, failed)
}

// witnessed is the record of an event without what the actor must not see.
func (c *call) witnessed(e *Event) *Record {
	if len(c.unseen) == 0 {
		return e.Record()
	}
	hidden := make(map[schema.Path]bool, len(c.unseen))
	for _, p := range c.unseen {
		hidden[p] = true
	}
	shown := *e
	shown.Diffs, shown.Members = nil, nil
	for _, d := range e.Diffs {
		d.Old, _ = clean(hidden, d.Path, d.Old)
		d.New, _ = clean(hidden, d.Path, d.New)
		if !d.Old.IsZero() || !d.New.IsZero() {
			shown.Diffs = append(shown.Diffs, d)
		}
	}
	for _, m := range e.Members {
		p, err := c.route.typ.Path(m.Attribute)
		if err != nil || m.Holder.Type != c.route.typ.Name() || !hides(hidden, p) {
			shown.Members = append(shown.Members, m)
		}
	}
	r := shown.Record()
	if hidden[c.route.typ.ExternalIDPath()] {
		r.ExternalID = ""
	}
	return r
}

// rehearsal makes the response.
func (c *call) rehearsal(ctx context.Context, resp response, failed error) (response, error) {
	answer := rehearsed{Schemas: []string{DryRunURN}, Status: resp.status, Events: c.dry.events, Response: resp.body}
	if failed != nil {
		wire := wireError(ctx, failed)
		answer.Status, answer.Response = wire.Status, wire.AppendJSON(nil)
	}
	if answer.Events == nil {
		answer.Events = []*Record{}
	}
	body, err := json.Marshal(answer)
	resp.release()
	return response{status: http.StatusOK, body: body}, err
}
