package scim

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// write is a change of the store, made in a transaction where there are any.
type write func(ctx context.Context, tx store.Store) (*Event, error)

// watched reports whether somebody wants to know about changes.
func (c *call) watched() bool {
	return c.dry != nil || c.h.cfg.OnCommit != nil || c.h.cfg.Journal || c.h.cfg.Lifecycle.guards()
}

// commit runs a write with everything that belongs to it, in a transaction
// where the store has them: policies, hooks and the entry in the journal. It
// returns the resource as it is now.
func (c *call) commit(ctx context.Context, do write) (*schema.Resource, error) {
	if c.probing {
		return nil, errReady
	}
	if !c.watched() && !c.h.cfg.Lifecycle.SoftDelete {
		e, err := do(ctx, c.tenant.Store)
		if err != nil {
			return nil, asExternalID(err)
		}
		return e.After, nil
	}
	t := transaction{call: c, report: c.report, real: store.CapabilitiesOf(c.tenant.Store).Tx}
	if !t.real && c.h.cfg.Lifecycle.guards() {
		return nil, errNoTransactions
	}
	err := store.InTx(ctx, c.tenant.Store, func(ctx context.Context, tx store.Store) error {
		return t.run(ctx, tx, do)
	})
	if err != nil {
		t.giveBack()
		t.noteHold(ctx, err)
	}
	return t.after, asExternalID(err)
}

// transaction is one commit on its way.
type transaction struct {
	*call
	real   bool          // an error undoes the write
	report schema.Report // before the write
	after  *schema.Resource
	taken  []taken // from Lifecycle.Brake
}

// run makes the write. The store may call it again from the start.
func (t *transaction) run(ctx context.Context, tx store.Store, do write) error {
	t.call.report = t.report
	t.giveBack()
	had, err := t.hasAdministrator(ctx, tx)
	if err != nil {
		return err
	}
	e, err := do(ctx, tx)
	if err != nil {
		return err
	}
	t.after = e.After
	if !e.Changed {
		return nil
	}
	t.complete(e)
	e.Tx = tx
	if err := t.guard(ctx, tx, e, had); err != nil {
		return err
	}
	if t.dry != nil {
		t.dry.events = append(t.dry.events, t.witnessed(e))
		return nil
	}
	if err := t.deactivate(ctx, e); err != nil {
		return err
	}
	err = t.announce(ctx, tx, e)
	if err != nil && !t.real {
		t.h.cfg.Logger.ErrorContext(ctx, "OnCommit failed; the change stands", slog.String("request", t.id), slog.Any("error", err))
		return nil
	}
	return err
}

// announce tells the hook and the journal about a change.
func (t *transaction) announce(ctx context.Context, tx store.Store, e *Event) error {
	if t.h.cfg.OnCommit != nil {
		if err := t.h.cfg.OnCommit(ctx, e); err != nil {
			return err
		}
	}
	if !t.h.cfg.Journal {
		return nil
	}
	return appendEvent(ctx, tx, e)
}

// complete derives what an event says from the two states of its resource, and
// takes the secrets out of it.
func (c *call) complete(e *Event) {
	if e.Operation == OpCreate || e.Operation == OpDelete {
		e.Diffs = patch.Differences(e.Before, e.After)
	}
	e.splitMembers(c.h.relations, c.route.typ)
	e.classify()
	x := c.h.redactor
	e.Before, e.After, e.Diffs = x.resource(e.Before), x.resource(e.After), x.differences(e.Diffs)
	e.state = c.stateAfter(e)
}

// appendEvent writes the record of an event to the journal.
func appendEvent(ctx context.Context, s store.Store, e *Event) error {
	log, err := store.Journal(s)
	if err != nil {
		return errNoJournal
	}
	data, err := e.Record().MarshalJSON()
	if err != nil {
		return fmt.Errorf("scim: event for the journal: %w", err)
	}
	return log.Append(ctx, store.Entry{Time: e.Time, TxID: e.TxID, Kind: JournalKind, Ref: e.entryRef(), Data: data})
}

// entryRef is what the entry of the journal names. A request that was refused may
// have had an id that no entry has room for; the record has it.
func (e *Event) entryRef() store.Ref {
	const most = 255
	if e.Refused != nil && (len(e.Ref.ID) > most || strings.Contains(string(e.Ref.ID), "\x00")) {
		return store.Ref{Type: e.Ref.Type}
	}
	return e.Ref
}

var errNoJournal = errors.New("scim: Config.Journal is set, and the store of the tenant keeps no journal")

// operations are the writes by method.
var operations = map[string]Operation{
	http.MethodPost: OpCreate, http.MethodPut: OpReplace, http.MethodPatch: OpModify, http.MethodDelete: OpDelete,
}

// refuse reports a write that was refused. It does not wait for a client that
// has gone, and its own failure is only logged: the answer stays what it is.
func (c *call) refuse(ctx context.Context, method string, err error) {
	op, writes := operations[method]
	if !writes || c.route.typ == nil || c.route.at == atSearch || c.tenant.Store == nil || !c.wantsRefusals() {
		return
	}
	ctx = context.WithoutCancel(ctx)
	e := c.event(op, nil, nil)
	e.Changed, e.Refused = false, wireError(ctx, err)
	if c.dry != nil {
		c.dry.events = append(c.dry.events, e.Record())
		return
	}
	if c.h.cfg.OnRefuse != nil {
		c.h.cfg.OnRefuse(ctx, e)
	}
	if !c.h.cfg.Journal {
		return
	}
	e.verdict = c.h.refusals.judge(refusalKeyOf(e), e.Time)
	if !e.verdict.keep {
		return
	}
	if err := appendEvent(ctx, c.tenant.Store, e); err != nil {
		c.h.cfg.Logger.ErrorContext(ctx, "refusal is not in the journal", slog.String("request", c.id), slog.Any("error", err))
	}
}

func (c *call) wantsRefusals() bool {
	return c.dry != nil || c.h.cfg.OnRefuse != nil || c.h.cfg.Journal
}

// attempt runs a verb and reports it if it is refused. A panic in it is an
// error.
func (c *call) attempt(ctx context.Context, method string, do verb) (resp response, err error) {
	if c.params.dryRun && c.dry == nil && operations[method] != "" && c.route.at != atSearch {
		return c.rehearse(ctx, method, do)
	}
	resp, err = c.guarded(ctx, do)
	if err != nil {
		c.refuse(ctx, method, err)
	}
	return resp, err
}

func (c *call) guarded(ctx context.Context, do verb) (resp response, err error) {
	defer recoverTo(&err)
	return do(c, ctx)
}
