package sets

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/muster-scim/muster/store"
)

// Poller is an endpoint from which one receiver fetches tokens (RFC 8936).
// Store, Name, Issuer and Authenticate are required. What the receiver has
// acknowledged is kept in the journal, up to the first token that it has not; so
// after a restart it may see some again.
type Poller struct {
	// Store has the journal.
	Store store.Store
	// Name is the receiver's in the journal, as a consumer.
	Name string
	// Issuer makes the tokens.
	Issuer *Issuer
	// Authenticate returns an error unless a request is from the receiver.
	Authenticate func(r *http.Request) error
	// OnError is told what the receiver could not make use of; it is not sent
	// again. Nil tells nobody.
	OnError func(ctx context.Context, id string, e PushError)
	// Wait is how long a request without returnImmediately waits for a token: 20
	// seconds by default.
	Wait time.Duration

	mu    sync.Mutex
	acked map[string]bool // behind a token that was not
}

const (
	defaultWait = 20 * time.Second
	lookAgain   = time.Second
	maxPolled   = 100
	maxPollBody = 1 << 20
)

// pollRequest is what the receiver sends (RFC 8936 §2.2).
type pollRequest struct {
	MaxEvents         *int                 `json:"maxEvents"`
	ReturnImmediately bool                 `json:"returnImmediately"`
	Ack               []string             `json:"ack"`
	SetErrs           map[string]PushError `json:"setErrs"`
}

// pollResponse is the answer (RFC 8936 §2.3).
type pollResponse struct {
	Sets          map[string]string `json:"sets"`
	MoreAvailable bool              `json:"moreAvailable,omitempty"`
}

// ServeHTTP answers one poll.
func (p *Poller) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.Authenticate == nil || p.Authenticate(r) != nil {
		w.Header().Set("WWW-Authenticate", "Bearer")
		http.Error(w, "the request needs valid credentials", http.StatusUnauthorized)
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "poll by POST", http.StatusMethodNotAllowed)
		return
	}
	var request pollRequest
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxPollBody)).Decode(&request); err != nil {
		http.Error(w, "the body is no poll request", http.StatusBadRequest)
		return
	}
	answer, err := p.poll(r.Context(), &request)
	if err != nil {
		http.Error(w, "try again later", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(answer) // the receiver may have gone, and will ask again
}

// poll acknowledges, then collects, and waits if there is nothing.
func (p *Poller) poll(ctx context.Context, request *pollRequest) (*pollResponse, error) {
	p.acknowledge(ctx, request)
	most := maxPolled
	if request.MaxEvents != nil {
		most = min(max(*request.MaxEvents, 0), maxPolled)
	}
	wait := p.Wait
	if wait == 0 {
		wait = defaultWait
	}
	until := time.Now().Add(wait)
	for {
		answer, err := p.collect(ctx, most)
		if err != nil || len(answer.Sets) > 0 || most == 0 || request.ReturnImmediately || !time.Now().Before(until) {
			return answer, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(min(lookAgain, time.Until(until))):
		}
	}
}

func (p *Poller) acknowledge(ctx context.Context, request *pollRequest) {
	for id, e := range request.SetErrs {
		if p.OnError != nil {
			p.OnError(ctx, id, e)
		}
		request.Ack = append(request.Ack, id)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.acked == nil {
		p.acked = map[string]bool{}
	}
	for _, id := range request.Ack {
		p.acked[id] = true
	}
}

// collect moves past what is acknowledged and returns up to most tokens that
// are not.
func (p *Poller) collect(ctx context.Context, most int) (*pollResponse, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	log, err := store.Journal(p.Store)
	if err != nil {
		return nil, err
	}
	consumers, err := log.Consumers(ctx)
	if err != nil {
		return nil, err
	}
	from := consumers[p.Name]
	b := batch{poller: p, answer: &pollResponse{Sets: map[string]string{}}, most: most, done: from}
	for e, err := range log.Read(ctx, from) {
		if err != nil {
			return nil, err
		}
		more, err := b.add(e)
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
	}
	if err := log.Advance(ctx, p.Name, from, b.done); err != nil && !errors.Is(err, store.ErrVersion) {
		return nil, err
	}
	for _, id := range b.passed {
		delete(p.acked, id)
	}
	return b.answer, nil
}

// batch is an answer that is being put together.
type batch struct {
	poller *Poller
	answer *pollResponse
	most   int
	done   uint64   // everything up to here is dealt with
	open   bool     // something before is not
	passed []string // acknowledged, up to done
}

// add looks at one entry. It returns false if the answer is complete.
func (b *batch) add(e store.Entry) (bool, error) {
	id, token, err := b.poller.Issuer.Token(e)
	switch {
	case err != nil:
		return false, err
	case id == "" || b.poller.acked[id]:
		if !b.open {
			b.done = e.Seq
			b.passed = append(b.passed, id)
		}
		return true, nil
	case len(b.answer.Sets) == b.most:
		b.answer.MoreAvailable = true
		return false, nil
	}
	b.open = true
	b.answer.Sets[id] = token
	return true, nil
}
