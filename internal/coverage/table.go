package main

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
)

// titles names the RFCs in the order in which the page shows them.
var titles = []struct{ rfc, title string }{
	{"7643", "Core Schema"},
	{"7644", "Protocol"},
	{"9865", "Cursor-Based Pagination"},
	{"9967", "Profile for Security Event Tokens"},
	{"9944", "Device Schema Extensions (only where Device resources are offered)"},
}

const introduction = `# Requirements and their tests

Every statement of the SCIM RFCs that binds a service provider, in our words (the RFC decides), and the tests that carry its id. Level RULE is behaviour
that the text fixes without a keyword; EID is an RFC Editor erratum, AMB a point
that the text leaves open (see [readings.md](readings.md)). An open row has no test by that name; it may still be met.
Written by ` + "`go run ./internal/coverage`" + `.

| RFC | rows | with tests | no test expected | open | open MUST and MUST NOT |
|---|--:|--:|--:|--:|--:|
`

// shown limits how many places a row names.
const shown = 3

func renderRequirements(requirements []requirement, found places) []byte {
	var b bytes.Buffer
	b.WriteString(introduction)
	for _, t := range titles {
		writeCounts(&b, t.rfc, requirements, found)
	}
	for _, t := range titles {
		fmt.Fprintf(&b, "\n## RFC %s: %s\n\n| id | level | requirement | tests |\n|---|---|---|---|\n", t.rfc, t.title)
		for _, r := range requirements {
			if r.rfc() == t.rfc {
				fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.id, r.level, r.text, cmp.Or(links(found[r.id]), r.note))
			}
		}
	}
	return b.Bytes()
}

func writeCounts(b *bytes.Buffer, rfc string, requirements []requirement, found places) {
	var rows, tested, excused, open, must int
	for _, r := range requirements {
		if r.rfc() != rfc {
			continue
		}
		rows++
		switch {
		case len(found[r.id]) > 0:
			tested++
		case r.note != "":
			excused++
		default:
			open++
			if strings.HasPrefix(r.level, "MUST") {
				must++
			}
		}
	}
	fmt.Fprintf(b, "| %s | %d | %d | %d | %d | %d |\n", rfc, rows, tested, excused, open, must)
}

const readingsIntroduction = `# How Muster reads what the RFCs leave open

The numbers are stable, and tests carry them. A row without tests is the decision alone. Where a client needs another reading, it is a named tolerance or a
configuration field, described where it is declared. Written by ` + "`go run ./internal/coverage`" + `.

| id | the text leaves open | reading | tests |
|---|---|---|---|
`

func renderReadings(readings []reading, found places) []byte {
	var b bytes.Buffer
	b.WriteString(readingsIntroduction)
	for _, r := range readings {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.id, r.question, r.answer, links(found[r.id]))
	}
	return b.Bytes()
}

// links is the last cell of a row: the first places and the number of others.
func links(at []place) string {
	var cells []string
	for _, p := range at[:min(len(at), shown)] {
		cells = append(cells, fmt.Sprintf("[%s](../%s)", p.name, p.file))
	}
	if more := len(at) - shown; more > 0 {
		cells = append(cells, fmt.Sprintf("+%d", more))
	}
	return strings.Join(cells, ", ")
}
