package main

import (
	"fmt"
	"net/http"
	"sync/atomic"

	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// service is the handler of all tenants. Which there are can change at any time.
type service struct {
	http.Handler
	scim    *scim.Handler
	base    string
	stores  memstore.Tenants // a sqlstore.DB has the same method Tenant
	current atomic.Pointer[roster]
}

// roster is who may use the service, as of one moment.
type roster struct {
	tokens  *scim.BearerTokens
	tenants map[store.TenantID]scim.Tenant
}

// newService returns a service without tenants.
func newService(base string) (*service, error) {
	s := &service{base: base}
	if err := s.Set(nil); err != nil {
		return nil, err
	}
	handler, err := scim.New(scim.Config{Types: types(), Authenticate: s.authenticate, StoreFor: s.storeFor})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/{tenant}/scim/v2/", handler)
	s.scim, s.Handler = handler, mux
	return s, nil
}

// Set makes list the tenants of the service, or changes nothing if there is a
// mistake in it. Requests under way end as they began. The data of a tenant
// that is left out stays, and is there again if the tenant comes back.
func (s *service) Set(list []tenant) error {
	next := &roster{tenants: map[store.TenantID]scim.Tenant{}}
	var tokens []scim.Token
	for _, t := range list {
		compiled, err := s.compile(t)
		if err != nil {
			return err
		}
		if _, twice := next.tenants[t.ID]; twice {
			return fmt.Errorf("tenant %q is there twice", t.ID)
		}
		next.tenants[t.ID] = compiled
		tokens = append(tokens, t.bearer()...)
	}
	var err error
	if next.tokens, err = scim.NewBearerTokens(tokens...); err != nil {
		return err
	}
	s.current.Store(next)
	return nil
}

func (s *service) authenticate(r *http.Request) (*scim.Actor, error) {
	return s.current.Load().tokens.Authenticate(r)
}

// storeFor finds the tenant by the path. It need not compare it with the token:
// the handler refuses an actor that is bound to another tenant.
func (s *service) storeFor(r *http.Request, _ *scim.Actor) (scim.Tenant, error) {
	t, ok := s.current.Load().tenants[store.TenantID(r.PathValue("tenant"))]
	if !ok {
		return scim.Tenant{}, store.ErrNotFound
	}
	return t, nil
}
