package sqltest

import (
	"context"
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/storetest"
)

// A replica that has nothing yet answers lists, and nothing else.
func TestListsAreReadElsewhere(t *testing.T) {
	e := engines(t)[0]
	primary, replica := e.database(t), e.database(t)
	c := &sqlstore.Config{Types: []*schema.ResourceType{storetest.UserType()}, Indexes: []string{"title"}}
	behind, err := sqlstore.New(replica, e.dialect, c)
	if err == nil {
		err = behind.Migrate(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	c.Lists = replica
	db, err := sqlstore.New(primary, e.dialect, c)
	if err == nil {
		err = db.Migrate(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	s := db.Tenant("acme")
	user, _, err := storetest.UserType().Decode([]byte(`{"userName":"ann","externalId":"1","title":"x"}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	if user, err = s.Create(t.Context(), user, store.Write{}); err != nil {
		t.Fatal(err)
	}
	count := func(s store.Store, text string) int {
		q := store.Query{Type: "User", Count: 10, Total: true}
		if text != "" {
			q.Filter = filter.MustParse(storetest.UserType(), text)
		}
		page, err := store.RunQuery(t.Context(), s, q)
		if err != nil {
			t.Fatal(text, err)
		}
		return page.Total
	}
	for text, want := range map[string]int{"": 0, `title pr`: 0, `userName eq "ANN"`: 1, `externalId eq "1"`: 1, `title eq "X"`: 1, `title eq "x" and userName sw "a"`: 1} {
		if got := count(s, text); got != want {
			t.Errorf("%q finds %d users, want %d", text, got, want)
		}
	}
	if _, err := s.Get(t.Context(), store.RefOf(user)); err != nil {
		t.Error(err)
	}
	err = s.InTx(t.Context(), func(_ context.Context, tx store.Store) error {
		if count(tx, "") != 1 {
			t.Error("a list in a transaction does not see the user")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
