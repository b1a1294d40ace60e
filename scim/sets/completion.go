package sets

import (
	"context"
	"strconv"

	"github.com/muster-scim/muster/scim"
)

// CompletionToken returns the id and the signed token, in compact form, of what
// became of an asynchronous request. It is meant to be scim.Async.Token, whose
// caller has made sure that it goes to who made the request; Completions is not
// asked.
func (i *Issuer) CompletionToken(_ context.Context, c *scim.Completion) (id, token string, err error) {
	return i.sign(i.completion(c))
}

// completion returns the claims (RFC 9967 §2.5.1.3).
func (i *Issuer) completion(c *scim.Completion) *Claims {
	claims := i.claims(c.ID, c.TxID, c.Time)
	claims.Subject = Subject{Format: "scim", URI: c.URI}
	claims.Events = map[string]Payload{scim.CompletionURI: {
		Method: c.Method, BulkID: c.BulkID, Version: c.Version, Location: c.Location, Status: strconv.Itoa(c.Status), Response: c.Response,
	}}
	return claims
}
