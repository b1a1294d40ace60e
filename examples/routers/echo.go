package routers

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// Echo mounts the handler in an echo instance, version 4.
func Echo(scimHandler http.Handler) http.Handler {
	router := echo.New()
	router.Any("/scim/v2/*", echo.WrapHandler(http.StripPrefix("/scim/v2", scimHandler)))
	return router
}
