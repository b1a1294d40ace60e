package scim_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// person is a user of a bulk request with a manager, who may be anybody, also
// himself.
type person struct{ name, manager string }

func (p person) operation() string {
	manager := ""
	if p.manager != "" {
		manager = `,"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"bulkId:` + p.manager + `"}}`
	}
	return `{"method":"POST","path":"/Users","bulkId":"` + p.name + `","data":{"userName":"` + p.name + `"` + manager + `}}`
}

// Whatever refers to what, and in whatever order the operations are sent, all
// users are created and every reference arrives (7644-3.7-20, 7644-3.7-21,
// 7644-3.7.1-01, AMB-54).
func TestBulkOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(rt, "n")
		people := make([]person, n)
		for i := range people {
			people[i].name = fmt.Sprintf("u%d", i)
			if m := rapid.IntRange(-1, n-1).Draw(rt, "manager"); m >= 0 {
				people[i].manager = fmt.Sprintf("u%d", m)
			}
		}
		sent := rapid.Permutation(people).Draw(rt, "order")
		var operations []string
		for _, p := range sent {
			operations = append(operations, p.operation())
		}
		h := newHandler(t, config(t))
		w := do(t, h, "POST", "/Bulk", bulkBody(strings.Join(operations, ",")))
		if w.Code != 200 || strings.Count(w.Body.String(), `"status":"201"`) != n {
			rt.Fatalf("%d %s", w.Code, w.Body)
		}
		if got := managers(rt, do(t, h, "GET", "/Users", "").Body.Bytes()); !slices.Equal(got, people) {
			rt.Fatalf("got %v, want %v", got, people)
		}
	})
}

// managers reads a list of users back, in the order of their names.
func managers(t *rapid.T, body []byte) []person {
	var list struct {
		Resources []struct {
			ID, UserName string
			Enterprise   struct{ Manager struct{ Value string } } `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`
		}
	}
	if err := json.Unmarshal(body, &list); err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, r := range list.Resources {
		names[r.ID] = r.UserName
	}
	var people []person
	for _, r := range list.Resources {
		people = append(people, person{r.UserName, names[r.Enterprise.Manager.Value]})
	}
	slices.SortFunc(people, func(a, b person) int { return strings.Compare(a.name, b.name) })
	return people
}
