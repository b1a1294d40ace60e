package sqltest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store/sqlstore"
)

// Instances of a service over one database have one brake, and it outlives them.
func TestBrakeOfManyInstances(t *testing.T) {
	types := []*schema.ResourceType{schema.UserDefinition().MustCompile()}
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			pool, remove, err := e.fresh(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = remove() }()
			instance := func() (service, scim.Tenant) {
				t.Helper()
				db, err := sqlstore.New(pool, e.dialect, &sqlstore.Config{Types: types})
				if err == nil {
					err = db.Migrate(t.Context())
				}
				if err != nil {
					t.Fatal(err)
				}
				s := serve(t, db.Tenant("acme"), types, func(c *scim.Config) {
					c.Journal = true
					c.Lifecycle.Brake = &scim.Brake{Limits: []scim.BrakeLimit{{Kind: scim.Removed, Window: time.Hour, Max: 4}}}
				})
				return s, scim.Tenant{ID: "acme", Store: db.Tenant("acme")}
			}
			checkBrake(t, instance)
		})
	}
}

func checkBrake(t *testing.T, instance func() (service, scim.Tenant)) {
	t.Helper()
	a, _ := instance()
	b, _ := instance()
	ids := make([]string, 12)
	for i := range ids {
		var made struct{ ID string }
		_, answer := a.do("main", "POST", "/Users", fmt.Sprintf(`{"userName":"u%d"}`, i))
		if err := json.Unmarshal([]byte(answer), &made); err != nil {
			t.Fatal(answer)
		}
		ids[i] = made.ID
	}
	if got := removeAtOnce(ids, a, b); got[http.StatusNoContent] != 4 || got[http.StatusConflict] != 8 {
		t.Fatalf("answers %v", got)
	}
	restarted, tenant := instance()
	held, err := restarted.handler.Holds(t.Context(), tenant)
	if err != nil || len(held) != 1 || held[0].Held != 8 || held[0].Tenant != "acme" {
		t.Fatalf("holds %+v, %v", held, err)
	}
	if err := restarted.handler.Release(context.Background(), tenant, &scim.Actor{ID: "operator"}); err != nil {
		t.Fatal(err)
	}
	if got := removeAtOnce(ids, a, b); got[http.StatusNoContent] != 4 || got[http.StatusNotFound] != 4 || got[http.StatusConflict] != 4 {
		t.Errorf("answers after the release %v", got)
	}
}

// removeAtOnce deletes users from two instances and counts the answers.
func removeAtOnce(ids []string, instances ...service) map[int]int {
	var mu sync.Mutex
	var wg sync.WaitGroup
	got := map[int]int{}
	for i, id := range ids {
		wg.Go(func() {
			status, _ := instances[i%len(instances)].do("main", "DELETE", "/Users/"+id, "")
			mu.Lock()
			defer mu.Unlock()
			got[status]++
		})
	}
	wg.Wait()
	return got
}
