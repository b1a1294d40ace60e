package scim

import "github.com/muster-scim/muster/schema"

// stateAfter returns what Record.State of an event says, or nil.
func (c *call) stateAfter(e *Event) []byte {
	if !c.h.cfg.JournalState || e.Operation != OpReplace || e.After == nil || c.h.hasMembers(e.After.Type()) {
		return nil
	}
	state, err := e.After.AppendJSON(nil, &schema.Encoding{Projection: c.h.redactor.open(e.After.Type())})
	if err != nil {
		return nil // and so the receiver is told of the differences
	}
	return state
}
