package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/storetest"
)

// check compares what was acknowledged with what is there, and the tables with
// each other.
func check(ctx context.Context, t *target, acked acks) error {
	there, err := look(ctx, t.tables)
	if err != nil {
		return err
	}
	found := append(there.missing(acked), there.contradictions()...)
	return errors.Join(append(found, there.lookUp(ctx, t.tables), t.countFaults(ctx))...)
}

// content is what is there.
type content struct {
	users            map[schema.ID]*schema.Resource
	created, deleted map[schema.ID]int // entries of the journal
	members, groups  map[schema.ID]bool
}

// look reads everything in a transaction, which waits for what the last writers
// left behind.
func look(ctx context.Context, s store.TxStore) (c *content, err error) {
	err = s.InTx(ctx, func(ctx context.Context, tx store.Store) error {
		c, err = read(ctx, tx)
		return err
	})
	return c, err
}

func read(ctx context.Context, s store.Store) (*content, error) {
	c := &content{map[schema.ID]*schema.Resource{}, map[schema.ID]int{}, map[schema.ID]int{}, map[schema.ID]bool{}, map[schema.ID]bool{}}
	for user, err := range s.Scan(ctx, "User", "") {
		if err != nil {
			return nil, err
		}
		c.users[user.ID()] = user
	}
	if err := c.readJournal(ctx, s); err != nil {
		return nil, err
	}
	return c, c.readGroups(ctx, s)
}

func (c *content) readJournal(ctx context.Context, s store.Store) error {
	log, err := store.Journal(s)
	if err != nil {
		return err
	}
	entries := map[string]map[schema.ID]int{noteCreated: c.created, noteDeleted: c.deleted}
	for e, err := range log.Read(ctx, 0) {
		if err != nil {
			return err
		}
		entries[e.Kind][e.Ref.ID]++
	}
	return nil
}

// readGroups reads who is in some group. A group that a bulk request has made has
// all its members.
func (c *content) readGroups(ctx context.Context, s store.Store) error {
	links, _ := store.LinksOf(storetest.GroupType(), "members")
	for g, err := range s.Scan(ctx, "Group", "") {
		if err != nil {
			return err
		}
		c.groups[g.ID()] = true
		n := 0
		for e, err := range store.ReadValues(ctx, s, store.RefOf(g), links.List) {
			if err != nil {
				return err
			}
			c.members[links.ID(e)] = true
			n++
		}
		if name := g.Get(g.Type().MustPath("displayName")).Text(); strings.HasPrefix(name, bulkGroup) && n != bulkMembers {
			return fmt.Errorf("group %s has %d members of %d", g.ID(), n, bulkMembers)
		}
	}
	return nil
}

// missing returns what was acknowledged and is not there.
func (c *content) missing(acked acks) (found []error) {
	kept := map[string]func(schema.ID) bool{
		"user":    func(id schema.ID) bool { return c.users[id] != nil || c.deleted[id] > 0 },
		"member":  func(id schema.ID) bool { return c.members[id] },
		"group":   func(id schema.ID) bool { return c.groups[id] },
		"patched": func(id schema.ID) bool { return c.users[id] == nil || changed(c.users[id]) > 0 },
		"deleted": func(id schema.ID) bool { return c.users[id] == nil },
	}
	for what, ids := range acked {
		for _, id := range ids {
			if !kept[what](id) {
				found = append(found, fmt.Errorf("acknowledged and lost: %s %s", what, id))
			}
		}
	}
	return found
}

// contradictions returns what does not fit together, acknowledged or not.
func (c *content) contradictions() (found []error) {
	report := func(id schema.ID, what string) { found = append(found, fmt.Errorf("%s: %s", id, what)) }
	for id := range c.members {
		if c.users[id] == nil {
			report(id, "a member does not exist")
		}
	}
	for id, n := range c.created {
		there := 0
		if c.users[id] != nil {
			there = 1
		}
		if n != 1 || n-c.deleted[id] != there {
			report(id, "the journal and the users do not agree")
		}
	}
	for id := range c.deleted {
		if c.created[id] == 0 {
			report(id, "a user was deleted who was never created")
		}
	}
	for id, user := range c.users {
		if c.created[id] == 0 {
			report(id, "a user has no entry in the journal")
		}
		if n := changed(user); n != 0 && n != changedParts {
			report(id, "a user has a part of a change")
		}
		if (user.Get(user.Type().MustPath("groups")).Len() > 0) != c.members[id] {
			report(id, "user and group do not agree on the membership")
		}
	}
	return found
}

// lookUp looks for each user by the name.
func (c *content) lookUp(ctx context.Context, s store.QueryStore) error {
	for id, user := range c.users {
		found, err := findUser(ctx, s, user.Get(user.Type().MustPath("userName")).Text())
		if err == nil && found != id {
			err = fmt.Errorf("%s is found by the name of %s", found, id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
