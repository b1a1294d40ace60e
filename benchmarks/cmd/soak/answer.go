package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"
)

// answer is what came back from one request.
type answer struct {
	status int
	again  bool // it was sent more than once, and may have happened before
	etag   string
	body   []byte
}

const (
	firstPause = 10 * time.Millisecond
	lastPause  = time.Second
	patience   = 2 * time.Minute // for a database to come back
)

// do sends one request of a tenant, and again as long as it is answered with
// 503; headers are pairs of name and value.
func (s *service) do(tenant, method, target, body string, headers ...string) answer {
	start, again := time.Now(), false
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		a := s.send(tenant, method, target, body, headers...)
		if a.again = again; a.status != http.StatusServiceUnavailable || time.Since(start) > patience {
			return a
		}
		again = true
		s.unavailable.Add(1)
		time.Sleep(pause)
	}
}

func (s *service) send(tenant, method, target, body string, headers ...string) answer {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token+tenant)
	r.Header.Set("Content-Type", "application/scim+json")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	s.requests.Add(1)
	return answer{status: w.Code, etag: w.Header().Get("ETag"), body: w.Body.Bytes()}
}

// message holds the members of all answers that clients look at.
type message struct {
	ID           string
	UserName     string
	ExternalID   string
	Title        string
	Active       bool
	Groups       []struct{ Value string }
	TotalResults int
	NextCursor   string
	Resources    []message
	Operations   []outcome
}

// outcome is the result of one operation of a bulk request.
type outcome struct{ Status, Location string }

func (a answer) message() (m message) {
	_ = json.Unmarshal(a.body, &m) // the zero message is wrong wherever one is expected
	return m
}

func (a answer) id() string { return a.message().ID }
