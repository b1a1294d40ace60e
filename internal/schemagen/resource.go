package schemagen

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/muster-scim/muster/schema"
	"pgregory.net/rapid"
)

// Resource generates resources of type t with an id and meta. Each of the other
// attributes, readOnly ones included, has a value or not.
func Resource(typ *schema.ResourceType) *rapid.Generator[*schema.Resource] {
	return rapid.Custom(func(t *rapid.T) *schema.Resource {
		b := typ.New()
		for p := range typ.Paths() {
			if p.IsCommon() || rapid.Bool().Draw(t, "leave out "+p.String()) {
				continue
			}
			if err := b.Set(p, Value(p).Draw(t, p.String())); err != nil {
				t.Fatal(err)
			}
		}
		b.SetExternalID(rapid.SampledFrom([]schema.ExternalID{"", "e1", "E1", "ä"}).Draw(t, "externalId"))
		b.SetID(rapid.SampledFrom([]schema.ID{"1", "2", "b-3"}).Draw(t, "id"))
		b.SetMeta(base, base.Add(time.Duration(rapid.IntRange(0, 1e6).Draw(t, "age"))*time.Millisecond), `W/"1"`)
		return b.Resource()
	})
}

var base = time.Date(2026, 2, 28, 23, 59, 59, 0, time.UTC)

// Value generates whole values of p: for a multi-valued attribute lists of up
// to four elements. Complex values may come out unassigned.
func Value(p schema.Path) *rapid.Generator[schema.Value] {
	if !p.MultiValued() {
		return Element(p)
	}
	return rapid.Map(rapid.SliceOfN(Element(p), 0, 4), func(elements []schema.Value) schema.Value {
		return schema.List(elements...)
	})
}

// Element generates single values of p: for a multi-valued attribute one
// element.
func Element(p schema.Path) *rapid.Generator[schema.Value] {
	if p.Kind() == schema.KindComplex {
		return complexValue(p)
	}
	return rapid.Custom(func(t *rapid.T) schema.Value {
		texts := lexical[p.Kind()]
		if words := p.Attribute().CanonicalValues; len(words) > 0 {
			texts = slices.Concat(texts, words)
		}
		v, ok := schema.ParseValue(p.Kind(), rapid.SampledFrom(texts).Draw(t, p.Name()))
		if !ok {
			t.Fatalf("no value of %s", p)
		}
		return v
	})
}

func complexValue(p schema.Path) *rapid.Generator[schema.Value] {
	return rapid.Custom(func(t *rapid.T) schema.Value {
		var fields []schema.Field
		for sub := range p.Subs() {
			if !rapid.Bool().Draw(t, "leave out "+sub.Name()) {
				fields = append(fields, schema.Field{Path: sub, Value: Value(sub).Draw(t, sub.Name())})
			}
		}
		return schema.Complex(fields...)
	})
}

// lexical holds texts of each kind that look alike, compare equal, or need
// escaping.
var lexical = map[schema.Kind][]string{
	schema.KindString: {
		"a", "A", "b", "ab", "aB c", "work", "ä", "Ä", "ß", "ſ", "K", "😀", "1", "true", "10", "9",
		`"`, `\`, "\x00", "\n", "\u2028", "%_*", "'", "a@example.com", "https://example.com/Things/1",
	},
	schema.KindReference: {"https://example.com/v2/Things/1", "../Things/1", "Things/1", "urn:example:1", "HTTPS://EXAMPLE.COM"},
	schema.KindBoolean:   {"true", "false"},
	schema.KindInteger:   {"0", "-0", "1", "-1", "9", "10", "9007199254740993", "123456789012345678901234567890"},
	schema.KindDecimal:   {"0", "0.0", "1", "1.0", "1e0", "-1.5", "10", "9.9", "0.1", "1e400", "123456789.123456789123456789"},
	schema.KindDateTime: {
		"2026-01-01T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01T01:00:00+01:00", "2025-12-31T24:00:00Z",
		"2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00.500000000001Z", "2024-02-29T12:30:00-05:30",
	},
	schema.KindBinary: {"", "YQ==", "YQ", "+/8=", "-_8", "AAECAw=="},
}

// Path generates paths of attributes and sub-attributes of typ.
func Path(typ *schema.ResourceType) *rapid.Generator[schema.Path] {
	return rapid.SampledFrom(slices.Collect(typ.AllPaths()))
}

// Spelling generates texts that differ from text in letter case only.
func Spelling(text string) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		mask := rapid.Uint64().Draw(t, "spelling")
		i := 0
		return strings.Map(func(r rune) rune {
			i++
			switch {
			case r > unicode.MaxASCII:
				return r
			case mask>>(i%64)&1 == 1:
				return unicode.ToUpper(r)
			default:
				return unicode.ToLower(r)
			}
		}, text)
	})
}
