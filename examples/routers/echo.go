package routers

import (
	"net/http"

	"github.com/labstack/echo/v5"
)

// Echo mounts the handler in an echo instance.
func Echo(scimHandler http.Handler) http.Handler {
	router := echo.New()
	router.Any("/scim/v2/*", echo.WrapHandler(http.StripPrefix("/scim/v2", scimHandler)))
	return router
}
