package scim

import (
	"context"
	"time"

	"github.com/muster-scim/muster/store"
)

// Async lets clients ask for a request to be carried out later, with
// "Prefer: respond-async" (RFC 9967 §2.5.1). What can be refused without the
// store is refused at once. The rest is written to the journal, answered with
// 202, and carried out by the consumer that Handler.AsyncRequests returns, which
// the host has to run: in the order in which it was accepted, each exactly once
// whatever happens to processes meanwhile, with the rights that the actor has then. What
// became of it is a Completion: one for each operation of a bulk request.
//
// Key and Token are required, and Recall if Config.Authenticate is set. The store
// must have transactions and a journal; with a tenant's store that does not,
// requests are answered as if they had not asked.
type Async struct {
	// Key seals requests in the journal, because bodies hold passwords and personal
	// data, and the URLs of results. It has at least 16 random bytes, and is the
	// same for all instances of a service. Without it what was accepted is lost.
	Key []byte

	// OldKeys open what was sealed before Key changed.
	OldKeys [][]byte

	// Recall returns the actor with the rights that it has when its request is
	// carried out. was has the ID, Subject, Tenant and Client of the one that made the
	// request, and nothing else. An actor that must not come in any more is an
	// ErrUnauthenticated or an ErrForbidden. BearerTokens.Recall is one.
	Recall func(ctx context.Context, was Actor) (*Actor, error)

	// Token makes the security event token of a completion, in compact form, and
	// returns its jti: the Location of an accepted request leads the actor that
	// made it, and nobody else, to it. The method CompletionToken of an Issuer of
	// package sets is one.
	Token func(ctx context.Context, c *Completion) (id, token string, err error)

	// Attempts is how often a request is tried that fails because of the server
	// (status 500 and above) before it is given up: 5 times by default. Those behind
	// it wait.
	Attempts int

	// Pause is how long to wait before the second attempt, a second by default; it
	// doubles with each one.
	Pause time.Duration

	// OnGiveUp is told what was given up. The client is told as well, by the same
	// completion; it is not tried again. Nil tells nobody else.
	OnGiveUp func(ctx context.Context, c *Completion)

	// MaxDelay is how far behind the consumer may be before requests that ask for
	// it are refused with 503: 15 minutes by default.
	MaxDelay time.Duration
}

// The defaults of Async.
const (
	defaultAsyncAttempts = 5
	defaultAsyncPause    = time.Second
	defaultAsyncDelay    = 15 * time.Minute
)

func (a *Async) withDefaults() *Async {
	if a == nil {
		return nil
	}
	c := *a
	setDefault(&c.Attempts, defaultAsyncAttempts)
	if c.Pause == 0 {
		c.Pause = defaultAsyncPause
	}
	if c.MaxDelay == 0 {
		c.MaxDelay = defaultAsyncDelay
	}
	return &c
}

// checkAsync looks for an Async that cannot work.
func (c *Config) checkAsync(e *ConfigError) {
	a := c.Async
	if a == nil {
		return
	}
	for i, key := range append([][]byte{a.Key}, a.OldKeys...) {
		if len(key) < 16 {
			field := "Async.Key"
			if i > 0 {
				field = "Async.OldKeys"
			}
			e.add(field, "has a key of less than 16 bytes", "use 32 random bytes")
		}
	}
	if a.Token == nil {
		e.add("Async.Token", "is missing", "set it, for example to Issuer.CompletionToken of package sets")
	}
	if a.Recall == nil && c.Authenticate != nil {
		e.add("Async.Recall", "is missing, so nobody would know what an actor may still do", "set it, for example to BearerTokens.Recall")
	}
	if a.Attempts < 0 || a.Pause < 0 || a.MaxDelay < 0 {
		e.add("Async", "has a negative limit", "use positive values, or 0 for the defaults")
	}
	if c.Store != nil && !canAsync(c.Store) {
		e.add("Async", "is set, but the store has no journal or no transactions", "use a store that has both, or leave it unset")
	}
}

// canAsync reports whether a store can keep requests and do each once.
func canAsync(s store.Store) bool {
	has := store.CapabilitiesOf(s)
	return has.Journal && has.Tx
}

// asyncRequests says what the service supports (RFC 9967 §4).
func (c *call) asyncRequests() bool {
	return c.h.cfg.Async != nil && (c.tenant.Store == nil || canAsync(c.tenant.Store))
}

// addSealers derives the keys of Async.
func (h *Handler) addSealers() (err error) {
	a := h.cfg.Async
	if a == nil {
		return nil
	}
	keys := append([][]byte{a.Key}, a.OldKeys...)
	if h.requests, err = newSealer("scim.async.request", keys...); err != nil {
		return err
	}
	h.results, err = newSealer("scim.async.result", keys...)
	return err
}
