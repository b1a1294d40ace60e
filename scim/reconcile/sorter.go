package reconcile

import (
	"bufio"
	"cmp"
	"container/heap"
	"encoding/binary"
	"errors"
	"io"
	"iter"
	"os"
	"slices"
)

// item is something to be sorted: by key, then in the order of arrival.
type item struct {
	key  string
	line int
	data []byte
}

func compareItems(a, b item) int {
	if c := cmp.Compare(a.key, b.key); c != 0 {
		return c
	}
	return cmp.Compare(a.line, b.line)
}

// sorter sorts any number of items with bounded memory and a bounded number of
// open files: what is too much goes to temporary files in sorted runs, which are
// merged at the end, and before that whenever there are many.
type sorter struct {
	limit int    // bytes in memory
	dir   string // of the files
	items []item
	bytes int
	runs  []*os.File
}

// perItem is what an item takes besides its key and data.
const perItem = 64

func (s *sorter) add(it item) error {
	s.items = append(s.items, it)
	if s.bytes += len(it.key) + len(it.data) + perItem; s.bytes < s.limit {
		return nil
	}
	return s.spill()
}

// spill writes what is in memory to a file that has no name any more, so that
// nothing is left behind whatever happens.
func (s *sorter) spill() error {
	if len(s.runs) == maxRuns {
		if err := s.mergeRuns(); err != nil {
			return err
		}
	}
	slices.SortFunc(s.items, compareItems)
	f, err := s.write(func(yield func(item, error) bool) {
		for _, it := range s.items {
			if !yield(it, nil) {
				return
			}
		}
	})
	s.items, s.bytes = s.items[:0], 0
	if err == nil {
		s.runs = append(s.runs, f)
	}
	return err
}

// maxRuns is the largest number of files.
const maxRuns = 64

// mergeRuns makes one run of all that are in files.
func (s *sorter) mergeRuns() error {
	files := sorter{dir: s.dir, runs: s.runs}
	f, err := s.write(files.sorted())
	if err != nil {
		return err
	}
	files.close()
	s.runs = append(s.runs[:0], f)
	return nil
}

// write writes a sorted run to a file, from which it can be read.
func (s *sorter) write(items iter.Seq2[item, error]) (_ *os.File, err error) {
	f, err := os.CreateTemp(s.dir, "reconcile-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // where open files cannot be removed, close does it
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	w := bufio.NewWriterSize(f, 256<<10)
	for it, err := range items {
		if err == nil {
			err = writeItem(w, it)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	_, err = f.Seek(0, io.SeekStart)
	return f, err
}

func writeItem(w *bufio.Writer, it item) error {
	var head [3 * binary.MaxVarintLen64]byte
	n := binary.PutUvarint(head[:], uint64(len(it.key)))
	n += binary.PutUvarint(head[n:], uint64(it.line))
	n += binary.PutUvarint(head[n:], uint64(len(it.data)))
	_, err1 := w.Write(head[:n])
	_, err2 := w.WriteString(it.key)
	_, err3 := w.Write(it.data)
	return errors.Join(err1, err2, err3)
}

func readItem(r *bufio.Reader) (it item, err error) {
	key, err := binary.ReadUvarint(r)
	if err != nil {
		return it, err
	}
	line, err := binary.ReadUvarint(r)
	if err != nil {
		return it, err
	}
	size, err := binary.ReadUvarint(r)
	if err != nil {
		return it, err
	}
	buf := make([]byte, key+size)
	if _, err := io.ReadFull(r, buf); err != nil {
		return it, err
	}
	return item{key: string(buf[:key]), line: int(line), data: buf[key:]}, nil
}

// close removes the files.
func (s *sorter) close() {
	for _, f := range s.runs {
		_ = f.Close()
		_ = os.Remove(f.Name())
	}
}

// run is a sorted file that is being merged; or what is left in memory.
type run struct {
	item
	next func() (item, error)
}

// runs are a heap by their first items.
type runs []*run

func (r runs) Len() int           { return len(r) }
func (r runs) Less(i, j int) bool { return compareItems(r[i].item, r[j].item) < 0 }
func (r runs) Swap(i, j int)      { r[i], r[j] = r[j], r[i] }
func (r *runs) Push(x any)        { *r = append(*r, x.(*run)) }
func (r *runs) Pop() any {
	last := (*r)[len(*r)-1]
	*r = (*r)[:len(*r)-1]
	return last
}

// sorted iterates over everything in order. It can be used once.
func (s *sorter) sorted() iter.Seq2[item, error] {
	return func(yield func(item, error) bool) {
		merged, err := s.open()
		for err == nil && len(merged) > 0 {
			first := merged[0]
			if !yield(first.item, nil) {
				return
			}
			first.item, err = first.next()
			if err == io.EOF {
				heap.Pop(&merged)
				err = nil
			} else {
				heap.Fix(&merged, 0)
			}
		}
		if err != nil {
			yield(item{}, err)
		}
	}
}

func (s *sorter) open() (merged runs, err error) {
	slices.SortFunc(s.items, compareItems)
	rest := s.items
	nexts := []func() (item, error){func() (item, error) {
		if len(rest) == 0 {
			return item{}, io.EOF
		}
		it := rest[0]
		rest = rest[1:]
		return it, nil
	}}
	for _, f := range s.runs {
		r := bufio.NewReaderSize(f, 32<<10)
		nexts = append(nexts, func() (item, error) { return readItem(r) })
	}
	for _, next := range nexts {
		it, err := next()
		if err == io.EOF {
			continue
		}
		if err != nil {
			return nil, err
		}
		merged = append(merged, &run{it, next})
	}
	heap.Init(&merged)
	return merged, nil
}
