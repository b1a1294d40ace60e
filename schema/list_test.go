package schema

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// groupOf returns a group with n members "0", "1", ….
func groupOf(tb testing.TB, n int) *Resource {
	tb.Helper()
	group := GroupDefinition().MustCompile()
	b := group.New()
	b.SetID("g")
	if err := b.Set(group.MustPath("displayName"), String("G")); err != nil {
		tb.Fatal(err)
	}
	members := make([]Value, n)
	for i := range members {
		members[i] = member(group, strconv.Itoa(i))
	}
	if err := b.Set(group.MustPath("members"), List(members...)); err != nil {
		tb.Fatal(err)
	}
	return b.Resource()
}

func member(group *ResourceType, id string) Value {
	return Complex(Field{group.MustPath("members.value"), String(id)}, Field{group.MustPath("members.type"), String("User")})
}

// TestListModel compares lists of all sizes with slices under random edits.
func TestListModel(t *testing.T) {
	group := GroupDefinition().MustCompile()
	members := group.MustPath("members")
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 3*chunkSize).Draw(t, "size")
		var model []string
		for i := range n {
			model = append(model, strconv.Itoa(i))
		}
		list := listFrom(group, model)
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			before, copied := list, slices.Clone(model)
			list, model = randomEdit(t, group, list, model)
			compareList(t, members, before, copied)
			compareList(t, members, list, model)
			if !list.Equal(listFrom(group, model)) || !listFrom(group, model).Equal(list) {
				t.Fatal("not equal to the same list made at once")
			}
		}
	})
}

func listFrom(group *ResourceType, ids []string) Value {
	var values []Value
	for _, id := range ids {
		values = append(values, member(group, id))
	}
	return List(values...)
}

func randomEdit(t *rapid.T, group *ResourceType, list Value, model []string) (Value, []string) {
	model = slices.Clone(model)
	switch op := rapid.SampledFrom([]string{"append", "without", "with", "remove"}).Draw(t, "op"); {
	case op == "append":
		for range rapid.SampledFrom([]int{1, 2, 600, 1200}).Draw(t, "count") {
			model = append(model, "n"+strconv.Itoa(len(model)))
		}
		return list.Append(listFrom(group, model[list.Len():]).slice()...), model
	case op == "without":
		low := rapid.IntRange(0, len(model)).Draw(t, "low")
		high := rapid.IntRange(low, len(model)).Draw(t, "high")
		return list.Without(func(i int, _ Value) bool { return low <= i && i < high }), slices.Delete(model, low, high)
	case len(model) == 0:
		return list, model
	case op == "with":
		i := rapid.IntRange(0, len(model)-1).Draw(t, "index")
		model[i] = "w" + strconv.Itoa(i)
		return list.WithAt(i, member(group, model[i])), model
	default:
		i := rapid.IntRange(0, len(model)-1).Draw(t, "index")
		return list.WithAt(i, Value{}), slices.Delete(model, i, i+1)
	}
}

func (v Value) slice() (all []Value) {
	for _, e := range v.All() {
		all = append(all, e)
	}
	return all
}

func compareList(t *rapid.T, members Path, list Value, model []string) {
	value, _ := members.Sub("value")
	if list.Len() != len(model) || list.IsZero() != (len(model) == 0) {
		t.Fatalf("has %d elements, want %d", list.Len(), len(model))
	}
	for i, e := range list.All() {
		if got := e.Get(value).Text(); got != model[i] || list.At(i).Get(value).Text() != got {
			t.Fatalf("element %d is %s, want %s", i, got, model[i])
		}
	}
	for _, i := range []int{0, len(model) / 2, len(model) - 1} {
		if i >= 0 && i < len(model) {
			if got, want := list.IndexOfElement(members, model[i]), slices.Index(model, model[i]); got != want {
				t.Fatalf("%s is at %d, want %d", model[i], got, want)
			}
		}
	}
	if at := list.IndexOfElement(members, "missing"); at != -1 {
		t.Fatalf("found what is missing at %d", at)
	}
}

