package memstore_test

import (
	"context"
	"fmt"
	"log"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// A store needs no configuration. What Create returns is the truth: it has the
// id, the times and the version.
func Example() {
	ctx := context.Background()
	users := schema.UserDefinition().MustCompile()
	s := memstore.New(nil)

	anna, _, err := users.Decode([]byte(`{"userName": "anna@example.com"}`), nil)
	if err != nil {
		log.Fatal(err)
	}
	if anna, err = s.Create(ctx, anna, store.Write{}); err != nil {
		log.Fatal(err)
	}
	_, err = s.Create(ctx, anna.Edit().Resource(), store.Write{})
	fmt.Println(err)

	page, err := store.RunQuery(ctx, s, store.Query{
		Type: "User", Filter: filter.MustParse(users, `userName eq "ANNA@example.com"`), Count: 10, Total: true,
	})
	fmt.Println(page.Total, page.Resources[0].ID() == anna.ID(), err)
	// Output:
	// id is taken by another resource
	// 1 true <nil>
}

// Groups and their members are one relation, seen from both ends.
func Example_members() {
	ctx := context.Background()
	users, groups := schema.UserDefinition().MustCompile(), schema.GroupDefinition().MustCompile()
	s := memstore.New(nil)

	anna, _, _ := users.Decode([]byte(`{"userName": "anna", "displayName": "Anna"}`), nil)
	anna, _ = s.Create(ctx, anna, store.Write{})
	admins, _, _ := groups.Decode([]byte(`{"displayName": "Admins", "members": [{"value": "`+anna.ID()+`"}]}`), nil)
	admins, err := s.Create(ctx, admins, store.Write{})
	if err != nil {
		log.Fatal(err)
	}

	members, _ := groups.Path("members.display")
	memberships, _ := users.Path("groups.display")
	fmt.Println(admins.Get(members))
	anna, _ = s.Get(ctx, store.RefOf(anna))
	fmt.Println(anna.Get(memberships))
	// Output:
	// [Anna]
	// [Admins]
}
