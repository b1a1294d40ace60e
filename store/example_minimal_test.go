package store_test

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// minimalStore is a complete store: a map and a mutex. Everything else that a
// SCIM service needs comes from the fallbacks.
type minimalStore struct {
	mu        sync.RWMutex
	resources map[store.Ref]*schema.Resource
}

func newMinimalStore() *minimalStore {
	return &minimalStore{resources: map[store.Ref]*schema.Resource{}}
}

func (s *minimalStore) Get(ctx context.Context, ref store.Ref) (*schema.Resource, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r, ok := s.resources[ref]
	if !ok {
		return nil, store.ErrNotFound
	}
	return r, nil
}

func (s *minimalStore) Create(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r = w.Stamp(nil, r)
	if _, taken := s.resources[store.RefOf(r)]; taken {
		return nil, &store.ConflictError{Path: "id", Existing: store.RefOf(r)}
	}
	return s.put(ctx, r, w)
}

func (s *minimalStore) Replace(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, ok := s.resources[store.RefOf(r)]
	if !ok {
		return nil, store.ErrNotFound
	}
	if err := w.Check(old); err != nil {
		return nil, err
	}
	return s.put(ctx, w.Stamp(old, r), w)
}

// put stores r unless another resource has one of its keys.
func (s *minimalStore) put(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
	keys := w.Keys(r)
	for ref, other := range s.resources {
		if ref.Type != r.Type().Name() || ref.ID == r.ID() {
			continue
		}
		for _, key := range w.Keys(other) {
			if slices.Contains(keys, key) {
				return nil, &store.ConflictError{Path: key.Path.String(), Existing: ref}
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.resources[store.RefOf(r)] = r
	return r, nil
}

func (s *minimalStore) Delete(ctx context.Context, ref store.Ref, w store.Write) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, ok := s.resources[ref]
	if !ok {
		return store.ErrNotFound
	}
	if err := w.Check(old); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	delete(s.resources, ref)
	return nil
}

func (s *minimalStore) Scan(ctx context.Context, resourceType string, afterID schema.ID) iter.Seq2[*schema.Resource, error] {
	return func(yield func(*schema.Resource, error) bool) {
		s.mu.RLock()
		refs := slices.SortedFunc(maps.Keys(s.resources), store.Ref.Compare)
		s.mu.RUnlock()
		for _, ref := range refs {
			if ref.Type != resourceType || ref.ID <= afterID {
				continue
			}
			r, err := s.Get(ctx, ref)
			if err == store.ErrNotFound {
				continue // deleted meanwhile
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// A map with a mutex answers queries, pages and keeps groups.
func Example_minimalStore() {
	ctx := context.Background()
	users, groups := schema.UserDefinition().MustCompile(), schema.GroupDefinition().MustCompile()
	s := store.Relate(newMinimalStore(), store.GroupMembers())

	var members string
	for _, name := range []string{"carol", "anna", "bob"} {
		r, _, _ := users.Decode([]byte(`{"userName": "`+name+`"}`), nil)
		r, _ = s.Create(ctx, r, store.Write{})
		members += `{"value": "` + string(r.ID()) + `"},`
	}
	r, _, _ := groups.Decode([]byte(`{"displayName": "Staff", "members": [`+members[:len(members)-1]+`]}`), nil)
	_, err := s.Create(ctx, r, store.Write{})
	fmt.Println("created:", err)

	userName, _ := users.Path("userName")
	page, err := store.RunQuery(ctx, s, store.Query{
		Type:   "User",
		Filter: filter.MustParse(users, `groups.display eq "staff" and userName ne "bob"`),
		Sort:   filter.Sort{By: userName}, Count: 10, Total: true,
	})
	fmt.Println("found:", page.Total, err)
	for _, r := range page.Resources {
		fmt.Println(r.Get(userName))
	}
	// Output:
	// created: <nil>
	// found: 2 <nil>
	// anna
	// carol
}
