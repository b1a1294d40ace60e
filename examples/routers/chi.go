package routers

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

// Chi mounts the handler in a chi router.
func Chi(scimHandler http.Handler) http.Handler {
	router := chi.NewRouter()
	router.Mount("/scim/v2", http.StripPrefix("/scim/v2", scimHandler))
	return router
}
