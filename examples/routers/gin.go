package routers

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// Gin mounts the handler in a gin engine.
func Gin(scimHandler http.Handler) http.Handler {
	router := gin.New()
	router.Any("/scim/v2/*path", gin.WrapH(http.StripPrefix("/scim/v2", scimHandler)))
	return router
}
