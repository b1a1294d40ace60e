package scim

import (
	"sync"

	"github.com/muster-scim/muster/store"
)

// wakers tell the consumers of this process that something was accepted, so that
// they need not wait until they look again.
type wakers struct{ channels sync.Map } // of store.TenantID to chan struct{}

// of returns the channel of a tenant, and makes it. There is one for each tenant
// that a host has a consumer for.
func (w *wakers) of(tenant store.TenantID) chan struct{} {
	c, _ := w.channels.LoadOrStore(tenant, make(chan struct{}, 1))
	return c.(chan struct{})
}

// wake wakes one consumer of a tenant, if there is one and it waits.
func (w *wakers) wake(tenant store.TenantID) {
	c, ok := w.channels.Load(tenant)
	if !ok {
		return
	}
	select {
	case c.(chan struct{}) <- struct{}{}:
	default:
	}
}
