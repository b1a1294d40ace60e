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
	"github.com/muster-scim/muster/storetest"
)

// group is the one that all writers change.
var group = store.Ref{Type: "Group", ID: "everyone"}

// prepare makes the tables and the group.
func prepare(ctx context.Context, t *target) error {
	if err := t.create(ctx); err != nil {
		return err
	}
	b := storetest.GroupType().New()
	b.SetID(group.ID)
	if err := b.Set(storetest.GroupType().MustPath("displayName"), schema.String("Everyone")); err != nil {
		return err
	}
	_, err := t.tables.Create(ctx, b.Resource(), store.Write{})
	if errors.Is(err, store.ErrConflict) {
		return nil
	}
	return err
}

// write makes users by turns: one that stays, one that is deleted again, and some
// by a bulk request.
func write(ctx context.Context, out io.Writer, t *target, name string) error {
	h, err := handler(t)
	if err != nil {
		return err
	}
	w := writer{t, out}
	for n := 0; ; n++ {
		user := fmt.Sprintf("%s%s-%d", store.NewID(), name, n)
		switch n % 3 {
		case 0:
			err = w.stay(ctx, user)
		case 1:
			err = w.leave(ctx, user)
		default:
			err = bulk(ctx, out, h)
		}
		if err != nil {
			return err
		}
	}
}

// writer says what the store has acknowledged, one line for each write.
type writer struct {
	*target
	out io.Writer
}

// say tells that something was done with a user, unless it failed.
func (w writer) say(what string, id schema.ID, err error) error {
	if err == nil {
		_, err = fmt.Fprintln(w.out, what, id)
	}
	return err
}

// stay makes a user, who becomes a member and is then changed.
func (w writer) stay(ctx context.Context, name string) error {
	id, err := makeUser(ctx, w.tables, name)
	if err := w.say("user", id, err); err != nil {
		return err
	}
	if err := w.say("member", id, insist(ctx, func(bool) error { return join(ctx, w.tables, id) })); err != nil {
		return err
	}
	return w.say("patched", id, insist(ctx, func(bool) error { return change(ctx, w.tables, id) }))
}

// leave makes a user, who is deleted while becoming a member.
func (w writer) leave(ctx context.Context, name string) error {
	id, err := makeUser(ctx, w.tables, name)
	if err := w.say("user", id, err); err != nil {
		return err
	}
	if err := w.say("patched", id, insist(ctx, func(bool) error { return change(ctx, w.tables, id) })); err != nil {
		return err
	}
	joined := make(chan error, 1)
	go func() { joined <- insist(ctx, func(bool) error { return join(ctx, w.tables, id) }) }()
	err = w.say("deleted", id, insist(ctx, func(again bool) error {
		err := deleteUser(ctx, w.tables, id)
		if again && errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	}))
	if late := <-joined; !errors.Is(late, store.ErrUnknownMember) {
		err = errors.Join(err, late)
	}
	return err
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

func makeUser(ctx context.Context, s tables, name string) (id schema.ID, err error) {
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

func createUser(ctx context.Context, s tables, r *schema.Resource) (id schema.ID, err error) {
	err = s.InTx(ctx, func(ctx context.Context, tx store.Store) error {
		user, err := tx.Create(ctx, r, store.Write{})
		if err != nil {
			return err
		}
		id = user.ID()
		return note(ctx, tx, noteCreated, store.RefOf(user), user.Created())
	})
	return id, err
}

func deleteUser(ctx context.Context, s tables, id schema.ID) error {
	return s.InTx(ctx, func(ctx context.Context, tx store.Store) error {
		ref := store.Ref{Type: "User", ID: id}
		if err := tx.Delete(ctx, ref, store.Write{}); err != nil {
			return err
		}
		return note(ctx, tx, noteDeleted, ref, time.Now())
	})
}

// The entries of the journal.
const (
	noteCreated = "created"
	noteDeleted = "deleted"
)

// note writes to the journal what became of a user.
func note(ctx context.Context, tx store.Store, kind string, ref store.Ref, at time.Time) error {
	log, err := store.Journal(tx)
	if err != nil {
		return err
	}
	return log.Append(ctx, store.Entry{Time: at, Kind: kind, Ref: ref})
}

func findUser(ctx context.Context, s store.QueryStore, name string) (schema.ID, error) {
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

// join makes a user a member of the group.
func join(ctx context.Context, s store.Store, id schema.ID) error {
	return apply(ctx, s, storetest.GroupType(), group.ID, fmt.Sprintf(`{"op":"add","path":"members","value":[{"value":%q}]}`, id))
}

// changedParts is in how many places a change is to be seen.
const changedParts = 4

// change sets attributes of a user that have places of different kinds in tables
// of a service: a column, the overflow column, rows of a child table.
func change(ctx context.Context, s store.Store, id schema.ID) error {
	return apply(ctx, s, storetest.UserType(), id,
		`{"op":"add","value":{"title":"Gust","nickName":"Gusty","emails":[{"value":"gust@example.com","type":"work"},{"value":"gust@example.org","type":"home"}]}}`)
}

// changed counts the places in which a change is to be seen.
func changed(user *schema.Resource) (parts int) {
	for _, path := range []string{"title", "nickName"} {
		if user.Get(user.Type().MustPath(path)).Text() != "" {
			parts++
		}
	}
	return parts + user.Get(user.Type().MustPath("emails")).Len()
}

// apply carries out one operation of a PATCH.
func apply(ctx context.Context, s store.Store, t *schema.ResourceType, id schema.ID, operation string) error {
	request, err := patch.Parse([]byte(`{"schemas":["`+patch.MessageURN+`"],"Operations":[`+operation+`]}`), nil)
	if err != nil {
		return err
	}
	changes, err := request.Compile(t, nil)
	if err != nil {
		return err
	}
	only, err := t.NewProjection([]string{"id"}, nil)
	if err == nil {
		_, err = store.ApplyPatch(ctx, s, store.Patch{Ref: store.Ref{Type: t.Name(), ID: id}, Changes: changes, Projection: only}, store.Write{})
	}
	return err
}
