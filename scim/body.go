package scim

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// readBody reads the body within the time of a request.
func (x *exchange) readBody(limit int) ([]byte, error) {
	lift := x.boundRead()
	data, err := readBody(x.w, x.r, limit)
	if err == nil { // else what is left of the body must not take longer either
		lift()
	}
	return data, err
}

// boundRead ends reading when the time of the request is over, because a
// context cannot: a server without a ReadTimeout would wait for the rest of a
// body for ever. A shorter one is left alone. The function that it returns
// lifts the bound.
func (x *exchange) boundRead() (lift func()) {
	none, timeout := func() {}, x.h.cfg.Timeout
	if s, ok := x.r.Context().Value(http.ServerContextKey).(*http.Server); ok && s.ReadTimeout > 0 && s.ReadTimeout <= timeout {
		return none
	}
	control := http.NewResponseController(x.w)
	if x.r.ContentLength == 0 || control.SetReadDeadline(time.Now().Add(timeout)) != nil {
		return none
	}
	return func() { _ = control.SetReadDeadline(time.Time{}) }
}

// readBody reads a body of at most limit bytes. A body that announces more is
// refused before anything is read.
func readBody(w http.ResponseWriter, r *http.Request, limit int) ([]byte, error) {
	if r.ContentLength > int64(limit) {
		return nil, errTooLarge(limit)
	}
	body := http.MaxBytesReader(w, r.Body, int64(limit))
	data := make([]byte, 0, max(int(r.ContentLength)+1, 512))
	for {
		n, err := body.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case err == io.EOF:
			return data, nil
		case err != nil:
			return nil, bodyError(err, limit)
		case len(data) == cap(data):
			data = append(data, 0)[:len(data)]
		}
	}
}

func bodyError(err error, limit int) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return errTooLarge(limit)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return &Error{Status: http.StatusRequestTimeout, Detail: "the body did not arrive in time", Err: err}
	}
	return &Error{Status: http.StatusBadRequest, Type: InvalidSyntax, Detail: "the body could not be read to its end", Err: err}
}

func errTooLarge(limit int) error {
	return fail(http.StatusRequestEntityTooLarge, "", fmt.Sprintf("the body is larger than %d bytes", limit))
}
