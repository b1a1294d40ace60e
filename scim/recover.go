package scim

import (
	"fmt"
	"net/http"
	"runtime/debug"
)

// recoverTo turns a panic of a hook or a store into an error, so that it ends
// one request and nothing else. It must be deferred.
func recoverTo(err *error) {
	v := recover()
	if v == nil {
		return
	}
	if v == http.ErrAbortHandler {
		panic(http.ErrAbortHandler)
	}
	*err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
}

// guarded runs fn and returns its panic as an error.
func guarded(fn func()) (err error) {
	defer recoverTo(&err)
	fn()
	return nil
}
