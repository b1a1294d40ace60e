package scim

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/muster-scim/muster/store"
)

// TokenHash is the SHA-256 of a bearer token: what a service keeps instead of
// the token.
type TokenHash [sha256.Size]byte

// HashToken returns the hash under which a token is kept. Tokens must be
// random, at least 128 bits, such as NewToken makes them: a plain hash protects
// no password.
func HashToken(token string) TokenHash { return sha256.Sum256([]byte(token)) }

// ParseTokenHash reads the text that TokenHash.String wrote.
func ParseTokenHash(text string) (TokenHash, error) {
	data, err := hex.DecodeString(text)
	if err != nil || len(data) != sha256.Size {
		return TokenHash{}, errors.New("scim: a token hash is 64 hexadecimal digits")
	}
	return TokenHash(data), nil
}

// String returns the hash in hexadecimal.
func (h TokenHash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText writes the hash as String does, so that a file can hold it.
func (h TokenHash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads the hash as ParseTokenHash does.
func (h *TokenHash) UnmarshalText(text []byte) (err error) {
	*h, err = ParseTokenHash(string(text))
	return err
}

// NewToken returns a new token of 256 random bits.
func NewToken() string {
	var random [32]byte
	_, _ = rand.Read(random[:]) // never fails, see crypto/rand
	return base64.RawURLEncoding.EncodeToString(random[:])
}

// Token is one bearer token that is accepted. Give a client its next token
// beside the current one, and drop the current one when the client has moved.
type Token struct {
	// ID names the token in events and logs. It is not secret.
	ID string
	// Hash is the hash of the token itself.
	Hash TokenHash
	// Expires ends the token; the zero time means never.
	Expires time.Time
	// Subject is Actor.Subject.
	Subject string
	// Tenant is Actor.Tenant.
	Tenant store.TenantID
	// Client is Actor.Client.
	Client string
	// ReadOnly is Actor.ReadOnly.
	ReadOnly bool
	// Profile is Actor.Profile.
	Profile *Profile
	// Debug is Actor.Debug.
	Debug bool
}

// BearerTokens authenticates requests by bearer tokens (RFC 6750). Only hashes
// are kept. Looking one up takes a time that says nothing about the tokens. It
// is safe for concurrent use; use NewBearerTokens to make one.
type BearerTokens struct {
	current atomic.Pointer[tokenTable]
	now     func() time.Time
}

type tokenTable struct {
	blind  [sha256.Size]byte // random, so that the buckets of byKey cannot be chosen
	byKey  map[TokenHash]int
	tokens []Token
	actors []Actor
	byID   map[string]int
}

// NewBearerTokens returns an authenticator for the given tokens. It returns an
// error if a token has no ID or no hash, or if two have the same.
func NewBearerTokens(tokens ...Token) (*BearerTokens, error) {
	b := &BearerTokens{now: time.Now}
	if err := b.Set(tokens...); err != nil {
		return nil, err
	}
	return b, nil
}

// Set replaces all tokens at once, also while requests are served. If it
// returns an error nothing has changed.
func (b *BearerTokens) Set(tokens ...Token) error {
	table := &tokenTable{byKey: make(map[TokenHash]int, len(tokens)), byID: make(map[string]int, len(tokens))}
	_, _ = rand.Read(table.blind[:])
	for i, t := range tokens {
		key := table.key(t.Hash)
		_, known := table.byKey[key]
		_, named := table.byID[t.ID]
		switch {
		case t.ID == "":
			return fmt.Errorf("scim: token %d has no ID", i)
		case t.Hash == TokenHash{} || t.Hash == HashToken(""):
			return fmt.Errorf("scim: token %q has no hash, or is empty", t.ID)
		case known || named:
			return fmt.Errorf("scim: token %q is there twice", t.ID)
		}
		table.byKey[key], table.byID[t.ID] = i, i
		table.tokens = append(table.tokens, t)
		table.actors = append(table.actors, Actor{
			ID: t.ID, Subject: t.Subject, Tenant: t.Tenant, Client: t.Client, ReadOnly: t.ReadOnly, Profile: t.Profile, Debug: t.Debug,
		})
	}
	b.current.Store(table)
	return nil
}

// Authenticate finds the token of a request. It is meant to be
// Config.Authenticate.
func (b *BearerTokens) Authenticate(r *http.Request) (*Actor, error) {
	token, err := bearerToken(r.Header)
	if err != nil {
		return nil, err
	}
	table := b.current.Load()
	i, ok := table.find(HashToken(token))
	if !ok {
		return nil, fmt.Errorf("%w: unknown token", ErrUnauthenticated)
	}
	return b.actor(table, i)
}

// Recall returns the actor of a token by its ID, if the token is still good. It is
// meant to be Async.Recall.
func (b *BearerTokens) Recall(_ context.Context, was Actor) (*Actor, error) {
	table := b.current.Load()
	i, ok := table.byID[was.ID]
	if !ok {
		return nil, fmt.Errorf("%w: there is no token %q any more", ErrUnauthenticated, was.ID)
	}
	return b.actor(table, i)
}

// actor returns the actor of a token that has not expired.
func (b *BearerTokens) actor(table *tokenTable, i int) (*Actor, error) {
	if expires := table.tokens[i].Expires; !expires.IsZero() && !b.now().Before(expires) {
		return nil, fmt.Errorf("%w: token %q has expired", ErrUnauthenticated, table.tokens[i].ID)
	}
	return &table.actors[i], nil
}

// find compares in constant time, although the blinded key alone would already
// keep timing from telling anything.
func (t *tokenTable) find(hash TokenHash) (int, bool) {
	i, ok := t.byKey[t.key(hash)]
	if !ok {
		return 0, false
	}
	return i, subtle.ConstantTimeCompare(t.tokens[i].Hash[:], hash[:]) == 1
}

func (t *tokenTable) key(hash TokenHash) TokenHash {
	var both [2 * sha256.Size]byte
	copy(both[:], t.blind[:])
	copy(both[sha256.Size:], hash[:])
	return sha256.Sum256(both[:])
}

// bearerToken returns the token of the Authorization header. More than one
// header is refused, because a proxy may have checked the other.
func bearerToken(header http.Header) (string, error) {
	lines := header["Authorization"]
	if len(lines) == 0 {
		return "", fmt.Errorf("%w: no Authorization header", ErrUnauthenticated)
	}
	scheme, token, _ := strings.Cut(lines[0], " ")
	token = strings.TrimSpace(token)
	if len(lines) > 1 || !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", fmt.Errorf("%w: the Authorization header is not one bearer token", ErrUnauthenticated)
	}
	return token, nil
}
