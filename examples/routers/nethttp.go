package routers

import "net/http"

// NetHTTP mounts the handler in the router of the standard library.
func NetHTTP(scimHandler http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/scim/v2/", scimHandler)
	return mux
}
