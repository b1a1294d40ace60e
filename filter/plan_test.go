package filter_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/filter"
)

func TestConjuncts(t *testing.T) {
	tests := []struct{ text, want string }{
		{`title pr`, `title pr`},
		{`title pr and (active pr and id pr)`, `title pr; active pr; id pr`},
		{`title pr or id pr`, `title pr or id pr`},
		{`not (title pr and id pr)`, `not (title pr and id pr)`},
	}
	for _, tt := range tests {
		var got []string
		for e := range filter.Conjuncts(filter.MustParse(user, tt.text).Expr()) {
			got = append(got, e.String())
		}
		if strings.Join(got, "; ") != tt.want {
			t.Errorf("%s: %q", tt.text, got)
		}
	}
	for range filter.Conjuncts(filter.MustParse(user, `title pr and id pr`).Expr()) {
		break // stopping early must not panic
	}
}

func TestAnyOf(t *testing.T) {
	tests := []struct {
		text, path string
		values     []string // nil: not demanded
	}{
		{`userName eq "x"`, "userName", []string{"x"}},
		{`userName ne "x"`, "userName", nil},
		{`userName sw "x"`, "userName", nil},
		{`title eq "x"`, "userName", nil},
		{`title pr and (userName eq "x" and id pr)`, "userName", []string{"x"}},
		{`userName eq "x" or title pr`, "userName", nil},
		{`userName eq "x" or userName eq "y" and title pr`, "userName", []string{"x", "y"}},
		{`(userName eq "x" or userName eq "y") and userName eq "z"`, "userName", []string{"z"}},
		{`not (userName ne "x")`, "userName", []string{"x"}},
		{`emails.value eq "x"`, "emails.value", []string{"x"}},
		{`emails[type eq "work" and value eq "x"]`, "emails.value", []string{"x"}},
		{`emails[value eq "a" or value eq "b"]`, "emails.value", []string{"a", "b"}},
		{`not (emails[value eq "a"])`, "emails.value", nil},
		{testURN + `:tags[value eq "a"]`, testURN + ":tags", []string{"a"}},
	}
	for _, tt := range tests {
		e, p := filter.MustParse(user, tt.text).Expr(), user.MustPath(tt.path)
		var got []string
		values, ok := filter.AnyOf(e, p)
		for _, v := range values {
			got = append(got, v.Text())
		}
		if ok != (tt.values != nil) || !slices.Equal(got, tt.values) {
			t.Errorf("AnyOf(%s, %s) = %q, %t", tt.text, p, got, ok)
		}
		v, ok := filter.EqualityOn(e, p)
		if ok != (len(tt.values) == 1) || ok && v.Text() != tt.values[0] {
			t.Errorf("EqualityOn(%s, %s) = %s, %t", tt.text, p, v, ok)
		}
	}
}

func TestPrefixOn(t *testing.T) {
	tests := []struct {
		text, want string
		ok         bool
	}{
		{`userName sw "ab"`, "ab", true},
		{`userName eq "ab"`, "ab", true},
		{`title pr and userName sw "a" and userName sw "ab"`, "ab", true},
		{`userName sw "ab" or title pr`, "", false},
		{`userName ew "ab"`, "", false},
		{`userName sw "" and title pr`, "", true},
		{`title pr and id pr`, "", false},
		{`not (userName sw "ab")`, "", false},
	}
	for _, tt := range tests {
		got, ok := filter.PrefixOn(filter.MustParse(user, tt.text).Expr(), user.MustPath("userName"))
		if got != tt.want || ok != tt.ok {
			t.Errorf("PrefixOn(%s) = %q, %t", tt.text, got, ok)
		}
	}
	if got, ok := filter.PrefixOn(filter.MustParse(user, `emails[value sw "x"]`).Expr(), user.MustPath("emails.value")); got != "x" || !ok {
		t.Errorf("PrefixOn inside brackets = %q, %t", got, ok)
	}
}
