package scim

import (
	"fmt"
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// checkEvents looks for mistakes in what is told about changes.
func (c *Config) checkEvents(e *ConfigError) {
	if c.Journal && c.Store != nil {
		has := store.CapabilitiesOf(c.Store)
		if !has.Journal || !has.Tx {
			e.add("Journal", "is set, but the store has no journal or no transactions", "use a store that has both, or leave it unset")
		}
	}
	for i, name := range c.Sensitive {
		known := func(t *schema.ResourceType) bool { _, err := t.Path(name); return t != nil && err == nil }
		if !slices.ContainsFunc(c.Types, known) {
			e.add(fmt.Sprintf("Sensitive[%d]", i), fmt.Sprintf("%q is an attribute of no type", name), `write it as in a filter, such as "phoneNumbers.value"`)
		}
	}
}
