package main

import (
	"fmt"
	"strings"
)

// reading is a point that the RFCs leave open, and how Muster takes it.
type reading struct {
	id       string // AMB-<number>
	question string
	answer   string
}

// parseReadings reads one reading per line: id, question, answer.
func parseReadings(table string) (all []reading, err error) {
	for line := range strings.Lines(table) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 3 || !wholeID(f[0]) {
			return nil, fmt.Errorf("not a reading: %q", line)
		}
		all = append(all, reading{f[0], f[1], f[2]})
	}
	return all, nil
}
