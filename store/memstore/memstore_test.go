package memstore_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

var (
	users  = schema.UserDefinition().MustCompile()
	groups = schema.GroupDefinition().MustCompile()
)

func path(tb testing.TB, t *schema.ResourceType, text string) schema.Path {
	tb.Helper()
	p, err := t.Path(text)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func decode(tb testing.TB, t *schema.ResourceType, body string) *schema.Resource {
	tb.Helper()
	r, _, err := t.Decode([]byte(body), nil)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func create(tb testing.TB, s store.Store, t *schema.ResourceType, body string) *schema.Resource {
	tb.Helper()
	r, err := s.Create(context.Background(), decode(tb, t, body), store.Write{})
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func createUser(tb testing.TB, s store.Store, name string) *schema.Resource {
	tb.Helper()
	return create(tb, s, users, fmt.Sprintf(`{"userName": %q, "externalId": "ext-%s"}`, name, name))
}

func createGroup(tb testing.TB, s store.Store, name string, members ...*schema.Resource) *schema.Resource {
	tb.Helper()
	return create(tb, s, groups, groupBody(name, members...))
}

func groupBody(name string, members ...*schema.Resource) string {
	var list []string
	for _, m := range members {
		list = append(list, fmt.Sprintf(`{"value": %q}`, m.ID()))
	}
	return fmt.Sprintf(`{"displayName": %q, "members": [%s]}`, name, strings.Join(list, ","))
}

// ids returns the values of a list such as members or groups.
func ids(r *schema.Resource, attribute string) (list []schema.ID) {
	links, _ := store.LinksOf(r.Type(), attribute)
	for e := range r.Values(links.List) {
		list = append(list, links.ID(e))
	}
	return list
}

func get(tb testing.TB, s store.Store, r *schema.Resource) *schema.Resource {
	tb.Helper()
	got, err := s.Get(context.Background(), store.RefOf(r))
	if err != nil {
		tb.Fatal(err)
	}
	return got
}

func compile(tb testing.TB, t *schema.ResourceType, operations string) *patch.Changes {
	tb.Helper()
	body := `{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [` + operations + `]}`
	request, err := patch.Parse([]byte(body), nil)
	if err != nil {
		tb.Fatal(err)
	}
	changes, err := request.Compile(t, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return changes
}

func applyPatch(tb testing.TB, s store.Store, r *schema.Resource, operations string) (*store.Outcome, error) {
	tb.Helper()
	p := store.Patch{Ref: store.RefOf(r), Changes: compile(tb, r.Type(), operations)}
	return store.ApplyPatch(context.Background(), s, p, store.Write{})
}

func addMember(id schema.ID) string {
	return fmt.Sprintf(`{"op": "add", "path": "members", "value": [{"value": %q}]}`, id)
}

func removeMember(id schema.ID) string {
	return fmt.Sprintf(`{"op": "remove", "path": "members[value eq \"%s\"]"}`, id)
}

// A patch of members and one of the fallback have the same results and diffs.
func TestPatchMembers(t *testing.T) {
	for _, variant := range []string{"native", "basic"} {
		t.Run(variant, func(t *testing.T) {
			var s store.Store = memstore.New(nil)
			a, b, c := createUser(t, s, "a"), createUser(t, s, "b"), createUser(t, s, "c")
			g := createGroup(t, s, "g", a)
			if variant == "basic" {
				s = store.Basic(s)
			}
			for _, step := range []struct {
				operations string
				want       []schema.ID
				changed    bool
			}{
				{addMember(b.ID()), []schema.ID{a.ID(), b.ID()}, true},
				{addMember(b.ID()), []schema.ID{a.ID(), b.ID()}, false},
				{addMember(c.ID()) + "," + removeMember(a.ID()), []schema.ID{b.ID(), c.ID()}, true},
				{removeMember(a.ID()), []schema.ID{b.ID(), c.ID()}, false},
				{`{"op": "remove", "path": "members[type eq \"User\" and value eq \"` + string(b.ID()) + `\"]"}`, []schema.ID{c.ID()}, true},
				{`{"op": "replace", "path": "members", "value": [{"value": "` + string(a.ID()) + `"}]}`, []schema.ID{a.ID()}, true},
				{`{"op": "remove", "path": "members"}`, nil, true},
				{`{"op": "replace", "path": "displayName", "value": "h"}`, nil, true},
			} {
				before := get(t, s, g)
				out, err := applyPatch(t, s, g, step.operations)
				if err != nil {
					t.Fatalf("%s: %v", step.operations, err)
				}
				if got := ids(out.Resource, "members"); !slices.Equal(got, step.want) || out.Changed != step.changed {
					t.Errorf("%s: members %v, changed %v, want %v, %v", step.operations, got, out.Changed, step.want, step.changed)
				}
				if same := out.Resource.Version() == before.Version(); same == step.changed {
					t.Errorf("%s: version kept: %v", step.operations, same)
				}
				if !get(t, s, g).Equal(out.Resource) {
					t.Errorf("%s: Get differs from the outcome", step.operations)
				}
			}
		})
	}
}

func TestUnknownMembersAndCyclesChangeNothing(t *testing.T) {
	s := memstore.New(nil)
	a := createUser(t, s, "a")
	inner := createGroup(t, s, "inner", a)
	outer := createGroup(t, s, "outer", inner)
	for _, test := range []struct {
		operations string
		want       error
	}{
		{addMember("nobody"), store.ErrUnknownMember},
		{addMember(outer.ID()), store.ErrCycle},
		{addMember(inner.ID()), store.ErrCycle},
		{`{"op": "replace", "path": "displayName", "value": "x"},` + addMember("nobody"), store.ErrUnknownMember},
	} {
		before := get(t, s, inner)
		_, err := applyPatch(t, s, inner, test.operations)
		var refused *store.MemberError
		if !errors.Is(err, test.want) || !errors.As(err, &refused) || refused.Path != "members" {
			t.Errorf("%s: error %v, want %v", test.operations, err, test.want)
		}
		if !get(t, s, inner).Equal(before) {
			t.Errorf("%s: the refused change had an effect", test.operations)
		}
	}
}

func TestSkippedMembers(t *testing.T) {
	rel := store.GroupMembers()
	rel.Unknown = store.SkipUnknownMembers
	s := memstore.New(&memstore.Config{Relations: []store.Relation{rel}})
	a := createUser(t, s, "a")
	g := createGroup(t, s, "g", a)
	var skipped []schema.ID
	w := store.Write{OnSkip: func(e *store.MemberError) { skipped = append(skipped, e.ID) }}
	p := store.Patch{Ref: store.RefOf(g), Changes: compile(t, groups, addMember("nobody"))}
	out, err := store.ApplyPatch(context.Background(), s, p, w)
	if err != nil || out.Changed || len(out.Diffs) > 0 || !slices.Equal(skipped, []schema.ID{"nobody"}) {
		t.Errorf("outcome %+v, skipped %v, error %v", out, skipped, err)
	}
	if out.Resource.Version() != g.Version() {
		t.Error("a change of nothing gave a new version")
	}
}

func TestDeleteEndsMemberships(t *testing.T) {
	s := memstore.New(nil)
	ctx := context.Background()
	a, b := createUser(t, s, "a"), createUser(t, s, "b")
	g := createGroup(t, s, "g", a, b)
	if err := s.Delete(ctx, store.RefOf(a), store.Write{}); err != nil {
		t.Fatal(err)
	}
	now := get(t, s, g)
	if got := ids(now, "members"); !slices.Equal(got, []schema.ID{b.ID()}) || now.Version() == g.Version() {
		t.Errorf("members %v, version changed: %v", got, now.Version() != g.Version())
	}
	if err := s.Delete(ctx, store.RefOf(g), store.Write{}); err != nil {
		t.Fatal(err)
	}
	if got := ids(get(t, s, b), "groups"); len(got) > 0 {
		t.Errorf("groups %v after the group is gone", got)
	}
}

func TestTrash(t *testing.T) {
	s := memstore.New(nil)
	ctx := context.Background()
	bin, err := store.Trash(s)
	if err != nil {
		t.Fatal(err)
	}
	a := createUser(t, s, "a")
	g := createGroup(t, s, "g", a)
	if err := bin.Discard(ctx, store.RefOf(a), store.Write{Version: a.Version()}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(ctx, store.RefOf(a)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Get of a discarded resource: %v", err)
	}
	second := createUser(t, s, "A")
	var conflict *store.ConflictError
	if _, err := bin.Restore(ctx, store.RefOf(a), store.Write{}); !errors.As(err, &conflict) || conflict.Path != "userName" {
		t.Errorf("Restore over a taken key: %v", err)
	}
	if err := s.Delete(ctx, store.RefOf(second), store.Write{}); err != nil {
		t.Fatal(err)
	}
	for d, err := range bin.Discarded(ctx, "User", "") {
		if err != nil || d.Resource.ID() != a.ID() {
			t.Errorf("the bin holds %v, %v", d.Resource, err)
		}
	}
	restored, err := bin.Restore(ctx, store.RefOf(a), store.Write{})
	if err != nil || restored.ID() != a.ID() || restored.Version() == a.Version() {
		t.Fatalf("restored %v, %v", restored, err)
	}
	if got := ids(get(t, s, g), "members"); len(got) > 0 {
		t.Errorf("a restored user is a member of %v again", got)
	}
	if err := bin.Purge(ctx, store.RefOf(a)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Purge of what is not in the bin: %v", err)
	}
}

func TestTransaction(t *testing.T) {
	s := memstore.New(nil)
	ctx := context.Background()
	a := createUser(t, s, "a")
	fail := errors.New("fail")
	err := store.InTx(ctx, s, func(ctx context.Context, tx store.Store) error {
		b := createUser(t, tx, "b")
		if _, err := tx.Create(ctx, decode(t, users, `{"userName": "A"}`), store.Write{}); !errors.Is(err, store.ErrConflict) {
			t.Errorf("Create with a taken key: %v", err)
		}
		if _, err := s.Get(ctx, store.RefOf(b)); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Get outside before the commit: %v", err)
		}
		get(t, tx, b)
		for r, err := range tx.Scan(ctx, "User", "") { // writing while iterating
			if err != nil {
				t.Fatal(err)
			}
			if err := tx.Delete(ctx, store.RefOf(r), store.Write{}); err != nil {
				t.Fatal(err)
			}
		}
		log, _ := store.Journal(tx)
		if err := log.Append(ctx, store.Entry{Kind: "k"}); err != nil {
			t.Fatal(err)
		}
		return fail
	})
	if !errors.Is(err, fail) {
		t.Fatal(err)
	}
	get(t, s, a)
	log, _ := store.Journal(s)
	for e := range log.Read(ctx, 0) {
		t.Errorf("entry %v of a transaction that failed", e)
	}
}

func TestJournal(t *testing.T) {
	s := memstore.New(nil)
	ctx := context.Background()
	log, _ := store.Journal(s)
	for _, kind := range []string{"a", "b", "c"} {
		if err := log.Append(ctx, store.Entry{Kind: kind}); err != nil {
			t.Fatal(err)
		}
	}
	read := func(after uint64) (kinds string, err error) {
		for e, err := range log.Read(ctx, after) {
			if err != nil {
				return kinds, err
			}
			kinds += e.Kind
		}
		return kinds, nil
	}
	if got, err := read(1); got != "bc" || err != nil {
		t.Errorf("after 1: %q, %v", got, err)
	}
	if err := log.Advance(ctx, "x", 0, 2); err != nil {
		t.Fatal(err)
	}
	if err := log.Advance(ctx, "x", 0, 3); !errors.Is(err, store.ErrVersion) {
		t.Errorf("a second process advanced: %v", err)
	}
	if n, err := log.Prune(ctx, 3); n != 2 || err != nil {
		t.Errorf("pruned %d, %v", n, err)
	}
	if got, err := read(0); got != "c" || err != nil {
		t.Errorf("from the start: %q, %v", got, err)
	}
	if _, err := read(1); !errors.Is(err, store.ErrPosition) {
		t.Errorf("after a pruned position: %v", err)
	}
	if err := log.Forget(ctx, "x"); err != nil {
		t.Fatal(err)
	}
	if n, _ := log.Prune(ctx, 3); n != 1 {
		t.Errorf("pruned %d after the consumer was forgotten", n)
	}
}

// One type name goes with one compiled type: paths of another would silently
// find nothing.
func TestAnotherTypeOfTheSameNameIsRefused(t *testing.T) {
	ctx := context.Background()
	s := memstore.New(nil)
	a := createUser(t, s, "a")
	other := schema.UserDefinition().MustCompile()
	if _, err := s.Create(ctx, decode(t, other, `{"userName": "b"}`), store.Write{}); err == nil {
		t.Error("Create took a resource of another type called User")
	}
	if _, err := s.Query(ctx, store.Query{Type: "User", Filter: filter.MustParse(other, `userName eq "a"`), Count: 1}); err == nil {
		t.Error("Query took a filter for another type called User")
	}
	p := store.Patch{Ref: store.RefOf(a), Changes: compile(t, other, `{"op": "remove", "path": "title"}`)}
	if _, err := s.Patch(ctx, p, store.Write{}); err == nil {
		t.Error("Patch took changes for another type called User")
	}
}

// A6: groups may be given unique names by the host.
func TestUniqueByTheHost(t *testing.T) {
	ctx := context.Background()
	s := memstore.New(nil)
	w := store.Write{Unique: []schema.Path{path(t, groups, "displayName")}}
	first, err := s.Create(ctx, decode(t, groups, `{"displayName": "Admins"}`), w)
	if err != nil {
		t.Fatal(err)
	}
	var conflict *store.ConflictError
	_, err = s.Create(ctx, decode(t, groups, `{"displayName": "ADMINS"}`), w)
	if !errors.As(err, &conflict) || conflict.Path != "displayName" || conflict.Existing != store.RefOf(first) {
		t.Errorf("Create with a taken name: %v", err)
	}
	second := create(t, s, groups, `{"displayName": "Others"}`)
	p := store.Patch{Ref: store.RefOf(second), Changes: compile(t, groups, `{"op": "replace", "path": "displayName", "value": "admins"}`)}
	if _, err := s.Patch(ctx, p, w); !errors.As(err, &conflict) {
		t.Errorf("Patch to a taken name: %v", err)
	}
}

func TestTenantsAreApart(t *testing.T) {
	var tenants memstore.Tenants
	a := createUser(t, tenants.Tenant("a"), "x")
	if first := tenants.Tenant("a"); first != tenants.Tenant("a") {
		t.Error("a tenant has two stores")
	}
	if _, err := tenants.Tenant("b").Get(context.Background(), store.RefOf(a)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("tenant b reads what tenant a has: %v", err)
	}
}

// What is stored is handed out as it is.
func TestPointReadAllocatesNothing(t *testing.T) {
	ctx := context.Background()
	s := memstore.New(nil)
	createGroup(t, s, "g", createUser(t, s, "a"))
	ref := store.RefOf(createUser(t, s, "b"))
	allocs := testing.AllocsPerRun(100, func() {
		if _, err := s.Get(ctx, ref); err != nil {
			t.Fatal(err)
		}
	})
	if allocs > 0 {
		t.Errorf("%v allocations for a user without groups", allocs)
	}
}
