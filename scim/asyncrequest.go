package scim

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/muster-scim/muster/store"
)

// AsyncKind is the Kind of the journal entries that hold accepted requests. Their
// Data is sealed as far as it can hold secrets; it is of no use to others.
const AsyncKind = "scim.async.request"

// asyncRequest is a request that was accepted. Everything but the body is kept
// readable, for people who look into the journal, and cannot be changed either.
type asyncRequest struct {
	Tenant      store.TenantID `json:"tenant,omitempty"`
	Actor       string         `json:"actor,omitempty"`
	Subject     string         `json:"subject,omitempty"`
	Client      string         `json:"client,omitempty"`
	ActorTenant store.TenantID `json:"actorTenant,omitempty"`
	RequestID   string         `json:"requestId,omitempty"`
	Method      string         `json:"method"`
	Path        string         `json:"path"`           // below the base URL
	Base        string         `json:"base,omitempty"` // the base URL as the client knows it
	Attributes  []string       `json:"attributes,omitempty"`
	Excluded    []string       `json:"excludedAttributes,omitempty"`
	Match       []string       `json:"ifMatch,omitempty"`
	NoneMatch   []string       `json:"ifNoneMatch,omitempty"`
	Body        []byte         `json:"-"`
}

// sealedRequest is the Data of an entry.
type sealedRequest struct {
	Request json.RawMessage `json:"request"`
	Sealed  []byte          `json:"sealed"` // the body, bound to Request and the transaction
}

// sealRequest returns the Data of the entry for r.
func (h *Handler) sealRequest(r *asyncRequest, txn string) ([]byte, error) {
	plain, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	return json.Marshal(sealedRequest{plain, h.requests.seal(r.Body, requestBinding(plain, txn))})
}

// openRequest reads Data back.
func (h *Handler) openRequest(data []byte, txn string) (*asyncRequest, error) {
	var sealed sealedRequest
	if err := json.Unmarshal(data, &sealed); err != nil {
		return nil, fmt.Errorf("scim: accepted request: %w", err)
	}
	body, ok := h.requests.open(sealed.Sealed, requestBinding(sealed.Request, txn))
	if !ok {
		return nil, errSeal
	}
	r := &asyncRequest{}
	if err := json.Unmarshal(sealed.Request, r); err != nil {
		return nil, err
	}
	r.Body = body
	return r, nil
}

var errSeal = errors.New("scim: an accepted request was sealed with another key, or changed")

func requestBinding(plain []byte, txn string) []byte {
	var b binding
	b.add(txn, string(plain))
	return b
}
