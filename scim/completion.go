package scim

import (
	"encoding/json"
	"time"

	"github.com/muster-scim/muster/store"
)

// CompletionKind is the Kind of the journal entries whose Data is a Completion.
const CompletionKind = "scim.async.completion"

// CompletionURI is the security event that a Completion is (RFC 9967
// §2.5.1.3).
const CompletionURI = "urn:ietf:params:scim:event:misc:asyncresp"

// Completion is what became of an asynchronous request, or of one operation of an
// asynchronous bulk request: what a bulk response would say of it. It is written
// in the transaction of the change.
type Completion struct {
	ID        string          `json:"id"`                  // different for every completion
	Time      time.Time       `json:"time"`                // when it was carried out, in UTC
	Tenant    store.TenantID  `json:"tenant,omitempty"`    // Tenant.ID
	Actor     string          `json:"actor,omitempty"`     // Actor.ID of who made the request
	RequestID string          `json:"requestId,omitempty"` // of the request that was accepted
	TxID      string          `json:"txId"`                // Set-Txn, of an operation with ":" and its index
	URI       string          `json:"uri"`                 // of the resource, below the base URL, as far as it is known
	Method    string          `json:"method,omitempty"`    // of HTTP
	BulkID    string          `json:"bulkId,omitempty"`    // of the operation
	Version   string          `json:"version,omitempty"`   // the entity tag after it
	Location  string          `json:"location,omitempty"`  // of the resource
	Status    int             `json:"status"`              // of HTTP
	Response  json.RawMessage `json:"response,omitempty"`  // the error message, if it failed
}

// MarshalJSON returns the completion as JSON on one line.
func (c *Completion) MarshalJSON() ([]byte, error) {
	type plain Completion
	return json.Marshal((*plain)(c))
}

// ParseCompletion reads what MarshalJSON wrote. Members that it does not know are
// ignored.
func ParseCompletion(data []byte) (*Completion, error) {
	var c Completion
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, err
	}
	return &c, nil
}

// succeeded notes the answer.
func (c *Completion) succeeded(resp response) {
	c.Status, c.Version, c.Response = resp.status, resp.etag, nil
	if resp.location != "" {
		c.Location = resp.location
	}
}

// failed notes the error.
func (c *Completion) failed(e *Error) {
	c.Status, c.Version, c.Response = e.Status, "", e.AppendJSON(nil)
}

// entry is the completion in the journal.
func (c *Completion) entry() (store.Entry, error) {
	data, err := c.MarshalJSON()
	return store.Entry{Time: c.Time, TxID: c.TxID, Kind: CompletionKind, Data: data}, err
}
