package scim_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store/memstore"
)

// A user is created later, and the client fetches what became of it. A service
// signs the tokens, with Issuer.CompletionToken of package sets for example, and
// runs the consumer of each tenant all the time.
func ExampleAsync() {
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	s := memstore.New(nil)
	handler, err := scim.New(scim.Config{
		Types: []*schema.ResourceType{schema.UserDefinition().MustCompile()}, Store: s, AllowAnonymous: true,
		Async: &scim.Async{Key: key, Token: func(_ context.Context, c *scim.Completion) (id, token string, err error) {
			text, err := json.Marshal(map[string]any{"method": c.Method, "status": c.Status})
			return c.ID, string(text), err
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	send := func(method, path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Prefer", "respond-async")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w
	}
	accepted := send("POST", "/Users", `{"userName":"ann"}`)
	result := accepted.Header().Get("Location")
	fmt.Println(accepted.Code, send("GET", result, "").Code)

	done, err := handler.AsyncRequests(scim.Tenant{Store: s}).Drain(context.Background()) // Run, in a service
	fmt.Println(done, err)
	w := send("GET", result, "")
	fmt.Println(w.Code, w.Body)
	// Output:
	// 202 202
	// 1 <nil>
	// 200 {"method":"POST","status":201}
}
