package scim

import (
	"strconv"
	"strings"
	"time"
)

// preferences are what a client prefers (RFC 7240), as far as it is known here.
type preferences struct {
	async bool          // respond-async
	wait  time.Duration // at most so long before that; 0 if not given
}

// parsePrefer reads the lines of a Prefer header. Preferences that are unknown
// or malformed are ignored (RFC 7240 §2), and of one that is there several times
// the first counts.
func parsePrefer(lines []string) (p preferences) {
	if len(lines) == 0 {
		return p
	}
	seen := map[string]bool{}
	for _, line := range lines {
		for line != "" {
			var item string
			item, line = cutQuoted(line, ',')
			name, value, ok := preference(item)
			if !ok || seen[name] {
				continue
			}
			seen[name] = true
			p.set(name, value)
		}
	}
	return p
}

func (p *preferences) set(name, value string) {
	switch name {
	case "respond-async":
		p.async = value == "" // it has none
	case "wait":
		if n, err := strconv.ParseUint(value, 10, 31); err == nil {
			p.wait = time.Duration(n) * time.Second
		}
	}
}

// preference reads a name and its value, without parameters. The name is in
// lower case.
func preference(item string) (name, value string, ok bool) {
	item, _ = cutQuoted(item, ';')
	name, value, _ = strings.Cut(item, "=")
	name, value = strings.ToLower(strings.Trim(name, " \t")), strings.Trim(value, " \t")
	if quoted, is := strings.CutPrefix(value, `"`); is {
		if value, is = strings.CutSuffix(quoted, `"`); !is {
			return "", "", false
		}
	}
	return name, value, name != "" && !strings.ContainsAny(name, "\" \t")
}

// cutQuoted splits a list at the first separator outside of quotes.
func cutQuoted(list string, separator byte) (first, rest string) {
	quoted := false
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == separator && !quoted:
			return list[:i], list[i+1:]
		}
	}
	return list, ""
}
