package scim_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store/memstore"
)

// An account is deactivated only if its sessions are ended, and not more than
// two accounts an hour unless an operator agrees.
func ExampleLifecycle() {
	brake := &scim.Brake{Limits: []scim.BrakeLimit{{Kind: scim.Deactivated, Window: time.Hour, Max: 2}}}
	handler, err := scim.New(scim.Config{
		Types:          []*schema.ResourceType{schema.UserDefinition().MustCompile()},
		Store:          memstore.New(nil),
		AllowAnonymous: true,
		Lifecycle: scim.Lifecycle{
			OnDeactivate: func(_ context.Context, d scim.Deactivation) error {
				fmt.Println("end the sessions:", d.Cause)
				return nil
			},
			Brake: brake,
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	send := func(method, path, body string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
		return w
	}
	for _, name := range []string{"ann", "bob", "cyd"} {
		created := send("POST", "/Users", `{"userName":"`+name+`"}`)
		w := send("PUT", created.Header().Get("Location"), `{"userName":"`+name+`","active":false}`)
		if w.Code != http.StatusOK {
			fmt.Println(w.Code, brake.Held()[0].Reason)
		}
	}
	// Output:
	// end the sessions: deactivated
	// end the sessions: deactivated
	// 409 more than 2 changes of the kind "deactivated" within 1h0m0s
}
