package benchmarks

import (
	"errors"
	"fmt"
	"strings"

	parser "github.com/scim2/filter-parser/v2"

	"github.com/muster-scim/muster/filter"
)

const lookup = `userName eq "x"`

func filterGoals() []Goal {
	return []Goal{
		{Name: "filter-parser over parse and bind " + lookup, Limit: 50, AtLeast: true, Unit: Times,
			Measure: func(l *Lab) (Measurement, error) { return l.ratio(otherParse, parse(lookup)) }},
		{Name: "parse and bind " + lookup, Limit: 2000, Unit: Nanoseconds,
			Measure: func(l *Lab) (Measurement, error) { return l.fastest(parse(lookup)) }},
		// A fault in the last byte ends the work before anything is bound. What
		// the error costs is part of the number, so it is an upper bound.
		{Name: "of which parsing", Limit: 500, Unit: Nanoseconds,
			Measure: func(l *Lab) (Measurement, error) { return l.fastest(parseOnly(lookup + ")")) }},
		{Name: "time per byte, text of 16 kB over text of 16 bytes", Limit: 1, Unit: Times, Measure: measureParseLength},
		{Name: "match a simple equality", Limit: 100, Unit: Nanoseconds, Measure: measureMatch((*Lab).fastest)},
		{Name: "match a simple equality", Limit: 0, Unit: Allocations,
			Measure: measureMatch(func(_ *Lab, w Work) (Measurement, error) { return allocations(w) })},
	}
}

func otherParse() error {
	_, err := parser.ParseFilter([]byte(lookup))
	return err
}

func parse(text string) Work {
	return func() error {
		_, err := filter.Parse(userType, text, nil)
		return err
	}
}

func parseOnly(text string) Work {
	return func() error {
		if _, err := filter.Parse(userType, text, nil); !errors.Is(err, filter.ErrFilter) {
			return fmt.Errorf("%s: want a syntax error, got %w", text, err)
		}
		return nil
	}
}

func measureParseLength(l *Lab) (Measurement, error) {
	short, long := `title eq "guide"`, `title eq "`+strings.Repeat("x", filter.DefaultMaxBytes-11)+`"`
	t, err := l.interleave(parse(long), parse(short))
	if err != nil {
		return Measurement{}, err
	}
	perByte := t[0].over(t[1]) * float64(len(short)) / float64(len(long))
	return Measurement{perByte, fmt.Sprintf("%s : %s", took(t[0].median()), took(t[1].median()))}, nil
}

func measureMatch(how func(*Lab, Work) (Measurement, error)) func(*Lab) (Measurement, error) {
	return func(l *Lab) (Measurement, error) {
		r, err := decodeUser(enterpriseUser)
		if err != nil {
			return Measurement{}, err
		}
		f := filter.MustParse(userType, `userName eq "bjensen@example.com"`)
		return how(l, func() error {
			if !f.Match(r) {
				return errors.New("no match")
			}
			return nil
		})
	}
}
