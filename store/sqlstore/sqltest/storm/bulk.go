package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/storetest"
)

// bulkMembers is how many users a bulk request makes, who are all the members of
// its group.
const bulkMembers = 3

// bulkGroup begins the names of groups that bulk requests make.
const bulkGroup = "Bulk "

// handler serves the tenant and writes to the journal which users were made.
func handler(t *target) (*scim.Handler, error) {
	return scim.New(scim.Config{
		Types: []*schema.ResourceType{storetest.UserType(), storetest.GroupType()}, AllowAnonymous: true, BaseURL: "https://storm.example",
		StoreFor: func(*http.Request, *scim.Actor) (scim.Tenant, error) {
			return scim.Tenant{ID: t.tenant, Store: t.tables}, nil
		},
		OnCommit: func(ctx context.Context, e *scim.Event) error {
			if e.Operation != scim.OpCreate || e.Ref.Type != "User" {
				return nil
			}
			return note(ctx, e.Tx, noteCreated, e.Ref, e.Time)
		},
	})
}

// bulk makes users and a group of them, and says what was acknowledged. What was
// not may be there or not.
func bulk(ctx context.Context, out io.Writer, h http.Handler) error {
	name := store.NewID()
	operations, members := "", ""
	for i := range bulkMembers {
		operations += fmt.Sprintf(`{"method":"POST","path":"/Users","bulkId":"u%d","data":{"userName":"%s-%[1]d"}},`, i, name)
		members += fmt.Sprintf(`,{"value":"bulkId:u%d"}`, i)
	}
	body := fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[%s`+
		`{"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"%s%s","members":[%s]}}]}`, operations, bulkGroup, name, members[1:])
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/Bulk", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/scim+json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code == http.StatusServiceUnavailable {
		return nil
	}
	var answer struct {
		Operations []struct{ Status, Location string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK {
		return fmt.Errorf("bulk: %d %s", w.Code, w.Body)
	}
	for _, o := range answer.Operations {
		kind := "user"
		if strings.Contains(o.Location, "/Groups/") {
			kind = "group"
		}
		if o.Status == "500" {
			return fmt.Errorf("bulk: %s", w.Body)
		}
		if o.Status == "201" {
			if _, err := fmt.Fprintln(out, kind, path.Base(o.Location)); err != nil {
				return err
			}
		}
	}
	return nil
}
