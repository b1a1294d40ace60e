package main

import (
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/go-jose/go-jose/v4"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/scim/sets"
)

// newAsync lets clients ask for requests to be carried out later, unless there
// is no secret. The secret seals what waits, and signs what became of it. Real
// services have a key for each.
func newAsync(secret, issuer string, types []*schema.ResourceType, tokens *scim.BearerTokens) (*scim.Async, error) {
	if secret == "" {
		return nil, nil
	}
	key := sha256.Sum256([]byte(secret))
	signer, err := sets.NewSigner(jose.HS256, key[:], "quickstart")
	if err != nil {
		return nil, fmt.Errorf("-async: %w", err)
	}
	from := &sets.Issuer{Issuer: issuer, Signer: signer, Types: types}
	return &scim.Async{Key: key[:], Recall: tokens.Recall, Token: from.CompletionToken}, nil
}

// carryOut does what was accepted for later, for each tenant, until ctx ends.
func carryOut(ctx context.Context, handler *scim.Handler, tenants map[string]scim.Tenant) {
	for _, t := range tenants {
		go handler.AsyncRequests(t).Run(ctx)
	}
}
