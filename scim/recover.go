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
