package storetest_test

import (
	"context"
	"iter"
	"maps"
	"slices"
	"sync"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// flawed is a simple store whose handling of unique keys can be broken.
type flawed struct {
	// keys are what it compares; nil means Write.Keys.
	keys func(store.Write, *schema.Resource) []schema.Key
	// self makes a resource conflict with itself.
	self bool
	// racy looks for conflicts and writes in two steps.
	racy bool
	// never gives keys free, if it is not nil.
	never map[schema.Key]schema.ID
	// err is the conflict that it reports; nil means a *ConflictError.
	err error

	mu        sync.Mutex
	resources map[store.Ref]*schema.Resource
}

// inside makes the flawed store the inner one of a broken one.
func inside(f func() *flawed) func(*broken) {
	return func(b *broken) {
		s := f()
		s.resources = map[store.Ref]*schema.Resource{}
		b.Inner = s
	}
}

func (s *flawed) Get(_ context.Context, ref store.Ref) (*schema.Resource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.resources[ref]; ok {
		return r, nil
	}
	return nil, store.ErrNotFound
}

func (s *flawed) Create(_ context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
	return s.put(w, nil, r)
}

func (s *flawed) Replace(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
	old, err := s.Get(ctx, store.RefOf(r))
	if err != nil {
		return nil, err
	}
	return s.put(w, old, r)
}

func (s *flawed) put(w store.Write, old, r *schema.Resource) (*schema.Resource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r = w.Stamp(old, r)
	if err := s.conflict(w, r); err != nil {
		return nil, err
	}
	if s.racy {
		s.mu.Unlock()
		pause()
		s.mu.Lock()
	}
	if old != nil {
		if err := w.Check(s.resources[store.RefOf(r)]); err != nil {
			return nil, err
		}
	}
	if s.never != nil {
		for _, key := range w.Keys(r) {
			s.never[key] = r.ID()
		}
	}
	s.resources[store.RefOf(r)] = r
	return r, nil
}

func (s *flawed) conflict(w store.Write, r *schema.Resource) error {
	keys := s.keys
	if keys == nil {
		keys = store.Write.Keys
	}
	mine := keys(w, r)
	for _, key := range mine {
		if owner, ok := s.never[key]; ok && owner != r.ID() {
			return &store.ConflictError{Path: key.Path.String()}
		}
	}
	for ref, other := range s.resources {
		if ref.Type != r.Type().Name() || ref.ID == r.ID() && !s.self {
			continue
		}
		for _, key := range keys(w, other) {
			if slices.Contains(mine, key) {
				if s.err != nil {
					return s.err
				}
				return &store.ConflictError{Path: key.Path.String()}
			}
		}
	}
	return nil
}

func (s *flawed) Delete(_ context.Context, ref store.Ref, _ store.Write) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.resources[ref] == nil {
		return store.ErrNotFound
	}
	delete(s.resources, ref)
	return nil
}

func (s *flawed) Scan(_ context.Context, typ string, after schema.ID) iter.Seq2[*schema.Resource, error] {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*schema.Resource
	for _, ref := range slices.SortedFunc(maps.Keys(s.resources), store.Ref.Compare) {
		if ref.Type == typ && ref.ID > after {
			all = append(all, s.resources[ref])
		}
	}
	return yieldAll(all)
}

var uniqueMutants = []mutant{
	{name: "Unique/Create", flaw: "has no unique index", breakIt: inside(func() *flawed {
		return &flawed{keys: func(store.Write, *schema.Resource) []schema.Key { return nil }}
	})},
	{name: "Unique/Folding", flaw: "compares the text as it is", breakIt: inside(func() *flawed {
		return &flawed{keys: func(w store.Write, r *schema.Resource) []schema.Key {
			keys := w.Keys(r)
			for i := range keys {
				keys[i].Text = r.Get(keys[i].Path).Text()
			}
			return keys
		}}
	})},
	{name: "Unique/Absent", flaw: "stores an empty text for no value", breakIt: inside(func() *flawed {
		return &flawed{keys: func(w store.Write, r *schema.Resource) []schema.Key {
			keys := w.Keys(r)
			if len(keys) == 0 {
				keys = append(keys, schema.Key{Path: r.Type().IDPath()})
			}
			return keys
		}}
	})},
	{name: "Unique/Replace", flaw: "finds itself", breakIt: inside(func() *flawed { return &flawed{self: true} })},
	{name: "Unique/RenameFrees", flaw: "keeps the old key", breakIt: inside(func() *flawed {
		return &flawed{never: map[schema.Key]schema.ID{}}
	})},
	{name: "Unique/Patch", flaw: "does not say which", breakIt: inside(func() *flawed { return &flawed{err: store.ErrConflict} })},
	{name: "Unique/HostsOwn", flaw: "looks at the schema only", breakIt: inside(func() *flawed {
		return &flawed{keys: func(_ store.Write, r *schema.Resource) []schema.Key { return r.Keys() }}
	})},
	{name: "Unique/OneWinner", flaw: "looks before it writes", breakIt: inside(func() *flawed { return &flawed{racy: true} })},
	{name: "Unique/RenameRace", flaw: "looks before it writes", breakIt: inside(func() *flawed { return &flawed{racy: true} })},
}
