package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/scimtest"
	"github.com/muster-scim/muster/store"
)

const (
	token       = "soak"
	tracesToken = "traces"
	groupsEach  = 4 // groups of a tenant, common to its clients
	clientsEach = 4 // clients of a tenant
)

var (
	userType  = schema.UserDefinition().MustCompile()
	groupType = schema.GroupDefinition().MustCompile()
	tenants   = []string{"a", "b"}
)

// service is the server under load.
type service struct {
	database    *database
	current     atomic.Pointer[instance]
	calm        *instance // for the traces, which know no outages
	server      server
	groups      map[string][]string // ids, by tenant
	created     atomic.Int64        // users, by the events of their creation, where there is no journal
	deleted     atomic.Int64
	requests    atomic.Int64
	unavailable atomic.Int64 // answers with 503
	restarts    atomic.Int64
	traces      atomic.Int64

	mu          sync.Mutex
	traceFailed error
}

// instance is one process of the service.
type instance struct {
	handler *scim.Handler
	*process
}

func newService(ctx context.Context, d *database) (s *service, err error) {
	s = &service{database: d, groups: make(map[string][]string)}
	if s.calm, err = s.start(ctx); err != nil {
		return nil, err
	}
	if err := s.restart(ctx); err != nil {
		return nil, err
	}
	for _, tenant := range tenants {
		for i := range groupsEach {
			a := s.do(tenant, "POST", "/Groups", fmt.Sprintf(`{"schemas":[%q],"displayName":"Group %d"}`, schema.GroupURN, i))
			if a.status != http.StatusCreated {
				return nil, fmt.Errorf("creating a group: %d %s", a.status, a.body)
			}
			s.groups[tenant] = append(s.groups[tenant], a.id())
		}
	}
	return s, nil
}

// close ends the processes.
func (s *service) close() error { return errors.Join(s.current.Load().close(), s.calm.close()) }

// restart replaces the process by one that knows nothing but its configuration.
// The connections of the old one are closed under whoever uses them.
func (s *service) restart(ctx context.Context) error {
	next, err := s.start(ctx)
	for begin := time.Now(); errors.Is(err, store.ErrUnavailable) && time.Since(begin) < patience; {
		time.Sleep(firstPause)
		next, err = s.start(ctx)
	}
	if err != nil {
		return err
	}
	s.restarts.Add(1)
	if old := s.current.Swap(next); old != nil {
		return old.close()
	}
	return nil
}

// start makes a process.
func (s *service) start(ctx context.Context) (*instance, error) {
	p, err := s.database.open(ctx)
	if err != nil {
		return nil, err
	}
	var tokens []scim.Token
	for _, tenant := range tenants {
		tokens = append(tokens, scim.Token{ID: tenant, Hash: scim.HashToken(token + tenant), Tenant: store.TenantID(tenant)})
	}
	tokens = append(tokens, scim.Token{ID: "traces", Hash: scim.HashToken(tracesToken), Tenant: "traces"})
	bearer, err := scim.NewBearerTokens(tokens...)
	if err != nil {
		return nil, err
	}
	h, err := scim.New(scim.Config{
		Types: []*schema.ResourceType{userType, groupType}, Authenticate: bearer.Authenticate,
		BaseURL: "https://soak.example/scim", CursorKey: []byte("the same in each process"),
		StoreFor: func(_ *http.Request, actor *scim.Actor) (scim.Tenant, error) {
			return scim.Tenant{ID: actor.Tenant, Store: p.tenant(actor.Tenant)}, nil
		},
		Discovery: scim.DiscoverNothing,
		OnCommit:  s.record,
		Logger:    slog.New(slog.DiscardHandler),
	})
	return &instance{h, p}, err
}

// store returns the store of a tenant.
func (s *service) store(tenant string) store.Store {
	return s.current.Load().tenant(store.TenantID(tenant))
}

// record keeps what was created and deleted: in the transaction of the change
// where there is a database, and else as a number.
func (s *service) record(ctx context.Context, e *scim.Event) error {
	if e.Ref.Type != "User" || e.Tenant == "traces" || e.Operation != scim.OpCreate && e.Operation != scim.OpDelete {
		return nil
	}
	switch {
	case s.database.memory == nil:
		log, err := store.Journal(e.Tx)
		if err != nil {
			return err
		}
		return log.Append(ctx, store.Entry{Time: e.Time, Kind: string(e.Operation), Ref: e.Ref})
	case e.Operation == scim.OpCreate:
		s.created.Add(1)
	default:
		s.deleted.Add(1)
	}
	return nil
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.current.Load().handler.ServeHTTP(w, r)
}

// replay runs the recorded traces of the two clients until ctx ends.
func (s *service) replay(ctx context.Context) {
	target := scimtest.Target{Handler: s.calm.handler, BaseURL: "https://soak.example/scim", Token: tracesToken}
	for ctx.Err() == nil {
		s.server.up.RLock()
		report, err := scimtest.Check(ctx, target, &scimtest.Options{
			IdPs: []string{"okta", "entra"}, Rounds: 1,
			Match: func(c scimtest.Case) bool { return c.IdP != "" },
		})
		s.server.up.RUnlock()
		if ctx.Err() != nil {
			return // what was cut off says nothing
		}
		if err == nil && !report.OK() {
			err = failures(report)
		}
		s.traces.Add(1)
		s.mu.Lock()
		if err != nil && s.traceFailed == nil {
			s.traceFailed = err
		}
		s.mu.Unlock()
	}
}

// failures is what went wrong in the traces, in words.
func failures(report *scimtest.Report) error {
	var text strings.Builder
	err := report.WriteText(&text, false)
	return errors.Join(errors.New("traces:\n"+text.String()), err)
}

func (s *service) traceFailure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.traceFailed
}

// work runs all clients until they are done.
func (s *service) work(ctx context.Context, clients []*client, o options) *growth {
	replaying, stop := context.WithCancel(ctx)
	var beside, wg sync.WaitGroup
	g := &growth{}
	beside.Go(func() { s.replay(replaying) })
	beside.Go(func() { g.watch(replaying, o.duration/10) })
	beside.Go(func() { s.server.crashes(replaying, o.restart, o.duration/7) })
	for _, c := range clients {
		wg.Go(func() {
			for n := 0; ctx.Err() == nil && c.failed == nil && (o.steps == 0 || n < o.steps); n++ {
				c.step(ctx)
			}
		})
	}
	wg.Wait()
	stop()
	beside.Wait()
	g.last()
	return g
}

func (s *service) report(out io.Writer, clients []*client, g *growth) {
	users, created, deleted := 0, 0, 0
	for _, c := range clients {
		users, created, deleted = users+len(c.users), created+c.created, deleted+c.deleted
	}
	fmt.Fprintf(out, "requests %d, of them answered with 503 %d; restarts of the service %d, of the server %d; rounds of traces %d\ncreated %d, deleted %d, left %d users\nheap in MiB: %.1f\n",
		s.requests.Load(), s.unavailable.Load(), s.restarts.Load()-1, s.server.count.Load(), s.traces.Load(), created, deleted, users, g.mebibytes())
}
