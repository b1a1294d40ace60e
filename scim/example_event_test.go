package scim_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// Every change is an Event: who did what to which resource, and what it means
// in the life of an account. With Journal it is kept in the store, written in
// the same transaction as the change.
func ExampleEvent() {
	directory := memstore.New(nil)
	handler, err := scim.New(scim.Config{
		Types:          []*schema.ResourceType{schema.UserDefinition().MustCompile()},
		Store:          directory,
		AllowAnonymous: true,
		Journal:        true,
		OnCommit: func(_ context.Context, e *scim.Event) error {
			fmt.Println("commit:", e.Operation, e.Kinds)
			return nil
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	body := `{"userName":"ann","password":"s3cret"}`
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/Users", strings.NewReader(body)))
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/Users", strings.NewReader(body)))

	log, err := store.Journal(directory)
	if err != nil {
		fmt.Println(err)
		return
	}
	for entry, err := range log.Read(context.Background(), 0) {
		if err != nil {
			fmt.Println(err)
			return
		}
		record, err := scim.ParseRecord(entry.Data)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, c := range record.Changes {
			fmt.Println("journal:", c.Path, string(c.New), "redacted:", c.Redacted)
		}
		if record.Refused != nil {
			fmt.Println("journal: refused:", record.Refused.Detail)
		}
	}
	// Output:
	// commit: create [joined]
	// journal: userName "ann" redacted: false
	// journal: password  redacted: true
	// journal: refused: userName is taken by another resource
}
