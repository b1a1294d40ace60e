package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/scimtest"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
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
	handler  atomic.Pointer[scim.Handler]
	stores   memstore.Tenants
	groups   map[string][]string // ids, by tenant
	created  atomic.Int64        // users, by the events of their creation
	deleted  atomic.Int64
	requests atomic.Int64
	restarts atomic.Int64
	traces   atomic.Int64

	mu          sync.Mutex
	traceFailed error
}

func newService() (*service, error) {
	s := &service{groups: make(map[string][]string)}
	if err := s.restart(); err != nil {
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

// restart replaces the handler by one that knows nothing but its configuration.
func (s *service) restart() error {
	var tokens []scim.Token
	for _, tenant := range tenants {
		tokens = append(tokens, scim.Token{ID: tenant, Hash: scim.HashToken(token + tenant), Tenant: store.TenantID(tenant)})
	}
	tokens = append(tokens, scim.Token{ID: "traces", Hash: scim.HashToken(tracesToken), Tenant: "traces"})
	bearer, err := scim.NewBearerTokens(tokens...)
	if err != nil {
		return err
	}
	h, err := scim.New(scim.Config{
		Types: []*schema.ResourceType{userType, groupType}, Authenticate: bearer.Authenticate,
		BaseURL: "https://soak.example/scim", CursorKey: []byte("the same in each process"),
		StoreFor: func(_ *http.Request, actor *scim.Actor) (scim.Tenant, error) {
			return scim.Tenant{ID: actor.Tenant, Store: s.stores.Tenant(actor.Tenant)}, nil
		},
		Discovery: scim.DiscoverNothing,
		OnCommit:  s.count,
	})
	if err == nil {
		s.handler.Store(h)
		s.restarts.Add(1)
	}
	return err
}

func (s *service) count(_ context.Context, e *scim.Event) error {
	switch {
	case e.Ref.Type != "User" || e.Tenant == "traces":
	case e.Operation == scim.OpCreate:
		s.created.Add(1)
	case e.Operation == scim.OpDelete:
		s.deleted.Add(1)
	}
	return nil
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.Load().ServeHTTP(w, r) }

// replay runs the recorded traces of the two clients until ctx ends.
func (s *service) replay(ctx context.Context) {
	target := scimtest.Target{Handler: s, BaseURL: "https://soak.example/scim", Token: tracesToken}
	for ctx.Err() == nil {
		report, err := scimtest.Check(ctx, target, &scimtest.Options{
			IdPs: []string{"okta", "entra"}, Rounds: 1,
			Match: func(c scimtest.Case) bool { return c.IdP != "" },
		})
		if ctx.Err() != nil {
			return // what was cut off says nothing
		}
		if err == nil && !report.OK() {
			err = fmt.Errorf("traces: %d failed", report.Count(scimtest.Required, scimtest.Failed))
		}
		s.traces.Add(1)
		s.mu.Lock()
		if err != nil && s.traceFailed == nil {
			s.traceFailed = err
		}
		s.mu.Unlock()
	}
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
	for _, c := range clients {
		wg.Go(func() {
			for n := 0; ctx.Err() == nil && c.failed == nil && (o.steps == 0 || n < o.steps); n++ {
				c.step()
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
	users := 0
	for _, c := range clients {
		users += len(c.users)
	}
	fmt.Fprintf(out, "requests %d, restarts %d, rounds of traces %d\ncreated %d, deleted %d, left %d users\nheap in MiB: %.1f\n",
		s.requests.Load(), s.restarts.Load()-1, s.traces.Load(), s.created.Load(), s.deleted.Load(), users, g.mebibytes())
}
