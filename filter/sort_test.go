package filter_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

func TestParseSort(t *testing.T) {
	tests := []struct {
		name, by, order, want string
		descending            bool
		rewrites              []schema.Rewrite
	}{
		{"7644-3.4.2.3-02", "UserName", "", "userName", false, nil},
		{"7644-3.4.2.3-05", "name.givenname", "ascending", "name.givenName", false, nil},
		{"7644-3.4.2.3-07", "title", "descending", "title", true, nil},
		{"AMB-12", "title", "DESCENDING", "title", true, nil},
		{"7644-3.4.2.3-04 value", "emails", "", "emails.value", false, nil},
		{"qualified", enterpriseURN + ":department", "", enterpriseURN + ":department", false, nil},
		{"C9", "department", "", enterpriseURN + ":department", false,
			[]schema.Rewrite{{Tolerance: schema.BareExtensionName, Path: enterpriseURN + ":department"}}},
		{"none", "", "", "", false, nil},
		{"order only", "", "descending", "", true, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, rewrites, err := filter.ParseSort(user, tt.by, tt.order, nil)
			if err != nil {
				t.Fatal(err)
			}
			if s.By.String() != tt.want || s.Descending != tt.descending || !slices.Equal(rewrites, tt.rewrites) {
				t.Errorf("got %v %t, rewrites %v", s.By, s.Descending, rewrites)
			}
		})
	}
}

