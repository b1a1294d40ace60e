package sqlstore

import "github.com/muster-scim/muster/schema"

// sortKey returns the prepared key of a value.
func sortKey(p schema.Path, v schema.Value) string { return p.FoldValue(v) }
