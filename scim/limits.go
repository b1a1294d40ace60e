package scim

import (
	"github.com/muster-scim/muster/store"
)

// Limits bound the work of one request. A zero field stands for its default;
// there is no way to say "unlimited", but any limit can be made large.
type Limits struct {
	// Body is the size of a request body in bytes: 1 MiB.
	Body int `validate:"gte=0" json:"body,omitempty"`
	// Depth is the nesting of JSON: 32.
	Depth int `validate:"gte=0" json:"depth,omitempty"`
	// Values is the number of JSON values in a body: 100,000.
	Values int `validate:"gte=0" json:"values,omitempty"`
	// FilterBytes is the length of a filter: 16 KiB.
	FilterBytes int `validate:"gte=0" json:"filterBytes,omitempty"`
	// FilterDepth is how many brackets of a filter may be open at once: 32.
	FilterDepth int `validate:"gte=0" json:"filterDepth,omitempty"`
	// FilterTerms is the number of comparisons in a filter: 100.
	FilterTerms int `validate:"gte=0" json:"filterTerms,omitempty"`
	// PatchOperations is the number of operations of one PATCH: 1,000.
	PatchOperations int `validate:"gte=0" json:"patchOperations,omitempty"`
	// Members is how many members one request may name for a group, or for
	// another list of a relation: 20,000. Larger groups are filled by several.
	Members int `validate:"gte=0" json:"members,omitempty"`
	// PageSize is the largest page: 200, because some clients take a page
	// shorter than they asked for as the last one. Larger counts are clamped.
	PageSize int `validate:"gte=0" json:"pageSize,omitempty"`
	// DefaultPageSize is the page size without count: 100.
	DefaultPageSize int `validate:"gte=0" json:"defaultPageSize,omitempty"`
	// Scan is how many resources a query may read one by one, where the store
	// has neither an index nor a database to narrow it: 100,000. A query that
	// needs more is answered with tooMany.
	Scan int `validate:"gte=0" json:"scan,omitempty"`
	// BulkOperations is the number of operations of one bulk request: 1,000.
	BulkOperations int `validate:"gte=0" json:"bulkOperations,omitempty"`
	// BulkBody is the size of a bulk request in bytes: 4 MiB.
	BulkBody int `validate:"gte=0" json:"bulkBody,omitempty"`
}

func (l Limits) withDefaults() Limits {
	setDefault(&l.Body, 1<<20)
	setDefault(&l.Depth, 32)
	setDefault(&l.Values, 100_000)
	setDefault(&l.FilterBytes, 16<<10)
	setDefault(&l.FilterDepth, 32)
	setDefault(&l.FilterTerms, 100)
	setDefault(&l.PatchOperations, 1000)
	setDefault(&l.Members, 20_000)
	setDefault(&l.PageSize, 200)
	setDefault(&l.DefaultPageSize, min(100, l.PageSize))
	setDefault(&l.Scan, store.DefaultMaxScan)
	setDefault(&l.BulkOperations, 1000)
	setDefault(&l.BulkBody, 4<<20)
	return l
}

// fields lists the limits in the order of the struct.
func (l *Limits) fields() []*int {
	return []*int{
		&l.Body, &l.Depth, &l.Values, &l.FilterBytes, &l.FilterDepth, &l.FilterTerms,
		&l.PatchOperations, &l.Members, &l.PageSize, &l.DefaultPageSize, &l.Scan, &l.BulkOperations, &l.BulkBody,
	}
}

// tightened returns l with the limits that more sets to something smaller.
func (l Limits) tightened(more Limits) Limits {
	theirs := more.fields()
	for i, mine := range l.fields() {
		if n := *theirs[i]; n > 0 {
			*mine = min(*mine, n)
		}
	}
	l.DefaultPageSize = min(l.DefaultPageSize, l.PageSize)
	return l
}

func setDefault(field *int, value int) {
	if *field == 0 {
		*field = value
	}
}
