package filter_test

import (
	"fmt"
	"strings"
	"testing"

	parser "github.com/scim2/filter-parser/v2"

	"github.com/muster-scim/muster/filter"
)

var benchFilters = []struct{ name, text string }{
	{"eq", `userName eq "x"`},
	{"three terms", `userType eq "Employee" and title pr and emails co "example.com"`},
	{"value filter", `emails[type eq "work" and value co "@example.com"]`},
	{"extension", enterpriseURN + `:department eq "Tours"`},
}

// BenchmarkParse reads and binds; BenchmarkParseOther is filter-parser on the
// same texts, which only reads.
func BenchmarkParse(b *testing.B) {
	for _, bb := range benchFilters {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := filter.Parse(user, bb.text, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParseOther(b *testing.B) {
	for _, bb := range benchFilters {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := parser.ParseFilter([]byte(bb.text)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParsePath(b *testing.B) {
	for _, text := range []string{`userName`, `members[value eq "2819c223-7f76-453a-919d-413861904646"]`} {
		rt := user
		if text != `userName` {
			rt = group
		}
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := filter.ParsePath(rt, text, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkMatch(b *testing.B) {
	r := barbara(b)
	for _, bb := range append(benchFilters, struct{ name, text string }{"miss", `userName eq "bjensen@example.org"`},
		struct{ name, text string }{"one of 200", strings.TrimSuffix(strings.Repeat(`emails.value eq "nobody@example.com" or `, 200), " or ")},
		struct{ name, text string }{"dateTime", `meta.lastModified gt "2011-05-13T04:42:34Z"`}) {
		f := filter.MustParse(user, bb.text)
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f.Match(r)
			}
		})
	}
}

// BenchmarkParseLength shows that the time per byte is flat up to the limit.
func BenchmarkParseLength(b *testing.B) {
	term := `title eq "tour guide" or `
	for _, n := range []int{1, 4, 16, 64, filter.DefaultMaxTerms} {
		text := strings.Repeat(term, n-1) + `id pr`
		b.Run(fmt.Sprintf("%d terms", n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := filter.Parse(user, text, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	for n := 10; n < filter.DefaultMaxBytes; n *= 4 {
		text := `title eq "` + strings.Repeat("x", n) + `"`
		b.Run(fmt.Sprintf("string of %d", n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := filter.Parse(user, text, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkScan tries a filter of three terms on many users; ns/user is per
// resource. Half of the users pass the first term, most of them the second.
func BenchmarkScan(b *testing.B) {
	rs := manyUsers(b, 100_000)
	f := filter.MustParse(user, `meta.created gt "1985-01-01T00:00:00Z" and title pr and userName co "9@example"`)
	b.ReportAllocs()
	matches := 0
	for b.Loop() {
		for _, r := range rs {
			if f.Match(r) {
				matches++
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(rs)), "ns/user")
	if matches == 0 {
		b.Fatal("nothing matches")
	}
}
