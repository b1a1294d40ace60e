package scim

import (
	"errors"
	"fmt"
	"net/http"
)

// chooseTenant binds the call to its tenant: store, base URL and profile.
func (x *exchange) chooseTenant(prefix string) error {
	c, cfg := &x.call, &x.h.cfg
	c.tenant = Tenant{Store: cfg.Store}
	if cfg.StoreFor != nil {
		if err := x.askTenant(); err != nil {
			return err
		}
	}
	c.base = x.h.baseOf(x.r, &c.tenant, prefix)
	return c.chooseProfile()
}

// askTenant calls Config.StoreFor. Discovery that is public anyway works
// without a tenant.
func (x *exchange) askTenant() error {
	c := &x.call
	tenant, err := x.h.cfg.StoreFor(x.r, c.actor)
	switch {
	case err != nil && c.actor == nil && x.h.cfg.Discovery.public(c.route.at):
		return nil
	case err != nil:
		return err
	case tenant.Store == nil:
		return errors.New("scim: Config.StoreFor returned a tenant without a store")
	case c.actor != nil && c.actor.Tenant != "" && c.actor.Tenant != tenant.ID:
		return &Error{
			Status: http.StatusForbidden, Detail: "the credentials are for another tenant",
			Err: fmt.Errorf("actor %q of tenant %q asked for tenant %q", c.actor.ID, c.actor.Tenant, tenant.ID),
		}
	}
	c.tenant = tenant
	c.tenant.Store = x.h.relater.Relate(tenant.ID, tenant.Store)
	return nil
}
