package schema

import (
	"testing"
	"unsafe"
)

// TestBlocks: values follow their resource in memory as long as they are few,
// and there is always room for them, and for a third more at most.
func TestBlocks(t *testing.T) {
	most := blocks[len(blocks)-1].values
	for n := range most + 10 {
		r, values := newBlock(n)
		end := uintptr(unsafe.Pointer(r)) + unsafe.Sizeof(*r)
		if follows := uintptr(unsafe.Pointer(unsafe.SliceData(values))) == end; follows != (n <= most) {
			t.Errorf("%d values follow their resource: %v", n, follows)
		}
		if len(values) < n || len(values) > max(n+n/3, 10) {
			t.Errorf("room for %d values, want %d", len(values), n)
		}
	}
}
