package scim

import (
	"net/http"

	"github.com/muster-scim/muster/schema"
)

// activePath returns the attribute that switches resources of t off.
func activePath(t *schema.ResourceType) (schema.Path, bool) {
	p, err := t.Path("active")
	return p, err == nil && isActive(p)
}

// hasActive reports whether resources of t can be switched off: accounts of
// people, services and agents.
func hasActive(t *schema.ResourceType) bool {
	_, ok := activePath(t)
	return ok
}

// keepInactive makes sure that deactivation wins. Only an explicit true
// re-enables an account, and not if the account was active when the request
// began and somebody else has deactivated it since: then the client could not
// know, and its true was not meant as a decision.
func (c *call) keepInactive(old, changed *schema.Resource) (*schema.Resource, error) {
	p, ok := activePath(old.Type())
	switch {
	case !ok:
		return changed, nil
	case !isFalse(old.Get(p)):
		c.sawActive = true
		return changed, nil
	case isFalse(changed.Get(p)):
		return changed, nil
	case changed.Get(p).IsZero():
		return nil, fail(http.StatusBadRequest, Mutability, "active is false; only the value true re-enables the resource")
	case !c.sawActive:
		return changed, nil
	}
	b := changed.Edit()
	err := b.Set(p, schema.Bool(false))
	return b.Resource(), err
}
