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
	s := memstore.New(nil)
	handler, err := scim.New(scim.Config{
		Types:          []*schema.ResourceType{schema.UserDefinition().MustCompile()},
		Store:          s,
		AllowAnonymous: true,
		Lifecycle: scim.Lifecycle{
			OnDeactivate: func(_ context.Context, d scim.Deactivation) error {
				fmt.Println("end the sessions:", d.Cause)
				return nil
			},
			Brake: &scim.Brake{Limits: []scim.BrakeLimit{{Kind: scim.Deactivated, Window: time.Hour, Max: 2}}},
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
			holds, err := handler.Holds(context.Background(), scim.Tenant{Store: s})
			fmt.Println(w.Code, holds[0].Reason, err)
		}
	}
	// Output:
	// end the sessions: deactivated
	// end the sessions: deactivated
	// 409 more than 2 changes of the kind "deactivated" within 1h0m0s <nil>
}
