package sets

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
)

// Issuer makes signed tokens for one receiver, or for several that get the same.
// Issuer, Signer and Types are required. It must not be changed once it is in use, and is safe for concurrent use if
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
	// Full sends what is new, and not just which attributes are: for receivers
	// that are allowed to know everything, such as replicas. Secrets and what
	// scim.Config.Sensitive names are left out. Replacements are sent as such if
	// scim.Config.JournalState is set, and otherwise, like those of groups, as the
	// PATCH that does the same.
	Full bool
	// Completions reports whether the receiver may know what became of an
	// asynchronous request (scim.Config.Async), for example because it is
	// Completion.Actor who receives the tokens; nil sends none.
	Completions func(c *scim.Completion) bool
	// Feed says whether a change moved its resource into the receiver's feed or
	// out of it. It is asked about what Include includes, so for the change with
	// which a resource leaves, Include must still be true. Nil means that nothing
	// moves.
	Feed func(r *scim.Record) FeedChange
}

// FeedChange says what a change means for the feed of a receiver (RFC 9967
// §2.3).
type FeedChange uint8

// The changes of a feed.
const (
	FeedKeep  FeedChange = iota // the resource is where it was
	FeedJoin                    // the receiver is told of the resource from now on
	FeedLeave                   // the receiver is told that it left, and not what changed
)

// NewSigner returns a signer for security event tokens. The key id tells
// receivers which of the service's public keys to use.
func NewSigner(algorithm jose.SignatureAlgorithm, key any, keyID string) (jose.Signer, error) {
	options := (&jose.SignerOptions{}).WithType("secevent+jwt").WithHeader(jose.HeaderKey("kid"), keyID)
	return jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, options)
}

// Claims returns the payload for a record, or false if there is nothing to tell.
func (i *Issuer) Claims(r *scim.Record) (*Claims, bool) {
	if i.Include != nil && !i.Include(r) {
		return nil, false
	}
	r, told := withoutExternalIDs(r)
	if !told {
		return nil, false
	}
	events := i.eventsOf(r)
	subject, ok := i.subjectOf(r)
	if !ok || len(events) == 0 {
		return nil, false
	}
	claims := i.claims(r.ID, r.TxID, r.Time)
	claims.Subject, claims.Events = subject, events
	return claims, true
}

// claims returns those that do not depend on the event.
func (i *Issuer) claims(id, txn string, happened time.Time) *Claims {
	return &Claims{
		Issuer: i.Issuer, Audience: i.Audience, IssuedAt: time.Now().Unix(), ID: i.tokenID(id), TxID: txn, Time: happened.Unix(),
	}
}

// tokenID returns the jti for what has an id: the same whenever the token is
// sent, and another one for each audience, because a token for somebody else is
// another token (RFC 8417 §2.2).
func (i *Issuer) tokenID(id string) string {
	if len(i.Audience) == 0 {
		return id
	}
	sum := sha256.Sum256([]byte(strings.Join(i.Audience, "\n")))
	return id + "." + hex.EncodeToString(sum[:6])
}

// Token returns the id and the signed token, in compact form, for an entry of
// the journal. The id is empty if there is nothing to tell.
func (i *Issuer) Token(e store.Entry) (id, token string, err error) {
	var claims *Claims
	switch e.Kind {
	case scim.JournalKind:
		var r *scim.Record
		if r, err = scim.ParseRecord(e.Data); err == nil {
			claims, _ = i.Claims(r)
		}
	case scim.CompletionKind:
		var c *scim.Completion
		if c, err = scim.ParseCompletion(e.Data); err == nil && i.Completions != nil && i.Completions(c) {
			claims = i.completion(c)
		}
	}
	if err != nil {
		return "", "", fmt.Errorf("sets: entry %d: %w", e.Seq, err)
	}
	if claims == nil {
		return "", "", nil
	}
	return i.sign(claims)
}

// sign returns the id and the token.
func (i *Issuer) sign(claims *Claims) (id, token string, err error) {
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
