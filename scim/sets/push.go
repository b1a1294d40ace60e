package sets

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/muster-scim/muster/store"
)

// Pusher delivers tokens to the endpoint of a receiver (RFC 8935). Its Deliver
// is made for an outbox.Consumer, which repeats what fails.
type Pusher struct {
	// Issuer makes the tokens.
	Issuer *Issuer
	// URL is the endpoint; use https.
	URL string
	// Token is sent as a bearer token if it is not empty.
	Token string
	// HTTP sends the requests; nil means http.DefaultClient.
	HTTP *http.Client
}

// PushError is the refusal of a receiver (RFC 8935 §2.3).
type PushError struct {
	Status      int    `json:"-"`           // of HTTP
	Code        string `json:"err"`         // such as invalid_key
	Description string `json:"description"` // for a person
}

// Error returns status, code and description.
func (e *PushError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("sets: the receiver answered %d %s %s", e.Status, e.Code, e.Description))
}

// maxAnswer bounds what is read of an answer.
const maxAnswer = 64 << 10

// Deliver sends the token for an entry of the journal. It fails unless the
// receiver answers with 202.
func (p *Pusher) Deliver(ctx context.Context, e store.Entry) error {
	id, token, err := p.Issuer.Token(e)
	if err != nil || id == "" {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.URL, strings.NewReader(token))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/secevent+jwt")
	r.Header.Set("Accept", "application/json")
	if p.Token != "" {
		r.Header.Set("Authorization", "Bearer "+p.Token)
	}
	client := p.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusAccepted {
		return nil
	}
	refusal := &PushError{}
	data, _ := io.ReadAll(io.LimitReader(resp.Body, maxAnswer)) // the status says enough
	_ = json.Unmarshal(data, refusal)
	refusal.Status = resp.StatusCode
	return refusal
}
