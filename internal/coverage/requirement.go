package main

import (
	"fmt"
	"strings"
)

// requirement is one statement of an RFC that binds a service provider.
type requirement struct {
	id    string // <RFC>-<section>-<number>
	level string // MUST, MUST NOT, SHOULD, SHOULD NOT, MAY or RULE
	area  string // what it concerns; host marks a duty of the embedding service
	text  string
	note  string // why no test is expected, where that is so
}

// rfc returns the number of the RFC.
func (r requirement) rfc() string {
	number, _, _ := strings.Cut(r.id, "-")
	return number
}

// parseRequirements reads one requirement per line: id, level, area, text. A
// line of notes gives an id and the reason why no test is expected.
func parseRequirements(table, notes string) ([]requirement, error) {
	reasons, err := parseNotes(notes)
	if err != nil {
		return nil, err
	}
	var all []requirement
	for line := range strings.Lines(table) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 4 || !wholeID(f[0]) {
			return nil, fmt.Errorf("not a requirement: %q", line)
		}
		r := requirement{id: f[0], level: f[1], area: f[2], text: f[3], note: reasons[f[0]]}
		if r.area == "host" && r.note == "" {
			r.note = "duty of the host"
		}
		delete(reasons, r.id)
		all = append(all, r)
	}
	for id := range reasons {
		return nil, fmt.Errorf("a note on %s, which is not a requirement", id)
	}
	return all, nil
}

func parseNotes(notes string) (map[string]string, error) {
	reasons := map[string]string{}
	for line := range strings.Lines(notes) {
		id, reason, ok := strings.Cut(strings.TrimSpace(line), "\t")
		switch {
		case id == "" || id[0] == '#':
		case !ok:
			return nil, fmt.Errorf("a note without a reason: %q", line)
		default:
			reasons[id] = reason
		}
	}
	return reasons, nil
}
