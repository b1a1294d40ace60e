package filter_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// FuzzParse: no text causes a panic; a fault has a position inside the text;
// canonical text is stable and matches the same resources, even in strict mode.
func FuzzParse(f *testing.F) {
	for _, tt := range matchTests {
		f.Add(tt.text)
	}
	resources := []*schema.Resource{barbara(f), user.New().Resource()}
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := filter.Parse(user, text, nil)
		if err != nil {
			checkFault(t, text, err, filter.ErrFilter)
			return
		}
		again, err := filter.Parse(user, parsed.String(), &filter.Options{MaxBytes: 1 << 20, MaxDepth: 200, Off: canonicalOff})
		if err != nil || again.String() != parsed.String() || structure(again.Expr()) != structure(parsed.Expr()) {
			t.Fatalf("%s became %v, %v", parsed, again, err)
		}
		for _, r := range resources {
			if parsed.Match(r) != again.Match(r) {
				t.Errorf("%q matches otherwise than %s", text, again)
			}
		}
	})
}

// FuzzParsePath does the same for paths.
func FuzzParsePath(f *testing.F) {
	for _, seed := range []string{
		`userName`, `name.familyName`, `emails[type eq "work"].value`, `members[value eq "1"]`, enterpriseURN, enterpriseURN + `.manager`,
		testURN + `:tags[value eq "x"]`, `emails[nope pr]`, `emails[type eq "work"`, `password`,
	} {
		f.Add(seed)
	}
	work := element(user, "emails", map[string]schema.Value{"type": str("work")})
	f.Fuzz(func(t *testing.T, text string) {
		p, err := filter.ParsePath(user, text, nil)
		if err != nil {
			if !errors.Is(err, filter.ErrFilter) {
				checkFault(t, text, err, filter.ErrPath)
			}
			return
		}
		again, err := filter.ParsePath(user, p.String(), &filter.Options{MaxBytes: 1 << 20, MaxDepth: 200, Off: canonicalOff})
		if err != nil || again.String() != p.String() || again.Target() != p.Target() {
			t.Fatalf("%s became %v, %v", p, again, err)
		}
		if p.Filter != nil && p.Filter.MatchValue(work) != again.Filter.MatchValue(work) {
			t.Errorf("%q matches otherwise than %s", text, again)
		}
	})
}

func checkFault(t *testing.T, text string, err, want error) {
	t.Helper()
	var e *filter.Error
	if !errors.Is(err, want) || !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(text) || e.Found == "" || e.Expected == "" {
		t.Fatalf("%q: %#v", text, err)
	}
}

// Whatever walks a tree recurses; the deepest tree that can be asked for must
// not be a problem.
func TestDeepestTree(t *testing.T) {
	const depth = 1000
	tests := map[string]string{
		"alternating": strings.Repeat(`title pr and (title eq "x" or (`, depth/2) + "id pr" + strings.Repeat("))", depth/2),
		"not":         strings.Repeat(`not (title pr and `, depth) + "id pr" + strings.Repeat(")", depth),
		"flat":        strings.Repeat(`title pr and (`, depth) + "id pr" + strings.Repeat(")", depth),
		"wide":        strings.Repeat(`title pr or `, 100_000) + "id pr",
	}
	o := &filter.Options{MaxBytes: 1 << 24, MaxDepth: depth, MaxTerms: 1 << 20}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			f, err := filter.Parse(user, text, o)
			if err != nil {
				t.Fatal(err)
			}
			again, err := filter.FromAST(user, filter.ToAST(f.Expr()), o)
			if err != nil || again.String() != f.String() {
				t.Errorf("lost on the way through the other tree: %v", err)
			}
			f.Match(user.New().Resource())
			if _, err := filter.Parse(user, text, nil); !errors.Is(err, filter.ErrFilter) {
				t.Errorf("within the default limits: %v", err)
			}
		})
	}
}
