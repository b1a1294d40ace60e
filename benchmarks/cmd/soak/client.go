package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
)

// manyUsers is how many users a client keeps; it deletes what is more.
const manyUsers = 100

// user is what a client knows about a user of its own: the model.
type user struct {
	id, userName, externalID, title string
	active                          bool
	groups                          map[string]bool
}

// client is one identity provider. It knows what each of its users must look
// like, because nobody else changes them; groups it has in common with others.
type client struct {
	service *service
	tenant  string
	dialect dialect
	name    string // begins all its user names
	random  *rand.Rand
	users   []*user
	gone    []string // ids of deleted users
	serial  int
	created int // acknowledged
	deleted int
	failed  error
}

func (s *service) clients(seed uint64) (all []*client, err error) {
	for _, tenant := range tenants {
		for i := range clientsEach {
			c := &client{
				service: s, tenant: tenant, dialect: dialects[i%len(dialects)], name: fmt.Sprintf("c%d-", i),
				random: rand.New(rand.NewPCG(seed, uint64(len(all)))),
			}
			all = append(all, c)
		}
	}
	return all, nil
}

// fail keeps the first answer that was wrong.
func (c *client) fail(what string, a answer) {
	if c.failed == nil {
		c.failed = fmt.Errorf("client %s%s: %s: %d %.300s", c.tenant, c.name, what, a.status, a.body)
	}
}

func (c *client) do(method, target, body string, headers ...string) answer {
	return c.service.do(c.tenant, method, target, body, headers...)
}

// want sends a request that must be answered with one of the statuses. One in
// ten is repeated, as after a lost answer, which must change nothing.
func (c *client) want(method, target, body string, statuses ...int) answer {
	a := c.do(method, target, body)
	gone := a.again && method == http.MethodDelete && a.status == http.StatusNotFound
	if !slices.Contains(statuses, a.status) && !gone {
		c.fail(method+" "+target+" "+body, a)
	}
	if method != http.MethodPost && method != http.MethodDelete && c.random.IntN(10) == 0 {
		if again := c.do(method, target, body); !slices.Contains(statuses, again.status) {
			c.fail("repeated "+method+" "+target+" "+body, again)
		}
	}
	return a
}

// step does one thing.
func (c *client) step(ctx context.Context) {
	if len(c.users) == 0 {
		c.join()
		return
	}
	u := c.users[c.random.IntN(len(c.users))]
	switch n := c.random.IntN(100); {
	case n < 10:
		c.bad(u)
	case n < 25 && len(c.users) < manyUsers:
		c.join()
	case n < 30 && len(c.users) < manyUsers:
		c.joinTwice()
	case n < 33 && len(c.users) < manyUsers:
		c.joinInBulk()
	case n < 45:
		c.rename(u)
	case n < 55:
		c.toggle(u)
	case n < 75:
		c.regroup(u)
	case n < 85:
		c.leave(u)
	case n < 95:
		c.look(u)
	case n < 99:
		c.count()
	default:
		if err := c.service.restart(context.WithoutCancel(ctx)); err != nil && c.failed == nil {
			c.failed = err
		}
	}
}

func (c *client) newUser() *user {
	c.serial++
	name := fmt.Sprintf("%s%d", c.name, c.serial)
	return &user{userName: name, externalID: "x-" + name, title: "new", active: true, groups: make(map[string]bool)}
}

// join looks for a user, as all clients do, and creates it.
func (c *client) join() {
	u := c.newUser()
	if a := c.lookup(u); a.message().TotalResults != 0 {
		c.fail("found before it was created", a)
	}
	c.joined(u, c.do("POST", "/Users", u.json()))
}

// joined takes note of a new user. If it was sent again, it may be there since
// the first time.
func (c *client) joined(u *user, a answer) {
	if a.again && a.status == http.StatusConflict {
		c.found(u)
		return
	}
	if a.status != http.StatusCreated || a.id() == "" {
		c.fail("creating "+u.userName, a)
		return
	}
	c.keep(u, a.id())
}

// found takes note of a user that must be there.
func (c *client) found(u *user) {
	a := c.lookup(u)
	if page := a.message(); len(page.Resources) == 1 {
		c.keep(u, page.Resources[0].ID)
	} else {
		c.fail("it was created", a)
	}
}

