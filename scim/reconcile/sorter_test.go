package reconcile

import (
	"fmt"
	"os"
	"testing"
)

// TestSorterMergesRuns: what is sorted comes out whole and in order from however
// many runs, and only so many files are open.
func TestSorterMergesRuns(t *testing.T) {
	for _, n := range []int{0, 1, 10, maxRuns, maxRuns + 1, 5 * maxRuns} {
		s := &sorter{limit: 1, dir: t.TempDir()} // each item is a run
		most := 0
		for i := range n {
			if err := s.add(item{key: fmt.Sprintf("%05d", i*7919%(n+1)), line: i, data: []byte{byte(i)}}); err != nil {
				t.Fatal(err)
			}
			most = max(most, len(s.runs))
		}
		last, count := "", 0
		for it, err := range s.sorted() {
			if err != nil {
				t.Fatal(err)
			}
			if it.key < last || it.key != fmt.Sprintf("%05d", it.line*7919%(n+1)) || it.data[0] != byte(it.line) {
				t.Fatalf("%d items: %+v after %q", n, it, last)
			}
			last, count = it.key, count+1
		}
		s.close()
		left, err := os.ReadDir(s.dir)
		if count != n || most > maxRuns || err != nil || len(left) != 0 {
			t.Errorf("%d items: %d came out, %d runs, left %v, %v", n, count, most, left, err)
		}
	}
}
