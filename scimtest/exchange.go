package scimtest

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// maxKept bounds the bytes of one body that stay in a report.
const maxKept = 64 << 10

// Exchange is one request and what came back. The token of the target is
// replaced in all its texts, so that an exchange may be shown to anybody; bodies
// are cut after 64 KiB.
type Exchange struct {
	Method        string        `json:"method"`                  // HTTP method
	URL           string        `json:"url"`                     // absolute, as sent
	RequestHeader http.Header   `json:"requestHeader,omitempty"` // a nil value was not sent
	RequestBody   string        `json:"requestBody,omitempty"`   // as sent
	Status        int           `json:"status,omitempty"`        // 0 when nothing came back
	Header        http.Header   `json:"header,omitempty"`        // of the response
	Body          string        `json:"body,omitempty"`          // of the response
	Elapsed       time.Duration `json:"elapsedNanoseconds"`      // until the body was read

	// Error says why nothing usable came back: no connection, no answer in
	// time, a body over the limit.
	Error string `json:"error,omitempty"`

	raw []byte // the body as received
}

// answered reports whether a complete response was read.
func (e *Exchange) answered() bool { return e.Error == "" && e.Status != 0 }

// redirected reports whether the answer is a redirect that was not followed.
func (e *Exchange) redirected() bool {
	return e.Status >= 301 && e.Status <= 308 && e.Status != http.StatusNotModified
}

// answer describes the response in one line.
func (e *Exchange) answer() string {
	switch {
	case e.Error != "":
		return e.Error
	case e.redirected():
		return fmt.Sprintf("%d, a redirect to %s (not followed)", e.Status, e.Header.Get("Location"))
	case e.isHTML():
		return fmt.Sprintf("%d with an HTML page%s instead of JSON", e.Status, htmlTitle(e.Body))
	}
	text := fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))
	if scimType, detail := e.scimError(); scimType != "" || detail != "" {
		text += ": " + strings.TrimSpace(scimType+" "+quoted(detail))
	}
	return text
}

func (e *Exchange) isHTML() bool {
	return strings.Contains(e.Header.Get("Content-Type"), "html") ||
		strings.HasPrefix(strings.ToLower(strings.TrimSpace(e.Body)), "<!doctype html") ||
		strings.HasPrefix(strings.ToLower(strings.TrimSpace(e.Body)), "<html")
}

// scimError returns the fields of an RFC 7644 §3.12 error body, if it is one.
func (e *Exchange) scimError() (scimType, detail string) {
	if e.Status < 400 {
		return "", ""
	}
	body, err := decodeJSON(e.raw)
	if err != nil {
		return "", ""
	}
	return textAt(body, "scimType"), textAt(body, "detail")
}

func htmlTitle(body string) string {
	_, rest, ok := strings.Cut(body, "<title>")
	if !ok {
		return ""
	}
	title, _, ok := strings.Cut(rest, "</title>")
	if !ok {
		return ""
	}
	return " (" + clip(strings.Join(strings.Fields(title), " "), 80) + ")"
}

func quoted(text string) string {
	if text == "" {
		return ""
	}
	return "(" + clip(text, 200) + ")"
}

// clip shortens text for one line of a message.
func clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit], "") + "…"
}