func (c *client) keep(u *user, id string) {
	u.id = id
	c.created++
	c.users = append(c.users, u)
}

// joinTwice sends the same creation twice at once: one of them must win.
func (c *client) joinTwice() {
	u := c.newUser()
	other := make(chan answer)
	go func() { other <- c.do("POST", "/Users", u.json()) }()
	a, b := c.do("POST", "/Users", u.json()), <-other
	if b.status == http.StatusCreated || b.again && a.status != http.StatusCreated {
		a, b = b, a
	}
	c.joined(u, a)
	if b.status != http.StatusConflict {
		c.fail("creating it a second time", b)
	}
}

func (c *client) joinInBulk() {
	u, v := c.newUser(), c.newUser()
	operation := `{"method":"POST","path":"/Users","bulkId":%q,"data":%s}`
	body := fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[`+operation+`,`+operation+`,`+operation+`]}`,
		"1", u.json(), "2", v.json(), "3", u.json())
	a := c.want("POST", "/Bulk", body, http.StatusOK)
	results := a.message().Operations
	if a.again || slices.ContainsFunc(results, func(o outcome) bool { return o.Status == "503" }) {
		c.afterBulk(u, v)
		return
	}
	if len(results) != 3 || results[0].Status != "201" || results[1].Status != "201" || results[2].Status != "409" {
		c.fail("bulk", a)
		return
	}
	c.found(u)
	c.found(v)
}

// afterBulk creates what a bulk request may have left out.
func (c *client) afterBulk(users ...*user) {
	for _, u := range users {
		if c.lookup(u).message().TotalResults == 0 {
			c.joined(u, c.do("POST", "/Users", u.json()))
		} else {
			c.found(u)
		}
	}
}

func (c *client) rename(u *user) {
	c.serial++
	u.title = fmt.Sprintf("title %d", c.serial)
	c.dialect.update(c, u)
}

func (c *client) toggle(u *user) {
	u.active = !u.active
	c.dialect.activate(c, u)
}

func (c *client) regroup(u *user) {
	groups := c.service.groups[c.tenant]
	group := groups[c.random.IntN(len(groups))]
	if u.groups[group] {
		delete(u.groups, group)
		c.dialect.remove(c, group, u)
	} else {
		u.groups[group] = true
		c.dialect.add(c, group, u)
	}
}

// leave deletes a user, and tries to do so again.
func (c *client) leave(u *user) {
	c.want("DELETE", "/Users/"+u.id, "", http.StatusNoContent)
	c.deleted++
	c.want("DELETE", "/Users/"+u.id, "", http.StatusNotFound)
	c.users = slices.DeleteFunc(c.users, func(v *user) bool { return v == u })
	c.gone = append(c.gone[max(0, len(c.gone)-10):], u.id)
}

func (c *client) lookup(u *user) answer {
	return c.want("GET", "/Users?filter="+url.QueryEscape(fmt.Sprintf("userName eq %q", u.userName)), "", http.StatusOK)
}

// look compares a user with the model, by id and by name.
func (c *client) look(u *user) {
	a := c.want("GET", "/Users/"+u.id, "", http.StatusOK)
	if difference := u.compare(a.message()); difference != "" {
		c.fail(difference, a)
	}
	a = c.lookup(u)
	if page := a.message(); page.TotalResults != 1 || len(page.Resources) != 1 || page.Resources[0].ID != u.id {
		c.fail("looking up "+u.userName, a)
	}
}

// count reads all its users by cursor.
func (c *client) count() {
	seen := make(map[string]bool)
	target := "/Users?count=30&attributes=userName&filter=" + url.QueryEscape(fmt.Sprintf("userName sw %q", c.name)) + "&cursor="
	for cursor, more := "", true; more && c.failed == nil; more = cursor != "" {
		page := c.want("GET", target+url.QueryEscape(cursor), "", http.StatusOK).message()
		for _, r := range page.Resources {
			seen[r.ID] = true
		}
		cursor = page.NextCursor
	}
	for _, u := range c.users {
		if !seen[u.id] || len(seen) != len(c.users) {
			c.fail(fmt.Sprintf("paging found %d users of %d", len(seen), len(c.users)), answer{})
		}
	}
}
