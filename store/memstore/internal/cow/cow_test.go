package cow

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// Random changes of a Map and a Tree, some in one Edit, some published, agree
// with a Go map, and no snapshot ever changes.
func TestCollectionsAgreeWithModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Map[int]{Key: strconv.Itoa}
		tree := Tree[int]{Compare: cmp.Compare[int]}
		model := map[int]bool{}
		type snapshot struct {
			m     Map[int]
			tree  Tree[int]
			model map[int]bool
		}
		var snapshots []snapshot
		edit := NewEdit()
		limit := rapid.SampledFrom([]int{20, 300, 3000}).Draw(t, "range")
		for range rapid.IntRange(0, 40).Draw(t, "rounds") {
			from, n := rapid.IntRange(0, limit).Draw(t, "from"), rapid.IntRange(1, 200).Draw(t, "n")
			remove := rapid.Bool().Draw(t, "remove")
			for i := from; i < from+n; i++ {
				if remove {
					was := model[i]
					delete(model, i)
					if got := m.Delete(edit, strconv.Itoa(i)); got != was {
						t.Fatalf("Map.Delete(%d) = %v, want %v", i, got, was)
					}
					if got := tree.Delete(edit, i); got != was {
						t.Fatalf("Tree.Delete(%d) = %v, want %v", i, got, was)
					}
				} else {
					model[i] = true
					m.Set(edit, i)
					tree.Set(edit, i)
				}
			}
			if rapid.Bool().Draw(t, "publish") {
				snapshots = append(snapshots, snapshot{m, tree, maps.Clone(model)})
				edit = NewEdit()
			}
		}
		for _, s := range append(snapshots, snapshot{m, tree, model}) {
			compare(t, &s.m, &s.tree, s.model)
		}
	})
}

func compare(t *rapid.T, m *Map[int], tree *Tree[int], model map[int]bool) {
	want := slices.Sorted(maps.Keys(model))
	if got := slices.Sorted(m.All()); !slices.Equal(got, want) || m.Len() != len(want) {
		t.Fatalf("Map has %d values (Len %d), want %d", len(got), m.Len(), len(want))
	}
	if got := slices.Collect(tree.At(0)); !slices.Equal(got, want) || tree.Len() != len(want) {
		t.Fatalf("Tree has %v (Len %d), want %v", got, tree.Len(), want)
	}
	for _, v := range []int{-1, 0, 7, 150, 2999, 5000} {
		if got, ok := m.Get(strconv.Itoa(v)); ok != model[v] || ok && got != v {
			t.Fatalf("Map.Get(%d) = %d, %v", v, got, ok)
		}
		rank, found := slices.BinarySearch(want, v)
		r, f := tree.Find(func(w int) int { return cmp.Compare(w, v) })
		if r != rank || f != found {
			t.Fatalf("Tree.Find(%d) = %d, %v, want %d, %v", v, r, f, rank, found)
		}
		if got := slices.Collect(tree.At(rank)); !slices.Equal(got, want[rank:]) {
			t.Fatalf("Tree.At(%d) = %v, want %v", rank, got, want[rank:])
		}
		back := slices.Clone(want[:rank])
		slices.Reverse(back)
		if got := slices.Collect(tree.Before(rank)); !slices.Equal(got, back) {
			t.Fatalf("Tree.Before(%d) = %v, want %v", rank, got, back)
		}
	}
}

func TestTreeStaysFullWhenValuesArriveInOrder(t *testing.T) {
	tree := Tree[int]{Compare: cmp.Compare[int]}
	const n = 100_000
	for i := range n {
		tree.Set(NewEdit(), i)
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
	tree := Tree[int]{Compare: cmp.Compare[int]}
	m := Map[int]{Key: strconv.Itoa}
	edit := NewEdit()
	for i := range 1000 {
		tree.Set(edit, i)
		m.Set(edit, i)
	}
	for _, seq := range []func(func(int) bool){m.All(), tree.At(0), tree.At(900), tree.Before(500)} {
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
