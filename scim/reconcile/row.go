package reconcile

import (
	"context"
	"fmt"
	"iter"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Row is one resource of a list.
type Row struct {
	// Line is where the row is in a file, or its number; for messages.
	Line int
	// Resource is what it says. It needs no id.
	Resource *schema.Resource
	// Columns are the attributes that the list is about, the same for all rows:
	// others are not compared. Nil means whatever the row has a value for.
	Columns []schema.Path
}

// Rows is a list of resources. An error that is a *RowError is about one row
// and others may follow; any other one ends the list.
type Rows = iter.Seq2[Row, error]

// RowError is a row that cannot be understood.
type RowError struct {
	Line int   // of the file, from 1
	Err  error // what is wrong with it
}

// Error names the line.
func (e *RowError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns Err.
func (e *RowError) Unwrap() error { return e.Err }

// FromStore lists the resources of a type in a store.
func FromStore(ctx context.Context, s store.Store, t *schema.ResourceType) Rows {
	return func(yield func(Row, error) bool) {
		n := 0
		for r, err := range s.Scan(ctx, t.Name(), "") {
			n++
			if !yield(Row{Line: n, Resource: r}, err) || err != nil {
				return
			}
		}
	}
}
