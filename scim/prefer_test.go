package scim

import (
	"strings"
	"testing"
	"time"
)

func TestParsePrefer(t *testing.T) {
	for _, c := range []struct {
		lines []string
		want  preferences
	}{
		{nil, preferences{}},
		{[]string{"respond-async"}, preferences{async: true}},
		{[]string{"Respond-Async ; x=y"}, preferences{async: true}},
		{[]string{`respond-async=""`}, preferences{async: true}},
		{[]string{"respond-async, wait=10"}, preferences{true, 10 * time.Second}},
		{[]string{"wait=10", "respond-async"}, preferences{true, 10 * time.Second}},
		{[]string{`WAIT = "7"`, "wait=10"}, preferences{wait: 7 * time.Second}},
		{[]string{`foo="a, respond-async; wait=3", wait=5`}, preferences{wait: 5 * time.Second}},
		{[]string{`foo="a\", respond-async"; bar`}, preferences{}},
		{[]string{`foo="a\\", respond-async`}, preferences{async: true}},
		{[]string{"respond-async=1, respond-async"}, preferences{}}, // the first counts
		{[]string{"wait=-1"}, preferences{}},
		{[]string{"wait=1.5"}, preferences{}},
		{[]string{"wait=99999999999999999999"}, preferences{}},
		{[]string{"wait"}, preferences{}},
		{[]string{",,;=, =,respond-async"}, preferences{async: true}},
		{[]string{`"respond-async"`}, preferences{}},
		{[]string{"respond async"}, preferences{}},
	} {
		if got := parsePrefer(c.lines); got != c.want {
			t.Errorf("%q: got %+v", c.lines, got)
		}
	}
}

func FuzzParsePrefer(f *testing.F) {
	for _, seed := range []string{"respond-async", "wait=10, respond-async", `foo="a\"`, `a="b;c", d;e=f`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		p := parsePrefer([]string{line})
		if p.wait < 0 || p.async && !strings.Contains(strings.ToLower(line), "respond-async") {
			t.Errorf("%q: %+v", line, p)
		}
		// What comes after in another line changes nothing that was said, and the
		// pieces of a list make the list again.
		if again := parsePrefer([]string{line, line}); again != p {
			t.Errorf("%q twice: %+v", line, again)
		}
		first, rest := cutQuoted(line, ',')
		if joined := first + "," + rest; joined != line && first != line {
			t.Errorf("%q is cut into %q and %q", line, first, rest)
		}
	})
}
