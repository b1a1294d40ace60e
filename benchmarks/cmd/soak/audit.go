package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
)

// audit compares all that is stored with what the clients know, and the
// numbers of events with the numbers of acknowledgements.
func (s *service) audit(ctx context.Context, clients []*client) error {
	var errs []error
	created, deleted := 0, 0
	known := make(map[string]map[string]*user)
	for _, tenant := range tenants {
		known[tenant] = make(map[string]*user)
	}
	for _, c := range clients {
		created, deleted = created+c.created, deleted+c.deleted
		for _, u := range c.users {
			known[c.tenant][u.id] = u
		}
	}
	events, err := s.events(ctx)
	if err != nil {
		return err
	}
	if events.created != created {
		errs = append(errs, fmt.Errorf("%d users were created, %d creations were acknowledged", events.created, created))
	}
	if events.deleted != deleted {
		errs = append(errs, fmt.Errorf("%d users were deleted, %d deletions were acknowledged", events.deleted, deleted))
	}
	for _, tenant := range tenants {
		errs = append(errs, s.auditUsers(ctx, tenant, known[tenant]), s.auditGroups(ctx, tenant, known[tenant]))
	}
	return errors.Join(errs...)
}

// events counts what was created and deleted.
func (s *service) events(ctx context.Context) (n struct{ created, deleted int }, err error) {
	if s.database.memory != nil {
		n.created, n.deleted = int(s.created.Load()), int(s.deleted.Load())
		return n, nil
	}
	for _, tenant := range tenants {
		log, err := store.Journal(s.store(tenant))
		if err != nil {
			return n, err
		}
		seen := make(map[string]bool)
		for e, err := range log.Read(ctx, 0) {
			if err != nil {
				return n, err
			}
			if key := e.Kind + " " + string(e.Ref.ID); seen[key] {
				return n, fmt.Errorf("tenant %s: the journal says twice: %s", tenant, key)
			} else {
				seen[key] = true
			}
			if e.Kind == string(scim.OpCreate) {
				n.created++
			} else {
				n.deleted++
			}
		}
	}
	return n, nil
}

func (s *service) auditUsers(ctx context.Context, tenant string, known map[string]*user) error {
	var errs []error
	stored := 0
	for r, err := range s.store(tenant).Scan(ctx, "User", "") {
		if err != nil {
			return err
		}
		stored++
		u, ok := known[string(r.ID())]
		if !ok {
			errs = append(errs, fmt.Errorf("tenant %s: %s is stored, and nobody's", tenant, r.ID()))
			continue
		}
		if difference := u.compare(s.do(tenant, "GET", "/Users/"+string(r.ID()), "").message()); difference != "" {
			errs = append(errs, fmt.Errorf("tenant %s: %s", tenant, difference))
		}
	}
	if stored != len(known) {
		errs = append(errs, fmt.Errorf("tenant %s: %d users are stored, %d are known", tenant, stored, len(known)))
	}
	return errors.Join(errs...)
}

// auditGroups looks at memberships from the side of the groups.
func (s *service) auditGroups(ctx context.Context, tenant string, known map[string]*user) error {
	members := groupType.MustPath("members")
	id, _ := members.Sub("value")
	for _, group := range s.groups[tenant] {
		seen := make(map[string]bool)
		for v, err := range store.ReadValues(ctx, s.store(tenant), store.Ref{Type: "Group", ID: schema.ID(group)}, members) {
			if err != nil {
				return err
			}
			member := v.Get(id).Text()
			if u := known[member]; seen[member] || u == nil || !u.groups[group] {
				return fmt.Errorf("tenant %s: group %s has %s, twice (%t) or without reason", tenant, group, member, seen[member])
			}
			seen[member] = true
		}
		for _, u := range known {
			if u.groups[group] && !seen[u.id] {
				return fmt.Errorf("tenant %s: group %s has lost %s", tenant, group, u.id)
			}
		}
	}
	return nil
}
