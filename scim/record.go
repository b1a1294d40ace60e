package scim

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// JournalKind is the Kind of the journal entries whose Data is a Record.
const JournalKind = "scim.event"

// Record is an Event in the form in which it is kept and sent: plain JSON
// without secrets and without the values of sensitive attributes. It is what
// the journal holds; ParseRecord reads it back.
type Record struct {
	ID           string            `json:"id"`                   // different for every record
	Time         time.Time         `json:"time"`                 // when it happened, in UTC
	Tenant       store.TenantID    `json:"tenant,omitempty"`     // Tenant.ID
	Actor        string            `json:"actor,omitempty"`      // Actor.ID
	Client       string            `json:"client,omitempty"`     // Actor.Client
	Subject      string            `json:"subject,omitempty"`    // Actor.Subject
	RequestID    string            `json:"requestId,omitempty"`  // may be the client's
	TxID         string            `json:"txId,omitempty"`       // Event.TxID
	Operation    Operation         `json:"operation"`            // what was asked for
	ResourceType string            `json:"resourceType"`         // with ResourceID, the Ref
	ResourceID   schema.ID         `json:"resourceId,omitempty"` // absent if a creation was refused
	ExternalID   schema.ExternalID `json:"externalId,omitempty"` // as far as it is known
	Version      string            `json:"version,omitempty"`    // after the change
	Kinds        []Kind            `json:"kinds,omitempty"`      // Event.Kinds
	Changes      []RecordChange    `json:"changes,omitempty"`    // Event.Diffs
	Members      []RecordMember    `json:"members,omitempty"`    // Event.Members
	Rewrites     []string          `json:"rewrites,omitempty"`   // tolerance, and the attribute after a colon
	Ignored      []string          `json:"ignored,omitempty"`    // what was sent and left out
	Pending      []Deactivation    `json:"pending,omitempty"`    // Event.Pending
	Refused      *RecordRefusal    `json:"refused,omitempty"`    // absent if it was done
	Hold         *Hold             `json:"hold,omitempty"`       // what an operator released
	// State is the resource after a replacement, as a response would show it, if
	// Config.JournalState is set; without secrets, sensitive attributes and
	// meta.location.
	State json.RawMessage `json:"state,omitempty"`
}

// RecordChange is the change of one attribute.
type RecordChange struct {
	Path     string          `json:"path"`               // the attribute in canonical form
	Old      json.RawMessage `json:"old,omitempty"`      // absent if there was no value, or it is hidden
	New      json.RawMessage `json:"new,omitempty"`      // absent if there is no value, or it is hidden
	Redacted bool            `json:"redacted,omitempty"` // values, or parts of them, were left out
}

// RecordMember is one membership that began or ended.
type RecordMember struct {
	HolderType string    `json:"holderType"`           // such as Group
	Holder     schema.ID `json:"holder"`               // the id of what has the list
	Attribute  string    `json:"attribute"`            // the list, such as members
	MemberType string    `json:"memberType,omitempty"` // such as User, if it is known
	Member     schema.ID `json:"member"`               // the id of what is in the list
	Added      bool      `json:"added"`                // or removed
}

// RecordRefusal is the error that the client was answered with.
type RecordRefusal struct {
	Status int       `json:"status"`             // of HTTP
	Type   ErrorType `json:"scimType,omitempty"` // "" where none applies
	Detail string    `json:"detail,omitempty"`   // for a person
	// LeftOut is how many refusals like this one, of the same actor, operation,
	// type and error, were left out of the journal in an earlier hour, see
	// Config.JournalRefusals.
	LeftOut int `json:"leftOut,omitempty"`
	// Last says that those that follow within the hour are left out.
	Last bool `json:"last,omitempty"`
}

// Ref names the resource.
func (r *Record) Ref() store.Ref { return store.Ref{Type: r.ResourceType, ID: r.ResourceID} }

// Is reports whether k is one of the kinds.
func (r *Record) Is(k Kind) bool { return slices.Contains(r.Kinds, k) }

// MarshalJSON returns the record as JSON on one line.
func (r *Record) MarshalJSON() ([]byte, error) {
	type plain Record
	return json.Marshal((*plain)(r))
}

// ParseRecord reads what MarshalJSON wrote. Members that it does not know are
// ignored, so that a consumer can be older than the service.
func ParseRecord(data []byte) (*Record, error) {
	var r Record
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, err
	}
	return &r, nil
}

// Record returns the event in the form in which it is kept and sent.
func (e *Event) Record() *Record {
	r := &Record{
		ID: e.ID, Time: e.Time.UTC(), Tenant: e.Tenant, RequestID: e.RequestID, TxID: e.TxID, Operation: e.Operation,
		ResourceType: e.Ref.Type, ResourceID: e.Ref.ID, Kinds: e.Kinds, Pending: e.Pending, Hold: e.hold, Ignored: e.Report.Ignored, State: e.state,
	}
	if e.Actor != nil {
		r.Actor, r.Client, r.Subject = e.Actor.ID, e.Actor.Client, e.Actor.Subject
	}
	for _, state := range []*schema.Resource{e.Before, e.After} {
		if state != nil {
			r.ExternalID = state.ExternalID()
		}
	}
	if e.After != nil {
		r.Version = e.After.Version()
	}
	for _, d := range e.Diffs {
		r.Changes = append(r.Changes, e.change(d))
	}
	for _, m := range e.Members {
		r.Members = append(r.Members, RecordMember{m.Holder.Type, m.Holder.ID, m.Attribute, m.Member.Type, m.Member.ID, m.Added})
	}
	for _, w := range e.Report.Rewrites {
		r.Rewrites = append(r.Rewrites, rewriteText(w))
	}
	if e.Refused != nil {
		r.Refused = &RecordRefusal{e.Refused.Status, e.Refused.Type, e.Refused.Detail, e.verdict.left, e.verdict.last}
	}
	return r
}

func (e *Event) change(d patch.Difference) RecordChange {
	c := RecordChange{Path: d.Path.String(), Old: valueJSON(d.Path, d.Old), New: valueJSON(d.Path, d.New)}
	c.Redacted = e.redactor != nil && e.redactor.touches(d.Path)
	return c
}

// valueJSON returns v as JSON, or nil if there is nothing to show.
func valueJSON(p schema.Path, v schema.Value) json.RawMessage {
	if v.IsZero() {
		return nil
	}
	data, err := p.AppendJSON(nil, v)
	if err != nil || !jsontext.Value(data).IsValid() {
		return nil
	}
	return data
}

func rewriteText(w schema.Rewrite) string {
	if w.Path == "" {
		return w.Tolerance.String()
	}
	return w.Tolerance.String() + ":" + w.Path
}
