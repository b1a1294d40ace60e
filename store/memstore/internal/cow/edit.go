package cow

import "sync/atomic"

// Edit identifies a series of changes that nobody else sees yet.
type Edit uint64

var lastEdit atomic.Uint64

// NewEdit returns an Edit that no node belongs to.
func NewEdit() Edit { return Edit(lastEdit.Add(1)) }
