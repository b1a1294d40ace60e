package cow

import (
	"cmp"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// world is one of each collection with the same numbers in it; of the Vector,
// those at which there is a 1.
type world struct {
	index  Index
	tree   Tree[int]
	vector Vector[byte]
	model  map[int]bool
	hash   func(uint32) uint32
}

func to(v int) func(int) int { return func(w int) int { return cmp.Compare(w, v) } }

func (w *world) add(e Edit, v int) {
	w.tree.Set(e, v, to(v))
	for w.vector.Len() <= uint32(v) {
		w.vector.Append(e, 0)
	}
	w.vector.Set(e, uint32(v), 1)
	if !w.model[v] {
		w.index.Add(e, w.hash(uint32(v)), uint32(v))
	}
	w.model[v] = true
}

func (w *world) remove(t *rapid.T, e Edit, v int) {
	was := w.model[v]
	delete(w.model, v)
	if got := w.tree.Delete(e, to(v)); got != was {
		t.Fatalf("Tree.Delete(%d) = %v, want %v", v, got, was)
	}
	if was {
		w.index.Remove(e, w.hash(uint32(v)), uint32(v))
		w.vector.Set(e, uint32(v), 0)
	}
	for n := w.vector.Len(); n > 0 && w.vector.Get(n-1) == 0; n-- {
		w.vector.Shorten(e)
	}
}

// Random changes, some in one Edit, some published, agree with a Go map, and no
// snapshot ever changes. Some of the hashes are poor.
func TestCollectionsAgreeWithModel(t *testing.T) {
	hashes := map[string]func(uint32) uint32{
		"good": HashNumber, "few": func(n uint32) uint32 { return HashNumber(n) & 0xf000_000f },
		"one": func(uint32) uint32 { return 42 }, "last": func(n uint32) uint32 { return n & 3 }, "same": func(n uint32) uint32 { return n },
	}
	rapid.Check(t, func(t *rapid.T) {
		w := world{model: map[int]bool{}, hash: hashes[rapid.SampledFrom(slices.Sorted(maps.Keys(hashes))).Draw(t, "hash")]}
		var snapshots []world
		edit := NewEdit()
		limit := rapid.SampledFrom([]int{20, 300, 3000, 100_000}).Draw(t, "range")
		for range rapid.IntRange(0, 40).Draw(t, "rounds") {
			from, n := rapid.IntRange(0, limit).Draw(t, "from"), rapid.IntRange(1, 200).Draw(t, "n")
			remove := rapid.Bool().Draw(t, "remove")
			for i := from; i < from+n; i++ {
				if remove {
					w.remove(t, edit, i)
				} else {
					w.add(edit, i)
				}
			}
			if rapid.Bool().Draw(t, "publish") {
				s := w
				s.model = maps.Clone(w.model)
				snapshots = append(snapshots, s)
				edit = NewEdit()
			}
		}
		for _, s := range append(snapshots, w) {
			s.compare(t)
		}
	})
}

func (w *world) compare(t *rapid.T) {
	want := slices.Sorted(maps.Keys(w.model))
	w.compareIndex(t, want)
	var got []int
	for i, one := range w.vector.From(0) {
		if one == 1 {
			got = append(got, int(i))
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("Vector has %d values, want %d", len(got), len(want))
	}
	w.compareTree(t, want)
}

func (w *world) compareIndex(t *rapid.T, want []int) {
	if w.index.Len() != len(want) {
		t.Fatalf("Index has %d numbers, want %d", w.index.Len(), len(want))
	}
	for _, v := range append(want, 0, 7, 150, 2999, 5000) {
		got, ok := w.index.Find(w.hash(uint32(v)), func(n uint32) bool { return n == uint32(v) })
		if ok != w.model[v] || ok && got != uint32(v) {
			t.Fatalf("Index.Find(%d) = %d, %v", v, got, ok)
		}
	}
}

func (w *world) compareTree(t *rapid.T, want []int) {
	if got := slices.Collect(w.tree.At(0)); !slices.Equal(got, want) || w.tree.Len() != len(want) {
		t.Fatalf("Tree has %v (Len %d), want %v", got, w.tree.Len(), want)
	}
	for _, v := range []int{-1, 0, 7, 150, 2999, 5000} {
		rank, found := slices.BinarySearch(want, v)
		r, f := w.tree.Find(to(v))
		if r != rank || f != found {
			t.Fatalf("Tree.Find(%d) = %d, %v, want %d, %v", v, r, f, rank, found)
		}
		if got := slices.Collect(w.tree.At(rank)); !slices.Equal(got, want[rank:]) {
			t.Fatalf("Tree.At(%d) = %v, want %v", rank, got, want[rank:])
		}
		back := slices.Clone(want[:rank])
		slices.Reverse(back)
		if got := slices.Collect(w.tree.Before(rank)); !slices.Equal(got, back) {
			t.Fatalf("Tree.Before(%d) = %v, want %v", rank, got, back)
		}
	}
}

// leaves counts the leaves of an index.
func (k *indexKid) leaves() int {
	if k.branch == nil {
		return 1
	}
	n := 0
	for i := range k.branch.kids {
		if kid := &k.branch.kids[i]; i == 0 || kid.branch != nil || kid.leaf != k.branch.kids[i-1].leaf {
			n += kid.leaves()
		}
	}
	return n
}

func TestIndexStaysSmall(t *testing.T) {
	var index Index
	const n = 100_000
	for i := range uint32(n) {
		index.Add(NewEdit(), HashNumber(i), i)
	}
	if leaves := index.root.leaves(); leaves > n/indexLeafs*2 {
		t.Errorf("%d leaves for %d numbers", leaves, n)
	}
	for i := range uint32(n - 100) {
		index.Remove(NewEdit(), HashNumber(i), i)
	}
	if leaves := index.root.leaves(); leaves > 100 {
		t.Errorf("%d leaves for 100 numbers", leaves)
	}
}

func TestTreeStaysFullWhenValuesArriveInOrder(t *testing.T) {
	var tree Tree[int]
	const n = 100_000
	for i := range n {
		tree.Set(NewEdit(), i, to(i))
	}
	leaves := 0
	var count func(*treeNode[int])
	count = func(n *treeNode[int]) {
		if n.kids == nil {
			leaves++
		}
		for _, kid := range n.kids {
			count(kid)
		}
	}
	count(tree.root)
	if most := n/treeFan*11/10 + 1; leaves > most {
		t.Errorf("%d leaves for %d values, want at most %d", leaves, n, most)
	}
}

func TestBreakingOffAnIteration(t *testing.T) {
	var tree Tree[int]
	var vector Vector[int]
	edit := NewEdit()
	for i := range 1000 {
		tree.Set(edit, i, to(i))
		vector.Append(edit, i)
	}
	for _, seq := range []func(func(int) bool){numbers(&vector), tree.At(0), tree.At(900), tree.Before(500)} {
		n := 0
		for range seq {
			if n++; n == 3 {
				break
			}
		}
		if n != 3 {
			t.Errorf("saw %d values before breaking off", n)
		}
	}
}

func numbers(v *Vector[int]) func(func(int) bool) {
	return func(yield func(int) bool) {
		for _, n := range v.From(0) {
			if !yield(n) {
				return
			}
		}
	}
}
