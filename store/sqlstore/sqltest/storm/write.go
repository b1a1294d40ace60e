package main

import (
	"context"
	"errors"
	"fmt"
	"io"

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
// member of the group, and says so after each.
func write(ctx context.Context, out io.Writer, s *sqlstore.Store, name string) error {
	for n := 0; ; n++ {
		id, err := makeUser(ctx, s, fmt.Sprintf("%s-%d", name, n))
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, "user", id); err != nil {
			return err
		}
		if err := join(ctx, s, id); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, "member", id); err != nil {
			return err
		}
	}
}

func makeUser(ctx context.Context, s *sqlstore.Store, name string) (id schema.ID, err error) {
	b := storetest.UserType().New()
	if err := b.Set(storetest.UserType().MustPath("userName"), schema.String(string(store.NewID())+name)); err != nil {
		return "", err
	}
	err = s.InTx(ctx, func(ctx context.Context, tx store.Store) error {
		user, err := tx.Create(ctx, b.Resource(), store.Write{})
		if err != nil {
			return err
		}
		id = user.ID()
		log, err := store.Journal(tx)
		if err != nil {
			return err
		}
		return log.Append(ctx, store.Entry{Time: user.Created(), Kind: "created", Ref: store.RefOf(user)})
	})
	return id, err
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
