package memstore_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
	"github.com/muster-scim/muster/store/memstore/internal/cow"
)

// colliding returns two texts with the same hash, which is only of 32 bits.
func colliding() (a, b string) {
	seen := map[uint32]string{}
	for i := 0; ; i++ {
		text := "user" + strconv.Itoa(i)
		hash := cow.Hash(text)
		if other, ok := seen[hash]; ok {
			return other, text
		}
		seen[hash] = text
	}
}

// Keys with one hash are still different keys: of two users, of one user, and of
// many users that share one of them.
func TestKeysWithOneHash(t *testing.T) {
	a, b := colliding()
	s := memstore.New(&memstore.Config{Indexes: []string{"emails.value"}})
	both := fmt.Sprintf(`"emails": [{"value": %q}, {"value": %q}]`, a, b)
	one := create(t, s, users, fmt.Sprintf(`{"userName": %q, %s}`, a, both))
	two := create(t, s, users, fmt.Sprintf(`{"userName": %q, %s}`, b, both))
	three := create(t, s, users, fmt.Sprintf(`{"userName": "three", "emails": [{"value": %q}]}`, b))
	counts := func(want map[string]int) {
		t.Helper()
		for text, n := range want {
			page, err := s.Query(context.Background(), store.Query{Type: "User", Filter: filter.MustParse(users, text), Count: 10, Total: true})
			if err != nil || page.Total != n || len(page.Resources) != n {
				t.Errorf("%s: %d of %d, want %d, %v", text, len(page.Resources), page.Total, n, err)
			}
		}
	}
	nameA, nameB := fmt.Sprintf("userName eq %q", a), fmt.Sprintf("userName eq %q", b)
	mailA, mailB := fmt.Sprintf("emails.value eq %q", a), fmt.Sprintf("emails.value eq %q", b)
	counts(map[string]int{nameA: 1, nameB: 1, mailA: 2, mailB: 3})

	mustPatch(t, s, one, fmt.Sprintf(`{"op": "remove", "path": "emails[value eq \"%s\"]"}`, b))
	counts(map[string]int{nameA: 1, nameB: 1, mailA: 2, mailB: 2})
	mustPatch(t, s, two, fmt.Sprintf(`{"op": "remove", "path": "emails[value eq \"%s\"]"}`, a))
	counts(map[string]int{mailA: 1, mailB: 2})
	if err := s.Delete(context.Background(), store.RefOf(three), store.Write{}); err != nil {
		t.Fatal(err)
	}
	counts(map[string]int{mailA: 1, mailB: 1})
	mustPatch(t, s, one, `{"op": "replace", "path": "userName", "value": "new"}`)
	counts(map[string]int{nameA: 0, nameB: 1, `userName eq "new"`: 1})
	if err := s.Delete(context.Background(), store.RefOf(two), store.Write{}); err != nil {
		t.Fatal(err)
	}
	counts(map[string]int{nameB: 0, mailA: 1, mailB: 0})
}
