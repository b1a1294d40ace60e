package scimtest

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Defaults of the zero [Target].
const (
	DefaultTimeout     = 10 * time.Second // one request
	DefaultMaxResponse = 8 << 20          // bytes of one response body
)

// handlerBase is the base URL of an in-process handler that names none.
const handlerBase = "http://scim.test"

// Target is the service provider under test. Either BaseURL or Handler must be
// set; the zero value of every other field has a default.
type Target struct {
	// BaseURL is the absolute URL below which /Users is found, for example
	// "https://example.com/scim/v2". With a Handler it is optional and gives
	// the host and path prefix under which the handler believes to be mounted.
	BaseURL string

	// Handler, if set, is called in this process instead of the network.
	// Requests still pass through their HTTP/1.1 wire form.
	Handler http.Handler

	// Client supplies the transport for network targets (proxies, client
	// certificates). Its redirect policy and cookie jar are not used.
	Client *http.Client

	// Token is sent as "Authorization: Bearer <Token>" and is the value of
	// ${token} in traces. It is removed from everything that is reported.
	Token string

	// Header is added to each request of the RFC cases, not to traces: those
	// send exactly the headers of the client they imitate. An Authorization
	// header here replaces the bearer token.
	Header http.Header

	// Timeout bounds one request; zero means [DefaultTimeout].
	Timeout time.Duration

	// MaxResponse bounds the bytes read of one response; zero means
	// [DefaultMaxResponse].
	MaxResponse int64
}

// ErrTarget is wrapped by the errors that report an unusable [Target].
var ErrTarget = errors.New("scimtest: unusable target")

// base returns the base URL without a trailing slash.
func (t Target) base() (*url.URL, error) {
	text := strings.TrimRight(t.BaseURL, "/")
	if text == "" {
		if t.Handler == nil {
			return nil, fmt.Errorf("%w: neither BaseURL nor Handler is set", ErrTarget)
		}
		text = handlerBase
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%w: base URL: %w", ErrTarget, err)
	}
	return u, checkBase(u)
}

func checkBase(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("%w: base URL %q must start with http:// or https://", ErrTarget, u)
	case u.Host == "":
		return fmt.Errorf("%w: base URL %q names no host", ErrTarget, u)
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return fmt.Errorf("%w: base URL %q must have no query and no fragment (RFC 7644 §1.3)", ErrTarget, u)
	case u.User != nil:
		return fmt.Errorf("%w: base URL must not carry credentials; use the token", ErrTarget)
	}
	return nil
}

func (t Target) timeout() time.Duration {
	if t.Timeout > 0 {
		return t.Timeout
	}
	return DefaultTimeout
}

func (t Target) maxResponse() int64 {
	if t.MaxResponse > 0 {
		return t.MaxResponse
	}
	return DefaultMaxResponse
}
