package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/storetest"
)

// group is the one that all writers change.
var group = store.Ref{Type: "Group", ID: "everyone"}

// prepare makes the group.
func prepare(ctx context.Context, s *sqlstore.Store) error {
	b := storetest.GroupType().New()
	b.SetID(group.ID)
	if err := b.Set(storetest.GroupType().MustPath("displayName"), schema.String("Everyone")); err != nil {
		return err
	}
	_, err := s.Create(ctx, b.Resource(), store.Write{})
	if errors.Is(err, store.ErrConflict) {
		return nil
	}
	return err
}

// write makes users, each with a journal entry in one transaction, and then a
// member of the group, and says so after each. Every third time it makes some by
// a bulk request.
func write(ctx context.Context, out io.Writer, s *sqlstore.Store, name string) error {
	h, err := handler(s)
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		if n%3 == 2 {
			if err := bulk(ctx, out, h); err != nil {
				return err
			}
			continue
		}
		id, err := makeUser(ctx, s, fmt.Sprintf("%s%s-%d", store.NewID(), name, n))
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, "user", id); err != nil {
			return err
		}
		if err := insist(ctx, func(bool) error { return join(ctx, s, id) }); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, "member", id); err != nil {
			return err
		}
	}
}

// insist calls fn until the database is there and has said what happened. fn is
// told whether it may have happened before.
func insist(ctx context.Context, fn func(again bool) error) error {
	const patience, pause = 2 * time.Minute, 20 * time.Millisecond
	start := time.Now()
	for again := false; ; again = true {
		err := fn(again)
		away := errors.Is(err, store.ErrUnavailable) || errors.Is(err, store.ErrUncertain)
		if !away || time.Since(start) > patience || ctx.Err() != nil {
			return err
		}
		time.Sleep(pause)
	}
}

func makeUser(ctx context.Context, s *sqlstore.Store, name string) (id schema.ID, err error) {
	b := storetest.UserType().New()
	if err := b.Set(storetest.UserType().MustPath("userName"), schema.String(name)); err != nil {
		return "", err
	}
	err = insist(ctx, func(again bool) error {
		id, err = createUser(ctx, s, b.Resource())
		if again && errors.Is(err, store.ErrConflict) {
			id, err = findUser(ctx, s, name)
		}
		return err
	})
	return id, err
}

func createUser(ctx context.Context, s *sqlstore.Store, r *schema.Resource) (id schema.ID, err error) {
	err = s.InTx(ctx, func(ctx context.Context, tx store.Store) error {
		user, err := tx.Create(ctx, r, store.Write{})
		if err != nil {
			return err
		}
		id = user.ID()
		return note(ctx, tx, store.RefOf(user), user.Created())
	})
	return id, err
}

// note writes to the journal that a user was made.
func note(ctx context.Context, tx store.Store, ref store.Ref, at time.Time) error {
	log, err := store.Journal(tx)
	if err != nil {
		return err
	}
	return log.Append(ctx, store.Entry{Time: at, Kind: "created", Ref: ref})
}

func findUser(ctx context.Context, s *sqlstore.Store, name string) (schema.ID, error) {
	f, err := filter.Parse(storetest.UserType(), fmt.Sprintf("userName eq %q", name), nil)
	if err != nil {
		return "", err
	}
	page, err := s.Query(ctx, store.Query{Type: "User", Filter: f, Count: 2})
	if err == nil && len(page.Resources) != 1 {
		err = fmt.Errorf("%d users are called %s", len(page.Resources), name)
	}
	if err != nil {
		return "", err
	}
	return page.Resources[0].ID(), nil
}

func join(ctx context.Context, s *sqlstore.Store, id schema.ID) error {
	body := fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"members","value":[{"value":%q}]}]}`, id)
	request, err := patch.Parse([]byte(body), nil)
	if err != nil {
		return err
	}
	changes, err := request.Compile(storetest.GroupType(), nil)
	if err != nil {
		return err
	}
	only, err := storetest.GroupType().NewProjection([]string{"id"}, nil)
	if err == nil {
		_, err = store.ApplyPatch(ctx, s, store.Patch{Ref: group, Changes: changes, Projection: only}, store.Write{})
	}
	return err
}
