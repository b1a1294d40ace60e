package oidc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
)

// Config says which tokens are accepted. Issuer and Audience are required.
type Config struct {
	// Issuer is the URL of the provider; it must be the iss of the tokens.
	Issuer string
	// Audience must be among the aud of the tokens. A token that was made for
	// another service is not accepted.
	Audience string
	// Scope must be granted by the token, in scope, scp or roles. Empty asks
	// for none.
	Scope string
	// ReadScope, if it is not empty, is a scope that allows reading only. A
	// token then needs Scope or ReadScope.
	ReadScope string
	// Algorithms are the signature algorithms; empty means those that the
	// provider announces. Algorithms without a key pair are never accepted.
	Algorithms []string
	// TenantClaim is the claim that holds the tenant's id, such as "tid".
	TenantClaim string
	// Actor makes the actor of verified claims; nil uses azp, appid, client_id
	// or sub as ID and sub as Subject. It returns scim.ErrForbidden for a client
	// that may not come in. The actor is copied.
	Actor func(claims map[string]any) (*scim.Actor, error)
	// Client fetches the provider's metadata and keys; nil means
	// http.DefaultClient.
	Client *http.Client
}

// Verifier authenticates requests. It is safe for concurrent use; use New to
// make one.
type Verifier struct {
	cfg      Config
	verifier *oidc.IDTokenVerifier
}

// New asks the provider for its metadata. The context bounds that, and its
// values are used whenever keys are fetched later.
func New(ctx context.Context, cfg Config) (*Verifier, error) {
	if cfg.Issuer == "" || cfg.Audience == "" {
		return nil, errors.New("oidc: Issuer and Audience are required")
	}
	if slices.ContainsFunc(cfg.Algorithms, func(a string) bool { return a == "none" || strings.HasPrefix(a, "HS") }) {
		return nil, errors.New("oidc: Algorithms must be asymmetric")
	}
	if cfg.Client != nil {
		ctx = oidc.ClientContext(ctx, cfg.Client)
	}
	provider, err := oidc.NewProvider(ctx, cfg.Issuer)
	if err != nil {
		return nil, fmt.Errorf("oidc: %w", err)
	}
	verifier := provider.VerifierContext(context.WithoutCancel(ctx), &oidc.Config{
		ClientID: cfg.Audience, SupportedSigningAlgs: cfg.Algorithms,
	})
	return &Verifier{cfg: cfg, verifier: verifier}, nil
}

// Authenticate verifies the bearer token of a request: signature, issuer,
// audience, lifetime and scope. If it cannot, because the provider does not
// give its keys, the error is a *scim.Error of status 503. It is meant to be
// scim.Config.Authenticate.
func (v *Verifier) Authenticate(r *http.Request) (*scim.Actor, error) {
	raw, err := bearer(r.Header)
	if err != nil {
		return nil, err
	}
	token, err := v.verifier.Verify(r.Context(), raw)
	if err != nil {
		return nil, refusal(r.Context(), err)
	}
	claims := map[string]any{}
	if err := token.Claims(&claims); err != nil {
		return nil, fmt.Errorf("%w: %w", scim.ErrUnauthenticated, err)
	}
	readOnly, err := v.grant(claims)
	if err != nil {
		return nil, err
	}
	found, err := v.actor(claims)
	switch {
	case err != nil:
		return nil, err
	case found == nil:
		return nil, fmt.Errorf("%w: the token stands for nobody", scim.ErrUnauthenticated)
	}
	actor := *found // which a hook may hand out more than once
	actor.ReadOnly = actor.ReadOnly || readOnly
	return &actor, nil
}

// noKeys starts the text of the errors of the verifier that say nothing about
// the token; it does not wrap their cause.
const noKeys = "failed to verify signature: fetching keys "

// refusal tells a token that is wrong from one that could not be looked at,
// because the provider does not give its keys: a client that is told 401 would
// take its token for revoked, and stop.
func refusal(ctx context.Context, err error) error {
	switch {
	case !strings.HasPrefix(err.Error(), noKeys):
		return fmt.Errorf("%w: %w", scim.ErrUnauthenticated, err)
	case ctx.Err() != nil:
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	default:
		return &scim.Error{Status: http.StatusServiceUnavailable, Detail: "the token cannot be verified now; try again later", RetryAfter: retryAfter, Err: err}
	}
}

// retryAfter is how long a client should wait for the keys of the provider.
const retryAfter = 10 * time.Second

// grant checks the scopes.
func (v *Verifier) grant(claims map[string]any) (readOnly bool, err error) {
	granted := scopes(claims)
	switch {
	case v.cfg.Scope != "" && slices.Contains(granted, v.cfg.Scope), v.cfg.Scope == "" && v.cfg.ReadScope == "":
		return false, nil
	case v.cfg.ReadScope != "" && slices.Contains(granted, v.cfg.ReadScope):
		return true, nil
	default:
		return false, fmt.Errorf("%w: the token does not grant the scope", scim.ErrForbidden)
	}
}

// scopes lists what the usual claims grant: strings with spaces, or lists.
func scopes(claims map[string]any) (list []string) {
	for _, name := range []string{"scope", "scp", "roles"} {
		switch v := claims[name].(type) {
		case string:
			list = append(list, strings.Fields(v)...)
		case []any:
			for _, e := range v {
				if text, ok := e.(string); ok {
					list = append(list, text)
				}
			}
		}
	}
	return list
}

func (v *Verifier) actor(claims map[string]any) (*scim.Actor, error) {
	if v.cfg.Actor != nil {
		return v.cfg.Actor(claims)
	}
	actor := &scim.Actor{Subject: text(claims, "sub")}
	for _, name := range []string{"azp", "appid", "client_id", "sub"} {
		if actor.ID = text(claims, name); actor.ID != "" {
			break
		}
	}
	if actor.ID == "" {
		return nil, fmt.Errorf("%w: the token names no client and no subject", scim.ErrUnauthenticated)
	}
	if v.cfg.TenantClaim != "" {
		if actor.Tenant = store.TenantID(text(claims, v.cfg.TenantClaim)); actor.Tenant == "" {
			return nil, fmt.Errorf("%w: the token has no %s", scim.ErrForbidden, v.cfg.TenantClaim)
		}
	}
	return actor, nil
}

func text(claims map[string]any, name string) string {
	s, _ := claims[name].(string)
	return s
}

// bearer returns the token of the only Authorization header.
func bearer(header http.Header) (string, error) {
	lines := header.Values("Authorization")
	if len(lines) != 1 {
		return "", fmt.Errorf("%w: not one Authorization header", scim.ErrUnauthenticated)
	}
	scheme, token, _ := strings.Cut(lines[0], " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", fmt.Errorf("%w: no bearer token", scim.ErrUnauthenticated)
	}
	return token, nil
}
