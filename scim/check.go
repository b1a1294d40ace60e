package scim

import "github.com/muster-scim/muster/schema"

// check asks Config.Check about a resource that is about to be stored.
func (c *call) check(r *schema.Resource) error {
	if c.h.cfg.Check == nil {
		return nil
	}
	return c.h.cfg.Check(r)
}

// settle completes what becomes of old, and checks it.
func (c *call) settle(old, changed *schema.Resource) (*schema.Resource, error) {
	settled, err := c.keepInactive(old, changed)
	if err != nil {
		return nil, err
	}
	return settled, c.check(settled)
}
