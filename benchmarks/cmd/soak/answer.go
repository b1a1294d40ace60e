package main

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
)

// answer is what came back from one request.
type answer struct {
	status int
	etag   string
	body   []byte
}

// do sends one request of a tenant; headers are pairs of name and value.
func (s *service) do(tenant, method, target, body string, headers ...string) answer {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token+tenant)
	r.Header.Set("Content-Type", "application/scim+json")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	s.requests.Add(1)
	return answer{w.Code, w.Header().Get("ETag"), w.Body.Bytes()}
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
	Operations   []struct{ Status, Location string }
}

func (a answer) message() (m message) {
	_ = json.Unmarshal(a.body, &m) // the zero message is wrong wherever one is expected
	return m
}

func (a answer) id() string { return a.message().ID }