func TestParseSortErrors(t *testing.T) {
	tests := []struct{ name, by, order, text string }{
		{"AMB-13 unknown", "usrName", "", `found "usrName", expected a known attribute`},
		{"7644-3.4.2.3-05 complex", "name", "", "a sub-attribute"},
		{"extension", enterpriseURN, "", "a sub-attribute"},
		{"7644-3.4.2.3-07", "title", "down", `found "down", expected ascending or descending`},
		{"value filter", `emails[type eq "work"]`, "", `found "["`},
		{"syntax", "a b", "", `found "b"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, _, err := filter.ParseSort(user, tt.by, tt.order, nil)
			if s != (filter.Sort{}) || !errors.Is(err, filter.ErrSort) || errors.Is(err, filter.ErrHidden) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("got %v, %v", s, err)
			}
		})
	}
	for _, by := range []string{"password", testURN + ":pin", testURN + ":vault", testURN + ":keys.secret"} {
		if _, _, err := filter.ParseSort(user, by, "", nil); !errors.Is(err, filter.ErrHidden) || !errors.Is(err, filter.ErrSort) {
			t.Errorf("sort by %s: %v", by, err)
		}
	}
	for _, by := range []string{"department", " title"} {
		if _, _, err := filter.ParseSort(user, by, "", &filter.Options{Off: schema.Strict}); !errors.Is(err, filter.ErrSort) {
			t.Errorf("strict %q: %v", by, err)
		}
	}
}

// sortIDs sorts the resources and returns their ids.
func sortIDs(rs []*schema.Resource, s filter.Sort) string {
	rs = slices.SortedFunc(slices.Values(rs), s.Compare)
	ids := make([]string, len(rs))
	for i, r := range rs {
		ids[i] = string(r.ID())
	}
	return strings.Join(ids, " ")
}

// checkOrder compares all pairs, both ways round.
func checkOrder(t *testing.T, rs []*schema.Resource, s filter.Sort) {
	t.Helper()
	sorted := slices.SortedFunc(slices.Values(rs), s.Compare)
	for i, a := range sorted {
		for _, b := range sorted[i+1:] {
			if s.Compare(a, b) >= 0 || s.Compare(b, a) <= 0 {
				t.Errorf("%s and %s compare to %d, the other way round to %d", a.ID(), b.ID(), s.Compare(a, b), s.Compare(b, a))
			}
		}
	}
}

func TestSort(t *testing.T) {
	email := func(value string, primary bool) schema.Value {
		return element(user, "emails", map[string]schema.Value{"value": str(value), "primary": schema.Bool(primary)})
	}
	number := func(text string) schema.Value { return scalar(t, schema.KindDecimal, text) }
	instant := func(text string) schema.Value { return scalar(t, schema.KindDateTime, text) }
	tests := []struct {
		name, by string
		values   []schema.Value // of the resources a, b, c, …; zero for none
		want     string
	}{
		{"7644-3.4.2.3-10", "title", []schema.Value{str("b"), str("A"), str("B"), str("a")}, "b d a c"},
		{"7644-3.4.2.3-11", testURN + ":exact", []schema.Value{str("b"), str("A"), str("B"), str("a")}, "b c d a"},
		{"7644-3.4.2.3-10 not ASCII", "title", []schema.Value{str("É"), str("z"), str("é"), str("E")}, "d b a c"},
		{"7644-3.4.2.3-10 folds to ASCII", "title", []schema.Value{str("l"), str("\u212a"), str("j")}, "c b a"}, // the Kelvin sign
		{"7644-3.4.2.3-06", "title", []schema.Value{{}, str("x"), {}, str("a")}, "d b a c"},
		{"7644-3.4.2.3-09 numbers", testURN + ":weight", []schema.Value{number("10"), number("9.5"), number("-1"), number("9.50")}, "c b d a"},
		{"7644-3.4.2.3-09 integers", testURN + ":count", []schema.Value{schema.Int(10), schema.Int(9), scalar(t, schema.KindInteger, "99999999999999999999")}, "b a c"},
		{"7644-3.4.2.3-09 booleans", "active", []schema.Value{schema.Bool(true), schema.Bool(false), {}}, "b a c"},
		{"7644-3.4.2.3-09 dateTimes", testURN + ":seen",
			[]schema.Value{instant("2011-05-13T04:42:34Z"), instant("2011-05-13T06:00:00+02:00"), instant("2010-01-01T00:00:00Z")}, "c b a"},
		{"7644-3.4.2.3-04 primary", "emails.value",
			[]schema.Value{schema.List(email("a", false), email("z", true)), schema.List(email("m", false), email("b", false)), schema.List(email("n", true))}, "b c a"},
		{"7644-3.4.2.3-04 simple", testURN + ":tags", []schema.Value{schema.List(str("b"), str("a")), schema.List(str("a"))}, "b a"},
		{"binary", testURN + ":blob", []schema.Value{scalar(t, schema.KindBinary, "AAI="), scalar(t, schema.KindBinary, "AAE")}, "b a"},
		{"same data in two alphabets", testURN + ":blob", []schema.Value{scalar(t, schema.KindBinary, "-_8="), scalar(t, schema.KindBinary, "+/8")}, "a b"},
		{"integers of any size", testURN + ":count", []schema.Value{scalar(t, schema.KindInteger, "-99999999999999999999"), schema.Int(-9), scalar(t, schema.KindInteger, "99999999999999999999"), schema.Int(9)}, "a b d c"},
		{"integers around the largest int64", testURN + ":count", []schema.Value{scalar(t, schema.KindInteger, "9223372036854775808"), schema.Int(9223372036854775807)}, "b a"},
		{"AMB-13 ties by id", "title", []schema.Value{str("x"), str("X"), str("x")}, "a b c"},
		{"by id", "", []schema.Value{{}, {}, {}}, "a b c"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var rs []*schema.Resource
			for i, v := range tt.values {
				values := map[string]schema.Value{"id": str(string(rune('a' + i)))}
				if at := strings.TrimSuffix(tt.by, ".value"); at != "" {
					values[at] = v
				}
				rs = append([]*schema.Resource{build(t, user, values)}, rs...)
			}
			s, _, err := filter.ParseSort(user, tt.by, "", nil)
			if err != nil {
				t.Fatal(err)
			}
			checkOrder(t, rs, s)
			if got := sortIDs(rs, s); got != tt.want {
				t.Errorf("ascending %s, want %s", got, tt.want)
			}
			s.Descending = true
			want := strings.Fields(tt.want)
			slices.Reverse(want)
			if got := sortIDs(rs, s); got != strings.Join(want, " ") {
				t.Errorf("descending %s, want %s", got, want)
			}
		})
	}
}

// A search at the root sorts resources of several types by one name.
func TestSortAcrossTypes(t *testing.T) {
	s, _, err := filter.ParseSort(user, "displayName", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	rs := []*schema.Resource{
		build(t, user, map[string]schema.Value{"id": str("1"), "displayName": str("b")}),
		build(t, group, map[string]schema.Value{"id": str("2"), "displayName": str("A")}),
		build(t, group, map[string]schema.Value{"id": str("1"), "displayName": str("B")}),
		build(t, user, map[string]schema.Value{"id": str("3")}),
	}
	sorted := slices.SortedFunc(slices.Values(rs), s.Compare)
	if !slices.Equal(sorted, []*schema.Resource{rs[1], rs[2], rs[0], rs[3]}) {
		t.Errorf("order %s", sortIDs(rs, s))
	}
	tied := []*schema.Resource{build(t, user, map[string]schema.Value{"id": str("1")}), build(t, group, map[string]schema.Value{"id": str("2")})}
	if s.Compare(tied[0], tied[1]) >= 0 {
		t.Error("the type counts before the id")
	}
	if v := (filter.Sort{}).Value(rs[1]); v.Text() != "2" {
		t.Errorf("without sortBy the value is %v, not the id", v)
	}
	s.By = user.MustPath("userName")
	if v := s.Value(rs[1]); !v.IsZero() {
		t.Errorf("a group has the userName %v", v)
	}
}

// Where one name has different data types, values are ordered by type first.
func TestSortAcrossDataTypes(t *testing.T) {
	thing := func(name string, typ schema.Type) *schema.ResourceType {
		return schema.Definition{Name: name, Endpoint: "/" + name, Schema: &schema.Schema{ID: "urn:example:" + name, Name: name,
			Attributes: []schema.Attribute{{Name: "size", Type: typ}}}}.MustCompile()
	}
	shirt, box := thing("Shirt", schema.TypeString), thing("Box", schema.TypeInteger)
	large, small := build(t, shirt, map[string]schema.Value{"size": str("9")}), build(t, box, map[string]schema.Value{"size": schema.Int(2)})
	s := filter.Sort{By: shirt.MustPath("size")}
	if s.Compare(large, small) >= 0 || s.Compare(small, large) <= 0 {
		t.Errorf("Compare is %d and %d", s.Compare(large, small), s.Compare(small, large))
	}
}

// What one type shows and another hides must not come out through the order.
func TestSortAcrossTypesHides(t *testing.T) {
	thing := func(name string, returned schema.Returned) *schema.ResourceType {
		return schema.Definition{Name: name, Endpoint: "/" + name, Schema: &schema.Schema{ID: "urn:example:" + name, Name: name,
			Attributes: []schema.Attribute{{Name: "code", Returned: returned}}}}.MustCompile()
	}
	open, closed := thing("Open", schema.ReturnedDefault), thing("Closed", schema.ReturnedNever)
	s := filter.Sort{By: open.MustPath("code")}
	if v := s.Value(build(t, closed, map[string]schema.Value{"code": str("secret")})); !v.IsZero() {
		t.Errorf("sorted by %v", v)
	}
}

// manyUsers makes users whose titles repeat and are sometimes missing.
func manyUsers(tb testing.TB, n int) []*schema.Resource {
	tb.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	rs := make([]*schema.Resource, n)
	title, name := user.MustPath("title"), user.MustPath("userName")
	for i := range rs {
		b := user.New()
		b.SetID(schema.ID(fmt.Sprintf("%08d", rng.IntN(1<<26)<<7|i%128)))
		b.SetMeta(time.Unix(rng.Int64N(1e9), 0), time.Unix(rng.Int64N(1e9), 0), "")
		if err := b.Set(name, str(fmt.Sprintf("User%d@Example.com", rng.IntN(n)))); err != nil {
			tb.Fatal(err)
		}
		if k := rng.IntN(n/2 + 2); k > 0 {
			if err := b.Set(title, str(fmt.Sprint("T", k))); err != nil {
				tb.Fatal(err)
			}
		}
		rs[i] = b.Resource()
	}
	return rs
}

func TestTop(t *testing.T) {
	rs := manyUsers(t, 300)
	for _, s := range []filter.Sort{{}, {By: user.MustPath("title")}, {By: user.MustPath("title"), Descending: true}, {By: user.MustPath("meta.created")}} {
		sorted := slices.SortedFunc(slices.Values(rs), s.Compare)
		for _, n := range []int{0, 1, 7, 20, 60, 150, 299, 300, 1000} {
			top := s.Top(n)
			for _, r := range rs {
				top.Add(r)
			}
			if got := top.Sorted(); !slices.Equal(got, sorted[:min(n, len(sorted))]) {
				t.Errorf("%v: the first %d are wrong", s, n)
			}
		}
	}
	if got := (filter.Sort{}).Top(-1); len(got.Sorted()) != 0 {
		t.Error("a negative number selects something")
	}
}

// TestTopShuffled: nor does it with more resources than can be permuted.
func TestTopShuffled(t *testing.T) {
	rs := manyUsers(t, 40)
	sorted := slices.SortedFunc(slices.Values(rs), filter.Sort{}.Compare)
	rng := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		rng.Shuffle(len(rs), func(i, j int) { rs[i], rs[j] = rs[j], rs[i] })
		n := 10 + rng.IntN(20)
		top := filter.Sort{}.Top(n)
		for _, r := range rs {
			top.Add(r)
		}
		if !slices.Equal(top.Sorted(), sorted[:n]) {
			t.Fatalf("the first %d are wrong when added as %v", n, sortIDs(rs, filter.Sort{}))
		}
	}
}

// TestTopInAnyOrder: the order of arrival does not count.
func TestTopInAnyOrder(t *testing.T) {
	var sorted []*schema.Resource
	for i := range 6 {
		sorted = append(sorted, build(t, user, map[string]schema.Value{"id": str(fmt.Sprint(i))}))
	}
	var permute func(done, left []*schema.Resource)
	permute = func(done, left []*schema.Resource) {
		for i, r := range left {
			permute(append(slices.Clip(done), r), slices.Delete(slices.Clone(left), i, i+1))
		}
		for n := 0; len(left) == 0 && n <= len(done)+1; n++ {
			top := filter.Sort{}.Top(n)
			for _, r := range done {
				top.Add(r)
			}
			if want := sorted[:min(n, len(sorted))]; !slices.Equal(top.Sorted(), want) {
				t.Errorf("the first %d are wrong when added as %v", n, sortIDs(done, filter.Sort{}))
			}
		}
	}
	permute(nil, sorted)
}

func BenchmarkTop(b *testing.B) {
	rs := manyUsers(b, 100_000)
	for _, by := range []string{"userName", "meta.lastModified"} {
		s := filter.Sort{By: user.MustPath(by)}
		b.Run(by+"/first 100 of 100000", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				top := s.Top(100)
				for _, r := range rs {
					top.Add(r)
				}
				top.Sorted()
			}
		})
		b.Run(by+"/all of 100000", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = slices.SortedFunc(slices.Values(rs), s.Compare)
			}
		})
	}
}
