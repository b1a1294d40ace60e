package scim

import (
	"errors"
	"fmt"
	"slices"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// administrators compiles Lifecycle.Administrators; nil without one.
func (c *Config) administrators() (*filter.Filter, error) {
	if c.Lifecycle.Administrators == "" {
		return nil, nil
	}
	i := slices.IndexFunc(c.Types, func(t *schema.ResourceType) bool { return t.Name() == userType })
	if i < 0 {
		return nil, errors.New("there is no type User")
	}
	return filter.Parse(c.Types[i], c.Lifecycle.Administrators, nil)
}

// checkLifecycle looks for policies that the rest cannot carry out.
func (c *Config) checkLifecycle(e *ConfigError) {
	l := &c.Lifecycle
	if _, err := c.administrators(); err != nil {
		e.add("Lifecycle.Administrators", err.Error(), "write a filter for users, such as `roles.value eq \"admin\"`")
	}
	if l.RetryDeactivate && (!c.Journal || l.OnDeactivate == nil) {
		e.add("Lifecycle.RetryDeactivate", "is set without Journal and Lifecycle.OnDeactivate", "set both, or leave it unset")
	}
	if l.Requires != nil && l.OnDeactivate == nil {
		e.add("Lifecycle.Requires", "is set without Lifecycle.OnDeactivate", "set both")
	}
	if !slices.Contains([]Recreate{RecreateNew, RecreateConflict, RecreateRestore}, l.Recreate) {
		e.add("Lifecycle.Recreate", fmt.Sprintf("%q is not a choice", l.Recreate), "use one of the Recreate constants")
	}
	if c.Store == nil {
		return
	}
	has := store.CapabilitiesOf(c.Store)
	if l.guards() && !has.Tx {
		e.add("Lifecycle", "has policies, but the store has no transactions to undo what they refuse", "use a store with transactions")
	}
	if l.SoftDelete && !has.Trash {
		e.add("Lifecycle.SoftDelete", "is set, but the store cannot restore", "use a store that is a store.TrashStore")
	}
}

// checkEvents looks for mistakes in what is told about changes.
func (c *Config) checkEvents(e *ConfigError) {
	if c.Journal && c.Store != nil {
		has := store.CapabilitiesOf(c.Store)
		if !has.Journal || !has.Tx {
			e.add("Journal", "is set, but the store has no journal or no transactions", "use a store that has both, or leave it unset")
		}
	}
	if c.Async == nil && slices.Contains(c.EventURIs, CompletionURI) {
		e.add("EventURIs", "names completions of asynchronous requests, without Async", "set both, or leave it out")
	}
	if c.JournalState && !c.Journal {
		e.add("JournalState", "is set without Journal", "set both, or leave it unset")
	}
	for i, name := range c.Sensitive {
		known := func(t *schema.ResourceType) bool { _, err := t.Path(name); return t != nil && err == nil }
		if !slices.ContainsFunc(c.Types, known) {
			e.add(fmt.Sprintf("Sensitive[%d]", i), fmt.Sprintf("%q is an attribute of no type", name), `write it as in a filter, such as "phoneNumbers.value"`)
		}
	}
}
