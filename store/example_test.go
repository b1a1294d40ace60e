package store_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// A store stamps what it writes. The second stamp keeps the id and the time of
// creation.
func ExampleWrite_Stamp() {
	users := schema.UserDefinition().MustCompile()
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

	first := store.Write{Time: at}.Stamp(nil, users.New().Resource())
	second := store.Write{Time: at.Add(time.Hour)}.Stamp(first, users.New().Resource())

	fmt.Println(second.ID() == first.ID(), second.Version() == first.Version())
	fmt.Println(second.Created().Format(time.TimeOnly), second.LastModified().Format(time.TimeOnly))
	fmt.Println(errors.Is(store.Write{Version: first.Version()}.Check(second), store.ErrVersion))
	// Output:
	// true false
	// 09:00:00 10:00:00
	// true
}

// An id is looked up among the users and groups; the type that a client sent
// with it is only a hint.
func ExampleRelation_Candidates() {
	fmt.Println(store.GroupMembers().Candidates(""))
	fmt.Println(store.GroupMembers().Candidates("group"))
	// Output:
	// [User Group]
	// [Group User]
}
