package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/storetest"
)

// check compares what was acknowledged with what is there, and the tables with
// each other.
func check(ctx context.Context, s *sqlstore.Store, acked map[string][]schema.ID) error {
	users, err := scanUsers(ctx, s)
	if err != nil {
		return err
	}
	journal, err := readJournal(ctx, s)
	if err != nil {
		return err
	}
	members, groups, err := readMembers(ctx, s)
	if err != nil {
		return err
	}
	var errs []error
	report := func(what string, id schema.ID) { errs = append(errs, fmt.Errorf("%s: %s", what, id)) }
	for _, id := range acked["user"] {
		if users[id] == nil {
			report("an acknowledged user is lost", id)
		}
	}
	for _, id := range acked["member"] {
		if !members[id] {
			report("an acknowledged membership is lost", id)
		}
	}
	for _, id := range acked["group"] {
		if !groups[id] {
			report("an acknowledged group is lost", id)
		}
	}
	for id := range members {
		if users[id] == nil {
			report("a member does not exist", id)
		}
	}
	for id, n := range journal {
		if users[id] == nil || n != 1 {
			report("the journal has an entry too many", id)
		}
	}
	for id, user := range users {
		if journal[id] == 0 {
			report("a user has no journal entry", id)
		}
		if err := checkUser(ctx, s, user, members[id]); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func scanUsers(ctx context.Context, s *sqlstore.Store) (map[schema.ID]*schema.Resource, error) {
	users := map[schema.ID]*schema.Resource{}
	for user, err := range s.Scan(ctx, "User", "") {
		if err != nil {
			return nil, err
		}
		users[user.ID()] = user
	}
	return users, nil
}

func readJournal(ctx context.Context, s *sqlstore.Store) (map[schema.ID]int, error) {
	log, err := s.Journal()
	if err != nil {
		return nil, err
	}
	entries := map[schema.ID]int{}
	for e, err := range log.Read(ctx, 0) {
		if err != nil {
			return nil, err
		}
		entries[e.Ref.ID]++
	}
	return entries, nil
}

// readMembers reads who is in some group. A group that a bulk request has made
// has all its members.
func readMembers(ctx context.Context, s *sqlstore.Store) (members map[schema.ID]bool, groups map[schema.ID]bool, err error) {
	members, groups = map[schema.ID]bool{}, map[schema.ID]bool{}
	links, _ := store.LinksOf(storetest.GroupType(), "members")
	for g, err := range s.Scan(ctx, "Group", "") {
		if err != nil {
			return nil, nil, err
		}
		groups[g.ID()] = true
		n := 0
		for e, err := range s.ReadValues(ctx, store.RefOf(g), links.List) {
			if err != nil {
				return nil, nil, err
			}
			members[links.ID(e)] = true
			n++
		}
		if name := g.Get(g.Type().MustPath("displayName")).Text(); strings.HasPrefix(name, bulkGroup) && n != bulkMembers {
			return nil, nil, fmt.Errorf("group %s has %d members of %d", g.ID(), n, bulkMembers)
		}
	}
	return members, groups, nil
}

// checkUser looks for a user by its key, and at its side of the membership.
func checkUser(ctx context.Context, s *sqlstore.Store, user *schema.Resource, member bool) error {
	name := user.Get(user.Type().MustPath("userName")).Text()
	f, err := filter.Parse(user.Type(), fmt.Sprintf("userName eq %q", name), nil)
	if err != nil {
		return err
	}
	page, err := s.Query(ctx, store.Query{Type: "User", Filter: f, Count: 2})
	if err != nil {
		return err
	}
	if len(page.Resources) != 1 || page.Resources[0].ID() != user.ID() {
		return fmt.Errorf("%d users are found by the name of %s", len(page.Resources), user.ID())
	}
	if got := user.Get(user.Type().MustPath("groups")).Len() > 0; got != member {
		return fmt.Errorf("user %s and the group do not agree on its membership", user.ID())
	}
	return nil
}
