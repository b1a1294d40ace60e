package main

import (
	"fmt"

	"github.com/muster-scim/muster/schema"
)

// json is the body that creates or replaces the user.
func (u *user) json() string {
	return fmt.Sprintf(`{"schemas":[%q],"userName":%q,"externalId":%q,"title":%q,"active":%t,"emails":[{"type":"work","value":"%s@example.com","primary":true}]}`,
		schema.UserURN, u.userName, u.externalID, u.title, u.active, u.userName)
}

// compare says how what is served differs from the model.
func (u *user) compare(m message) string {
	served := user{id: m.ID, userName: m.UserName, externalID: m.ExternalID, title: m.Title, active: m.Active}
	groups := make(map[string]bool)
	for _, g := range m.Groups {
		groups[g.Value] = true
	}
	want := *u
	want.groups = nil
	if fmt.Sprint(served) != fmt.Sprint(want) || fmt.Sprint(groups) != fmt.Sprint(u.groups) || len(m.Groups) != len(groups) {
		return fmt.Sprintf("want %+v, got %+v in groups %v", *u, served, groups)
	}
	return ""
}
