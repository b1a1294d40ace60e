package sets

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
)

// The event URIs that an Issuer uses (RFC 9967 §7.4), beside
// scim.CompletionURI.
const (
	FeedAdd      = "urn:ietf:params:scim:event:feed:add"
	FeedRemove   = "urn:ietf:params:scim:event:feed:remove"
	CreateNotice = "urn:ietf:params:scim:event:prov:create:notice"
	CreateFull   = "urn:ietf:params:scim:event:prov:create:full"
	PatchNotice  = "urn:ietf:params:scim:event:prov:patch:notice"
	PatchFull    = "urn:ietf:params:scim:event:prov:patch:full"
	PutNotice    = "urn:ietf:params:scim:event:prov:put:notice"
	PutFull      = "urn:ietf:params:scim:event:prov:put:full"
	Delete       = "urn:ietf:params:scim:event:prov:delete"
	Activate     = "urn:ietf:params:scim:event:prov:activate"
	Deactivate   = "urn:ietf:params:scim:event:prov:deactivate"
)

// EventURIs are those of an Issuer that sends notices, for
// scim.Config.EventURIs.
func EventURIs() []string {
	return []string{CreateNotice, PatchNotice, PutNotice, Delete, Activate, Deactivate}
}

// FullEventURIs are those of an Issuer that sends data. Add FeedAdd and
// FeedRemove for one with Issuer.Feed.
func FullEventURIs() []string {
	return []string{CreateFull, PatchFull, PutFull, Delete, Activate, Deactivate}
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
	Format     string            `json:"format"`               // always "scim"
	URI        string            `json:"uri"`                  // relative to the base URL of the service
	ID         schema.ID         `json:"id,omitempty"`         // of the resource
	ExternalID schema.ExternalID `json:"externalId,omitempty"` // of the resource, if it is known
}

// Payload says what changed: by Data or by Attributes, and never by both (RFC
// 9967 §2.2). That of a completion is one operation of a bulk response instead
// (RFC 9967 §2.5.1.3).
type Payload struct {
	Data       json.RawMessage `json:"data,omitempty"`      // what is new
	Attributes []string        `json:"attributes,omitzero"` // paths
	Version    string          `json:"version,omitempty"`   // the entity tag after the change

	Method   string          `json:"method,omitempty"`   // of HTTP
	BulkID   string          `json:"bulkId,omitempty"`   // as in the request
	Location string          `json:"location,omitempty"` // of the resource
	Status   string          `json:"status,omitempty"`   // of HTTP
	Response json.RawMessage `json:"response,omitempty"` // the error message, of what failed
}

// notices are the events that say what changed, by operation.
var notices = map[scim.Operation]string{
	scim.OpCreate: CreateNotice, scim.OpRestore: CreateNotice, scim.OpModify: PatchNotice, scim.OpReplace: PutNotice,
}

// eventsOf returns the events for a record; none for what was refused.
func (i *Issuer) eventsOf(r *scim.Record) map[string]Payload {
	feed := FeedKeep
	if i.Feed != nil {
		feed = i.Feed(r)
	}
	switch {
	case r.Refused != nil:
		return nil
	case r.Operation == scim.OpDelete: // which says that it left the feed as well
		return map[string]Payload{Delete: {}}
	case feed == FeedLeave: // what changed is not the receiver's business any more
		return map[string]Payload{FeedRemove: {}}
	}
	events := map[string]Payload{}
	if uri, payload, ok := i.change(r); ok {
		payload.Version = entityTag(r.Version)
		events[uri] = payload
	}
	if r.Is(scim.Deactivated) {
		events[Deactivate] = Payload{Version: entityTag(r.Version)}
	}
	if r.Is(scim.Reactivated) {
		events[Activate] = Payload{Version: entityTag(r.Version)}
	}
	if feed == FeedJoin && r.Operation != scim.OpCreate && r.Operation != scim.OpRestore {
		events[FeedAdd] = Payload{}
	}
	return events
}

// change returns the event that says what changed.
func (i *Issuer) change(r *scim.Record) (uri string, payload Payload, ok bool) {
	if i.Full {
		if uri, data, ok := i.dataOf(r); ok {
			return uri, Payload{Data: data}, true
		}
	}
	uri, ok = notices[r.Operation]
	return uri, Payload{Attributes: attributesOf(r)}, ok
}

// entityTag returns a version as it is in an ETag.
func entityTag(version string) string {
	if version == "" || strings.HasPrefix(version, `"`) || strings.HasPrefix(version, `W/"`) {
		return version
	}
	return `W/"` + version + `"`
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
func (i *Issuer) subjectOf(r *scim.Record) (Subject, bool) {
	t := i.typeNamed(r.ResourceType)
	if t == nil {
		return Subject{}, false
	}
	uri := strings.TrimSuffix(t.Endpoint(), "/") + "/" + string(r.ResourceID)
	return Subject{Format: "scim", URI: uri, ID: r.ResourceID, ExternalID: r.ExternalID}, true
}

// typeNamed returns the resource type with a name, or nil.
func (i *Issuer) typeNamed(name string) *schema.ResourceType {
	at := slices.IndexFunc(i.Types, func(t *schema.ResourceType) bool { return t.Name() == name })
	if at < 0 {
		return nil
	}
	return i.Types[at]
}
