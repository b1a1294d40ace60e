package sets

import (
	"slices"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
)

// withoutExternalIDs returns a record without the externalIds that are kept for
// single clients, which are nobody else's business (RFC 7643 §9.3). It reports
// false if the change was of nothing else.
func withoutExternalIDs(r *scim.Record) (*scim.Record, bool) {
	own := func(c scim.RecordChange) bool { return strings.HasPrefix(c.Path, schema.ExternalIDsURN) }
	if !slices.ContainsFunc(r.Changes, own) {
		return r, true
	}
	c := *r
	c.Changes = slices.DeleteFunc(slices.Clone(r.Changes), own)
	modifies := r.Operation == scim.OpModify || r.Operation == scim.OpReplace
	return &c, !modifies || len(c.Changes) > 0 || len(c.Members) > 0
}
