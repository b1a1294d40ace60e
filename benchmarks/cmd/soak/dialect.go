package main

import (
	"fmt"
	"net/http"
	"strings"
)

// dialect is how a client says things.
type dialect struct {
	update, activate func(*client, *user)
	add, remove      func(c *client, group string, u *user)
}

// dialects are those of Okta and of Entra ID.
var dialects = []dialect{
	{
		update: func(c *client, u *user) { c.want("PUT", "/Users/"+u.id, u.json(), http.StatusOK) },
		activate: func(c *client, u *user) {
			c.patch("/Users/"+u.id, fmt.Sprintf(`{"op":"replace","value":{"active":%t}}`, u.active))
		},
		add: func(c *client, group string, u *user) {
			c.patch("/Groups/"+group, fmt.Sprintf(`{"op":"add","path":"members","value":[{"value":%q,"display":%q}]}`, u.id, u.userName))
		},
		remove: func(c *client, group string, u *user) {
			c.patch("/Groups/"+group, fmt.Sprintf(`{"op":"remove","path":"members[value eq \"%s\"]"}`, u.id))
		},
	},
	{
		update: func(c *client, u *user) {
			c.patch("/Users/"+u.id, fmt.Sprintf(`{"op":"Replace","path":"title","value":%q},{"op":"Replace","path":"emails[type eq \"work\"].value","value":"%s@example.com"}`, u.title, u.userName))
		},
		activate: func(c *client, u *user) {
			c.patch("/Users/"+u.id, fmt.Sprintf(`{"op":"Replace","path":"active","value":%q}`, map[bool]string{true: "True", false: "False"}[u.active]))
		},
		add: func(c *client, group string, u *user) {
			c.patch("/Groups/"+group, fmt.Sprintf(`{"op":"Add","path":"members","value":[{"value":%q}]}`, u.id))
		},
		remove: func(c *client, group string, u *user) {
			c.patch("/Groups/"+group, fmt.Sprintf(`{"op":"Remove","path":"members","value":[{"value":%q}]}`, u.id))
		},
	},
}

func (c *client) patch(target, operations string) {
	c.want("PATCH", target, patchBody(operations), http.StatusOK, http.StatusNoContent)
}

func patchBody(operations string) string {
	return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` + operations + `]}`
}

// bad sends something wrong, which must be refused and change nothing.
func (c *client) bad(u *user) {
	self := "/Users/" + u.id
	requests := []struct {
		method, target, body string
		status               int
	}{
		{"POST", "/Users", u.json(), http.StatusConflict},
		{"POST", "/Users", `{"userName":`, http.StatusBadRequest},
		{"POST", "/Users", `{"displayName":"nobody"}`, http.StatusBadRequest},
		{"PUT", self, `{"userName":["a","b"]}`, http.StatusBadRequest},
		{"PATCH", self, patchBody(`{"op":"replace","path":"title","value":"lost"},{"op":"replace","path":"nothing[","value":1}`), http.StatusBadRequest},
		{"PATCH", self, patchBody(`{"op":"replace","path":"title","value":"lost"},{"op":"remove"}`), http.StatusBadRequest},
		{"PATCH", "/Groups/" + c.service.groups[c.tenant][0], patchBody(`{"op":"add","path":"members","value":[{"value":"nobody"}]}`), http.StatusBadRequest},
		{"GET", "/Users?filter=userName+eq", "", http.StatusBadRequest},
		{"GET", "/Users?filter=password+sw+%22a%22", "", http.StatusBadRequest},
		{"GET", "/Users?cursor=forged", "", http.StatusBadRequest},
		{"POST", "/Bulk", strings.Repeat("[", 100_000), http.StatusBadRequest},
		{"GET", "/Nothing", "", http.StatusNotFound},
	}
	for _, id := range c.gone {
		q := requests[0]
		q.method, q.target, q.body, q.status = "PATCH", "/Users/"+id, patchBody(`{"op":"replace","path":"active","value":true}`), http.StatusNotFound
		requests = append(requests, q)
	}
	q := requests[c.random.IntN(len(requests))]
	if a := c.do(q.method, q.target, q.body); a.status != q.status {
		c.fail(fmt.Sprintf("%s %s %.100s wants %d", q.method, q.target, q.body, q.status), a)
	}
	if a := c.do("PUT", self, u.json(), "If-Match", `W/"stale"`); a.status != http.StatusPreconditionFailed {
		c.fail("a stale version", a)
	}
}
