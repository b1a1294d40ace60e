package sets

import (
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
)

// The event URIs that an Issuer uses (RFC 9967 §2.4).
const (
	CreateNotice = "urn:ietf:params:scim:event:prov:create:notice"
	PatchNotice  = "urn:ietf:params:scim:event:prov:patch:notice"
	PutNotice    = "urn:ietf:params:scim:event:prov:put:notice"
	Delete       = "urn:ietf:params:scim:event:prov:delete"
	Activate     = "urn:ietf:params:scim:event:prov:activate"
	Deactivate   = "urn:ietf:params:scim:event:prov:deactivate"
)

// EventURIs are all of them, for scim.Config.EventURIs.
func EventURIs() []string {
	return []string{CreateNotice, PatchNotice, PutNotice, Delete, Activate, Deactivate}
}

// Claims are the payload of a token (RFC 8417 §2.2, RFC 9967 §2).
type Claims struct {
	Issuer   string             `json:"iss"`           // who says so
	Audience []string           `json:"aud,omitempty"` // for whom it is
	IssuedAt int64              `json:"iat"`           // when the token was made, in seconds since 1970
	ID       string             `json:"jti"`           // of the token, the same whenever it is sent
	TxID     string             `json:"txn,omitempty"` // of the transaction
	Subject  Subject            `json:"sub_id"`        // what it is about
	Events   map[string]Payload `json:"events"`        // by URI
	Time     int64              `json:"toe,omitempty"` // when it happened
}

// Subject names a resource (RFC 9967 §2.1).
type Subject struct {
	Format     string `json:"format"`               // always "scim"
	URI        string `json:"uri"`                  // relative to the base URL of the service
	ID         string `json:"id,omitempty"`         // of the resource
	ExternalID string `json:"externalId,omitempty"` // of the resource, if it is known
}

// Payload says what changed.
type Payload struct {
	Attributes []string `json:"attributes,omitzero"` // paths; absent for events that have none
	Version    string   `json:"version,omitempty"`   // the entity tag after the change
}

// notices are the events by operation.
var notices = map[scim.Operation]string{
	scim.OpCreate: CreateNotice, scim.OpRestore: CreateNotice, scim.OpModify: PatchNotice, scim.OpReplace: PutNotice,
}

// eventsOf returns the events for a record; none for what was refused.
func eventsOf(r *scim.Record) map[string]Payload {
	if r.Refused != nil {
		return nil
	}
	events := map[string]Payload{}
	if r.Operation == scim.OpDelete {
		events[Delete] = Payload{}
		return events
	}
	if uri, ok := notices[r.Operation]; ok {
		events[uri] = Payload{Attributes: attributesOf(r), Version: r.Version}
	}
	if r.Is(scim.Deactivated) {
		events[Deactivate] = Payload{Version: r.Version}
	}
	if r.Is(scim.Reactivated) {
		events[Activate] = Payload{Version: r.Version}
	}
	return events
}

// attributesOf lists what changed, each list of members once.
func attributesOf(r *scim.Record) []string {
	paths := []string{}
	for _, c := range r.Changes {
		paths = append(paths, c.Path)
	}
	seen := map[string]bool{}
	for _, m := range r.Members {
		if m.Holder == r.ResourceID && !seen[m.Attribute] {
			seen[m.Attribute] = true
			paths = append(paths, m.Attribute)
		}
	}
	return paths
}

// subjectOf names the resource of a record.
func subjectOf(r *scim.Record, types []*schema.ResourceType) (Subject, bool) {
	for _, t := range types {
		if t.Name() == r.ResourceType {
			uri := strings.TrimSuffix(t.Endpoint(), "/") + "/" + r.ResourceID
			return Subject{Format: "scim", URI: uri, ID: r.ResourceID, ExternalID: r.ExternalID}, true
		}
	}
	return Subject{}, false
}
