package schema

import (
	"slices"
	"testing"
	"time"
)

// TestValueReads reads values of every kind in every way: each way has an answer
// for the kinds that it is for, and says of the others that there is none.
func TestValueReads(t *testing.T) {
	group := GroupDefinition().MustCompile()
	one := member(group, "1")
	raw := scalar(KindRaw, "1")
	day := time.Date(2026, 1, 2, 3, 4, 5, 6, time.FixedZone("", 3600))
	for _, c := range []struct {
		v                Value
		kind             Kind
		text, shown      string
		truth            bool
		n                int64
		rat, at, data    string
		integer, instant bool
		length           int
	}{
		{v: Value{}, kind: KindNone},
		{v: String("1"), kind: KindString, text: "1", shown: "1"},
		{v: Bool(true), kind: KindBoolean, text: "true", shown: "true", truth: true},
		{v: Bool(false), kind: KindBoolean, text: "false", shown: "false"},
		{v: Int(-12), kind: KindInteger, text: "-12", shown: "-12", n: -12, integer: true, rat: "-12/1"},
		{v: scalar(KindInteger, "9223372036854775808"), kind: KindInteger, text: "9223372036854775808", shown: "9223372036854775808", n: 1<<63 - 1, rat: "9223372036854775808/1"},
		{v: Decimal(0.1), kind: KindDecimal, text: "0.1", shown: "0.1", rat: "1/10"},
		{v: Decimal(16777217), kind: KindDecimal, text: "16777217", shown: "16777217", rat: "16777217/1"},
		{v: DateTime(day), kind: KindDateTime, text: "2026-01-02T02:04:05.000000006Z", shown: "2026-01-02T02:04:05.000000006Z", instant: true, at: "2026-01-02T02:04:05.000000006Z"},
		{v: Binary([]byte("ab")), kind: KindBinary, text: "YWI=", shown: "YWI=", data: "ab"},
		{v: Reference("1"), kind: KindReference, text: "1", shown: "1"},
		{v: raw, kind: KindRaw, text: "1", shown: "1"},
		{v: one, kind: KindComplex, shown: "complex(2)", length: 2},
		{v: List(String("a"), one, String("b")), kind: KindList, shown: "[a, complex(2), b]", length: 3},
	} {
		if c.v.Kind() != c.kind || c.v.IsZero() != (c.kind == KindNone) || c.v.Text() != c.text || c.v.String() != c.shown || c.v.Bool() != c.truth || c.v.Len() != c.length {
			t.Errorf("%s: %s %q %q %v %d", c.shown, c.v.Kind(), c.v.Text(), c.v.String(), c.v.Bool(), c.v.Len())
		}
		if n, ok := c.v.Int(); n != c.n || ok != c.integer {
			t.Errorf("%s is the integer %d, %v", c.shown, n, ok)
		}
		if r := c.v.Rat(); (r != nil) != (c.rat != "") || r != nil && r.String() != c.rat {
			t.Errorf("%s is the number %v", c.shown, r)
		}
		if at, ok := c.v.Time(); ok != c.instant || ok && at.Format(time.RFC3339Nano) != c.at {
			t.Errorf("%s is the instant %v, %v", c.shown, at, ok)
		}
		if data := c.v.Bytes(); string(data) != c.data {
			t.Errorf("%s is the data %q", c.shown, data)
		}
	}
}

