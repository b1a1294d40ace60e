package sqltest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/storetest"
)

// operation is one call of the contract on the fixture.
type operation struct {
	name string
	// run makes the call and returns what it read.
	run func(ctx context.Context, s store.Store) (string, error)
	// done is what run returns if it has happened before; nil if it can happen
	// any number of times with the same result.
	done error
	// adds says that it happens again each time.
	adds bool
	// needs is what the store must have; nil is nothing more than a Store.
	needs func(store.Capabilities) bool
}

var (
	ann   = store.Ref{Type: "User", ID: "ann"}
	bob   = store.Ref{Type: "User", ID: "bob"}
	zed   = store.Ref{Type: "User", ID: "zed"} // in the bin
	group = store.Ref{Type: "Group", ID: "group"}
	other = store.Ref{Type: "Group", ID: "other"}

	// always is the time of all writes, so that equal states are equal.
	always = store.Write{Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
)

func decoded(t *schema.ResourceType, id schema.ID, body string, args ...any) (*schema.Resource, error) {
	r, _, err := t.Decode(fmt.Appendf(nil, body, args...), nil)
	if err != nil {
		return nil, err
	}
	b := r.Edit()
	b.SetID(id)
	return b.Resource(), nil
}

func newUser(id schema.ID) (*schema.Resource, error) {
	return decoded(storetest.UserType(), id, `{"userName":"%s@example.com","externalId":"x-%[1]s","title":"t","emails":[{"value":"%[1]s@example.com"}]}`, id)
}

// fixture fills a tenant.
func fixture(ctx context.Context, s store.Store) error {
	var errs []error
	create := func(r *schema.Resource, err error) {
		if err == nil {
			_, err = s.Create(ctx, r, always)
		}
		errs = append(errs, err)
	}
	for _, id := range []schema.ID{"ann", "bob", "zed"} {
		create(newUser(id))
	}
	create(decoded(storetest.GroupType(), group.ID, `{"displayName":"Group","members":[{"value":"ann"},{"value":"bob"}]}`))
	create(decoded(storetest.GroupType(), other.ID, `{"displayName":"Other"}`))
	can := store.CapabilitiesOf(s)
	discard := onBin(func(ctx context.Context, b store.Bin) error { return b.Discard(ctx, zed, always) })
	begin := onLog(func(ctx context.Context, l store.Log) error {
		return errors.Join(l.Append(ctx, entry("1"), entry("2")), l.Advance(ctx, "reader", 0, 1))
	})
	if can.Trash {
		_, err := discard(ctx, s)
		errs = append(errs, err)
	}
	if can.Journal {
		_, err := begin(ctx, s)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func entry(kind string) store.Entry {
	return store.Entry{Time: always.Time, Kind: kind, Data: []byte("{}")}
}

func operations() []operation {
	return []operation{
		{name: "Create", run: createUser("new"), done: store.ErrConflict},
		{name: "Replace", run: replaceAnn},
		{name: "PatchUser", run: patched(ann, `{"op":"replace","path":"title","value":"new"},{"op":"remove","path":"emails"}`)},
		{name: "PatchMembers", run: patched(group, `{"op":"remove","path":"members[value eq \"ann\"]"},{"op":"add","path":"members","value":[{"value":"other"}]}`)},
		{name: "Nest", run: patched(other, `{"op":"add","path":"members","value":[{"value":"group"},{"value":"bob"}]}`)},
		{name: "Delete", run: func(ctx context.Context, s store.Store) (string, error) { return "", s.Delete(ctx, ann, always) }, done: store.ErrNotFound},
		{name: "Transaction", run: inOne, done: store.ErrConflict},
		{name: "Discard", run: onBin(func(ctx context.Context, b store.Bin) error { return b.Discard(ctx, bob, always) }), done: store.ErrNotFound, needs: hasTrash},
		{name: "Restore", run: onBin(func(ctx context.Context, b store.Bin) error { _, err := b.Restore(ctx, zed, always); return err }), done: store.ErrNotFound, needs: hasTrash},
		{name: "Purge", run: onBin(func(ctx context.Context, b store.Bin) error { return b.Purge(ctx, zed) }), done: store.ErrNotFound, needs: hasTrash},
		{name: "Append", run: onLog(func(ctx context.Context, l store.Log) error { return l.Append(ctx, entry("3")) }), adds: true, needs: hasJournal},
		{name: "Advance", run: onLog(func(ctx context.Context, l store.Log) error { return l.Advance(ctx, "reader", 1, 2) }), done: store.ErrVersion, needs: hasJournal},
		{name: "Forget", run: onLog(func(ctx context.Context, l store.Log) error { return l.Forget(ctx, "reader") }), needs: hasJournal},
		{name: "Prune", run: onLog(func(ctx context.Context, l store.Log) error { _, err := l.Prune(ctx, 1); return err }), needs: hasJournal},
		{name: "Get", run: getGroup},
		{name: "Query", run: findUsers},
		{name: "Scan", run: scanAll},
		{name: "Values", run: readMembers},
		{name: "Read", run: readLog, needs: hasJournal},
	}
}

func hasTrash(c store.Capabilities) bool   { return c.Trash }
func hasJournal(c store.Capabilities) bool { return c.Journal }

func createUser(id schema.ID) func(context.Context, store.Store) (string, error) {
	return func(ctx context.Context, s store.Store) (string, error) {
		r, err := newUser(id)
		if err == nil {
			_, err = s.Create(ctx, r, always)
		}
		return "", err
	}
}

func replaceAnn(ctx context.Context, s store.Store) (string, error) {
	r, err := decoded(storetest.UserType(), ann.ID, `{"userName":"ann2@example.com","externalId":"y"}`)
	if err == nil {
		_, err = s.Replace(ctx, r, always)
	}
	return "", err
}

func patched(ref store.Ref, operations string) func(context.Context, store.Store) (string, error) {
	return func(ctx context.Context, s store.Store) (string, error) {
		types := map[string]*schema.ResourceType{"User": storetest.UserType(), "Group": storetest.GroupType()}
		request, err := patch.Parse([]byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[`+operations+`]}`), nil)
		if err != nil {
			return "", err
		}
		changes, err := request.Compile(types[ref.Type], nil)
		if err == nil {
			_, err = store.ApplyPatch(ctx, s, store.Patch{Ref: ref, Changes: changes}, always)
		}
		return "", err
	}
}

// inOne makes a user, makes it a member and says so in the journal.
func inOne(ctx context.Context, s store.Store) (string, error) {
	return "", store.InTx(ctx, s, func(ctx context.Context, tx store.Store) error {
		if _, err := createUser("new")(ctx, tx); err != nil {
			return err
		}
		if _, err := patched(group, `{"op":"add","path":"members","value":[{"value":"new"}]}`)(ctx, tx); err != nil {
			return err
		}
		if !store.CapabilitiesOf(tx).Journal {
			return nil
		}
		_, err := onLog(func(ctx context.Context, l store.Log) error { return l.Append(ctx, entry("3")) })(ctx, tx)
		return err
	})
}

func onBin(fn func(context.Context, store.Bin) error) func(context.Context, store.Store) (string, error) {
	return func(ctx context.Context, s store.Store) (string, error) {
		bin, err := store.Trash(s)
		if err != nil {
			return "", err
		}
		return "", fn(ctx, bin)
	}
}

func onLog(fn func(context.Context, store.Log) error) func(context.Context, store.Store) (string, error) {
	return func(ctx context.Context, s store.Store) (string, error) {
		log, err := store.Journal(s)
		if err != nil {
			return "", err
		}
		return "", fn(ctx, log)
	}
}

// shown is everything of a resource but its version.
func shown(r *schema.Resource, err error) (string, error) {
	if err != nil {
		return "", err
	}
	text, err := r.AppendJSON(nil, &schema.Encoding{All: true})
	return normal(string(text)) + "\n", err
}

func getGroup(ctx context.Context, s store.Store) (string, error) { return shown(s.Get(ctx, group)) }

func findUsers(ctx context.Context, s store.Store) (string, error) {
	f := filter.MustParse(storetest.UserType(), `userName sw "A" or externalId eq "x-bob"`)
	page, err := store.RunQuery(ctx, s, store.Query{Type: "User", Filter: f, Count: 10, Total: true})
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, r := range page.Resources {
		text, err := shown(r, nil)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	return fmt.Sprint(b.String(), page.Total), nil
}

func scanAll(ctx context.Context, s store.Store) (string, error) {
	var b strings.Builder
	for r, err := range s.Scan(ctx, "User", "") {
		text, err := shown(r, err)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

func readMembers(ctx context.Context, s store.Store) (string, error) {
	links, _ := store.LinksOf(storetest.GroupType(), "members")
	var b strings.Builder
	for v, err := range store.ReadValues(ctx, s, group, links.List) {
		if err != nil {
			return "", err
		}
		fmt.Fprintln(&b, v)
	}
	return b.String(), nil
}

func readLog(ctx context.Context, s store.Store) (string, error) {
	log, err := store.Journal(s)
	if err != nil {
		return "", err
	}
	consumers, err := log.Consumers(ctx)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for e, err := range log.Read(ctx, 0) {
		if err != nil {
			return "", err
		}
		fmt.Fprintln(&b, e.Seq, e.Kind)
	}
	return fmt.Sprint(b.String(), consumers), nil
}