// TestCheckLongList: what is new in a long list is checked, and what is not is
// not looked at again.
func TestCheckLongList(t *testing.T) {
	old := groupOf(t, 5*chunkSize)
	group, members := old.Type(), old.Type().MustPath("members")
	for _, c := range []struct {
		name     string
		list     Value
		len      int
		problems string
	}{
		{"one more", old.Get(members).Append(member(group, "new")), 5*chunkSize + 1, ""},
		{"C19 two that are there, and one twice", old.Get(members).Append(member(group, "0"), member(group, "7"), member(group, "a"), member(group, "a")), 5*chunkSize + 1, ""},
		{"one less", old.Get(members).WithAt(7, Value{}), 5*chunkSize - 1, ""},
		{"AMB-44 one changes its type", old.Get(members).WithAt(700, Complex(
			Field{group.MustPath("members.value"), String("700")}, Field{group.MustPath("members.type"), String("Group")},
		)), 0, "members[700].type: is immutable and has a value already"},
		{"all new, half of them twice", listFrom(group, slices.Concat(ids(2*chunkSize), ids(2*chunkSize))), 2 * chunkSize, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := old.Edit()
			if err := b.Set(members, c.list); err != nil {
				t.Fatal(err)
			}
			r, _, err := CheckReplace(old, b.Resource(), nil)
			if errorText(err) != c.problems {
				t.Fatalf("error = %v, want %q", err, c.problems)
			}
			if err == nil && r.Get(members).Len() != c.len {
				t.Errorf("has %d members, want %d", r.Get(members).Len(), c.len)
			}
		})
	}
}

// TestListEdges: lists where nothing, one or all of it changes.
func TestListEdges(t *testing.T) {
	group := GroupDefinition().MustCompile()
	x, long := member(group, "x"), listFrom(group, ids(2*chunkSize))
	all, none := func(int, Value) bool { return true }, func(int, Value) bool { return false }
	for _, list := range []Value{List(x), List(x, x), long} {
		if got := list.Without(all); !got.IsZero() {
			t.Errorf("%d of %d elements are left", got.Len(), list.Len())
		}
		if !list.Without(none).same(list) || !list.Append().same(list) {
			t.Errorf("a list of %d was copied", list.Len())
		}
		if got := list.Append(Value{}, x, Value{}); got.Len() != list.Len()+1 || !got.At(list.Len()).same(x) {
			t.Errorf("%d elements from %d", got.Len(), list.Len())
		}
	}
	for name, f := range map[string]func(){
		"At": func() { long.At(long.Len()) }, "At -1": func() { long.At(-1) },
		"WithAt": func() { long.WithAt(long.Len(), x) }, "WithAt -1": func() { long.WithAt(-1, x) },
	} {
		func() {
			defer func() {
				if got := recover(); got != "schema: index out of range of a list" {
					t.Errorf("%s: %v", name, got)
				}
			}()
			f()
		}()
	}
}

func ids(n int) (ids []string) {
	for i := range n {
		ids = append(ids, strconv.Itoa(i))
	}
	return ids
}

// BenchmarkLongList adds a member to a group and checks the result, next to
// writing the group.
func BenchmarkLongList(b *testing.B) {
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		old := groupOf(b, n)
		members := old.Type().MustPath("members")
		next := member(old.Type(), "next")
		b.Run(fmt.Sprintf("add/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if old.Get(members).IndexOfElement(members, "next") >= 0 {
					b.Fatal("is there")
				}
				edit := old.Edit()
				if err := edit.Set(members, old.Get(members).Append(next)); err != nil {
					b.Fatal(err)
				}
				if _, _, err := CheckReplace(old, edit.Resource(), nil); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("encode/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			var out []byte
			for b.Loop() {
				out, _ = old.AppendJSON(out[:0], nil)
			}
		})
	}
}