// TestValueAll: a list has its elements, a single value is its own, and what is
// not assigned has none.
func TestValueAll(t *testing.T) {
	for _, c := range []struct {
		v    Value
		want []string
	}{
		{Value{}, nil}, {String("a"), []string{"a"}}, {List(), nil}, {List(Value{}), nil},
		{List(String("a"), Value{}, String("b")), []string{"a", "b"}},
	} {
		var got []string
		for i, e := range c.v.All() {
			if i != len(got) {
				t.Errorf("%v: element %d comes as number %d", c.v, len(got), i)
			}
			got = append(got, e.Text())
		}
		if !slices.Equal(got, c.want) || c.v.IsZero() != (c.want == nil) {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	short, long := List(String("a"), String("b")), groupOf(t, 3*chunkSize)
	for _, v := range []Value{String("a"), short, long.Get(long.Type().MustPath("members"))} {
		for range v.All() {
			break // going on after this would panic
		}
	}
}

// TestComplex: the last of the values for one sub-attribute counts, whatever
// their order, and none takes it away.
func TestComplex(t *testing.T) {
	user := UserDefinition().MustCompile()
	given, family, formatted := user.MustPath("name.givenName"), user.MustPath("name.familyName"), user.MustPath("name.formatted")
	a, b := String("a"), String("b")
	want := Complex(Field{formatted, b}, Field{family, b}, Field{given, a})
	for _, same := range []Value{
		Complex(Field{given, a}, Field{formatted, b}, Field{family, b}),
		Complex(Field{given, b}, Field{family, b}, Field{given, a}, Field{formatted, b}),
		Complex(Field{family, b}).With(given, a).With(formatted, b),
		Value{}.With(given, b).With(family, b).With(given, a).With(formatted, b),
	} {
		if !same.Equal(want) || same.Get(given).Text() != "a" || same.Len() != 3 {
			t.Errorf("%v has %v and %v", same, same.Get(given), same.Get(family))
		}
	}
	if v := want.With(given, Value{}); v.Len() != 2 || !v.Get(given).IsZero() || v.Get(family).Text() != "b" || want.Get(given).Text() != "a" {
		t.Errorf("taken away: %v, from %v", v, want)
	}
	if v := Complex(Field{given, a}, Field{family, b}, Field{given, Value{}}, Field{formatted, Value{}}); v.Len() != 1 || v.Get(family).Text() != "b" {
		t.Errorf("taken away: %v", v)
	}
	for _, v := range []Value{Complex(), Complex(Field{given, Value{}}), Complex(Field{given, a}).With(given, Value{})} {
		if !v.IsZero() {
			t.Errorf("%v has nothing and is assigned", v)
		}
	}
	if v := want.With(Path{}, a); !v.Equal(want) || !a.With(given, b).Equal(a) || !a.Get(given).IsZero() || !want.Get(Path{}).IsZero() {
		t.Error("there is no such part, but it is read or written")
	}
}

// TestValueEqual: values are equal if kind and content are, and not otherwise.
func TestValueEqual(t *testing.T) {
	values := func() []Value {
		group := GroupDefinition().MustCompile()
		typ, display := Field{group.MustPath("members.type"), String("User")}, Field{group.MustPath("members.display"), String("User")}
		return []Value{
			{}, String(""), String("1"), String("2"), Int(1), Decimal(1), Bool(true), Bool(false), Reference("1"),
			member(group, "1"), member(group, "2"), Complex(typ), Complex(display),
			List(String("1")), List(String("2")), List(String("1"), String("2")), List(String("2"), String("1")),
		}
	}
	first, second := values(), values()
	for i, v := range first {
		for j, w := range second {
			if v.Equal(w) != (i == j) {
				t.Errorf("%s %v and %s %v are equal: %v", v.Kind(), v, w.Kind(), w, v.Equal(w))
			}
		}
	}
}

// TestValueSame: the same text read as something else, or a part of it only, is
// not the same value.
func TestValueSame(t *testing.T) {
	text := "ab"
	if v := String(text); !v.same(String(text)) || v.same(Reference(text)) || v.same(String(text[:1])) || v.same(String("c"+text)) {
		t.Error("another value counts as the same")
	}
}

// TestValueAt: only a list has elements that can be asked for by number.
func TestValueAt(t *testing.T) {
	group := GroupDefinition().MustCompile()
	for _, c := range []struct {
		v  Value
		at int
	}{{member(group, "1"), 0}, {Value{}, 0}, {List(String("a")), 1}, {List(String("a")), -1}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%v has an element %d", c.v, c.at)
				}
			}()
			c.v.At(c.at)
		}()
	}
}
