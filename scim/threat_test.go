package scim_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/muster-scim/muster/scim"
)

// URLs in resources are data. Nothing that a client writes makes the service
// ask another server, so it cannot be used to reach one.
func TestNothingIsFetched(t *testing.T) {
	var asked atomic.Int64
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer target.Close()
	h := newHandler(t, config(t))
	link := quote(target.URL + "/secret")
	id := idOf(t, h, "/Users", `{"userName":"a","profileUrl":`+link+`,"photos":[{"value":`+link+`,"type":"photo"}]}`)
	member := `{"value":` + quote(id) + `,"$ref":` + link + `}`
	group := idOf(t, h, "/Groups", `{"displayName":"g","members":[`+member+`]}`)
	do(t, h, "PATCH", "/Groups/"+group, patchBody(`{"op":"add","path":"members","value":[`+member+`,{"value":`+link+`}]}`))
	do(t, h, "PATCH", "/Users/"+id, patchBody(`{"op":"add","path":"photos","value":[{"value":`+link+`,"type":"thumbnail"}]}`))
	do(t, h, "POST", "/Users", `{"userName":"b","schemas":[`+link+`]}`)
	if w := do(t, h, "GET", "/Users/"+id, ""); !strings.Contains(w.Body.String(), target.URL) {
		t.Errorf("the URL was not even stored: %s", w.Body)
	}
	if w := do(t, h, "GET", "/Groups/"+group, ""); strings.Contains(w.Body.String(), target.URL) {
		t.Errorf("a $ref is derived, never kept: %s", w.Body)
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("the server that they name was asked %d times", n)
	}
}

// One request writes one line to the log, whatever it contains.
func TestLogInjection(t *testing.T) {
	for _, format := range []func(io.Writer) slog.Handler{
		func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) },
		func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) },
	} {
		var log strings.Builder
		c := config(t)
		c.Logger = slog.New(format(&log))
		h := newHandler(t, c)
		const forged = "x\nlevel=INFO msg=forged"
		requests := 0
		for _, send := range []struct{ method, target, body, header string }{
			{"GET", "/Users/x%0Alevel=INFO%20msg=forged", "", ""},
			{"GET", "/Users?filter=x%0Amsg=forged", "", ""},
			{"GET", "/x%0D%0Amsg=forged", "", "X-Request-Id"},
			{"POST", "/Users", `{"userName":` + quote(forged) + `,"x\nmsg=forged":1}`, "X-Request-Id"},
			{"PATCH", "/Users/x%0Amsg=forged", patchBody(`{"op":"add","path":"x\nmsg=forged","value":1}`), "User-Agent"},
		} {
			var header []string
			if send.header != "" {
				header = []string{send.header, forged}
			}
			do(t, h, send.method, send.target, send.body, header...)
			requests++
		}
		if n := strings.Count(log.String(), "\n"); n != requests {
			t.Errorf("%d requests wrote %d lines:\n%s", requests, n, log.String())
		}
	}
}

// Nobody takes over an account by naming it: what exists is neither replaced
// nor linked by a creation, a spelling of its name is the same name, and ids
// belong to the server.
func TestTakeover(t *testing.T) {
	h := newHandler(t, config(t))
	victim := idOf(t, h, "/Users", `{"userName":"Admin","externalId":"1","title":"owner"}`)
	other := idOf(t, h, "/Users", `{"userName":"other","externalId":"2"}`)
	for _, body := range []string{
		`{"userName":"admin","title":"taken"}`, `{"userName":"ＡＤＭＩＮ","title":"taken"}`, `{"userName":"ADMIN","externalId":"1","title":"taken"}`,
	} {
		if w := do(t, h, "POST", "/Users", body); w.Code != 409 {
			t.Errorf("POST %s: %d %s", body, w.Code, w.Body)
		}
		if w := do(t, h, "PUT", "/Users/"+other, body); w.Code != 409 {
			t.Errorf("PUT %s: %d %s", body, w.Code, w.Body)
		}
	}
	do(t, h, "PUT", "/Users/"+other, `{"id":`+quote(victim)+`,"userName":"other","title":"taken"}`)
	do(t, h, "PATCH", "/Users/"+other, patchBody(`{"op":"replace","path":"id","value":`+quote(victim)+`}`))
	if id := idOf(t, h, "/Users", `{"id":`+quote(victim)+`,"userName":"third"}`); id == victim {
		t.Error("a client chose the id of another user")
	}
	if w := do(t, h, "GET", "/Users/"+victim, ""); !strings.Contains(w.Body.String(), `"owner"`) || !strings.Contains(w.Body.String(), `"Admin"`) {
		t.Errorf("the account is now %s", w.Body)
	}
}

// slowBody sends a part of a request, and then nothing until the deadline of
// the server ends it.
type slowBody struct{ io.Reader }

func (b slowBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = os.ErrDeadlineExceeded
	}
	return n, err
}

// A body that does not end before the server's ReadTimeout is refused, and what
// came of it is not used, even if it is complete so far.
func TestSlowBody(t *testing.T) {
	h := newHandler(t, config(t))
	for _, body := range []string{"", `{"userName":"slow"`, `{"userName":"slow"}`} {
		r := httptest.NewRequest("POST", "/Users", slowBody{strings.NewReader(body)})
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code < 400 || w.Code >= 500 {
			t.Errorf("%q: %d %s", body, w.Code, w.Body)
		}
	}
	if w := do(t, h, "GET", "/Users", ""); !strings.Contains(w.Body.String(), `"totalResults":0`) {
		t.Errorf("stored: %s", w.Body)
	}
}

// A stolen token is of use until it expires or is replaced, only in its tenant,
// and not for writing if it is one for reading.
func TestStolenToken(t *testing.T) {
	tokens := bearer(t, scim.Token{ID: "old", Hash: scim.HashToken(token)}, scim.Token{ID: "reader", Hash: scim.HashToken(readToken), ReadOnly: true})
	c := config(t)
	c.Authenticate = tokens.Authenticate
	h := newHandler(t, c)
	if w := do(t, h, "POST", "/Users", `{"userName":"a"}`, "Authorization", "Bearer "+readToken); w.Code != 403 {
		t.Errorf("writing with a token for reading: %d", w.Code)
	}
	if err := tokens.Set(scim.Token{ID: "new", Hash: scim.HashToken(otherToken)}); err != nil {
		t.Fatal(err)
	}
	for method, body := range map[string]string{"GET": "", "POST": `{"userName":"a"}`} {
		if w := do(t, h, method, "/Users", body); w.Code != 401 {
			t.Errorf("%s with a token that was replaced: %d", method, w.Code)
		}
	}
}

// Nobody opens the service by forgetting something.
func TestOpenOnlyOnPurpose(t *testing.T) {
	c := config(t)
	c.Authenticate = nil
	if _, err := scim.New(c); err == nil || !strings.Contains(err.Error(), "Authenticate") {
		t.Errorf("without Authenticate: %v", err)
	}
	c.AllowAnonymous = true
	if _, err := scim.New(c); err != nil {
		t.Error(err)
	}
}
