package filter_test

import (
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
