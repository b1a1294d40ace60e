package sets

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
)

// Issuer makes signed tokens. All fields but Audience and Include are required.
// It must not be changed once it is in use, and is safe for concurrent use if
// Signer is.
type Issuer struct {
	// Issuer is the iss claim: the URL by which receivers know the service.
	Issuer string
	// Audience is the aud claim: for whom the tokens are.
	Audience []string
	// Signer signs. NewSigner makes one.
	Signer jose.Signer
	// Types are the resource types of the service, for the URIs of resources.
	Types []*schema.ResourceType
	// Include reports whether the receiver may know of an event; nil includes
	// everything.
	Include func(r *scim.Record) bool
}

// NewSigner returns a signer for security event tokens. The key id tells
// receivers which of the service's public keys to use.
func NewSigner(algorithm jose.SignatureAlgorithm, key any, keyID string) (jose.Signer, error) {
	options := (&jose.SignerOptions{}).WithType("secevent+jwt").WithHeader(jose.HeaderKey("kid"), keyID)
	return jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, options)
}

// Claims returns the payload for a record, or false if there is nothing to tell.
func (i *Issuer) Claims(r *scim.Record) (*Claims, bool) {
	events := eventsOf(r)
	if len(events) == 0 || i.Include != nil && !i.Include(r) {
		return nil, false
	}
	subject, ok := subjectOf(r, i.Types)
	if !ok {
		return nil, false
	}
	return &Claims{
		Issuer: i.Issuer, Audience: i.Audience, IssuedAt: time.Now().Unix(), ID: r.ID, TxID: r.TxID,
		Subject: subject, Events: events, Time: r.Time.Unix(),
	}, true
}

// Token returns the id and the signed token, in compact form, for an entry of
// the journal. The id is empty if there is nothing to tell.
func (i *Issuer) Token(e store.Entry) (id, token string, err error) {
	if e.Kind != scim.JournalKind {
		return "", "", nil
	}
	r, err := scim.ParseRecord(e.Data)
	if err != nil {
		return "", "", fmt.Errorf("sets: entry %d: %w", e.Seq, err)
	}
	claims, ok := i.Claims(r)
	if !ok {
		return "", "", nil
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", "", err
	}
	signed, err := i.Signer.Sign(payload)
	if err != nil {
		return "", "", fmt.Errorf("sets: signature: %w", err)
	}
	token, err = signed.CompactSerialize()
	return claims.ID, token, err
}
