package main

import (
	"fmt"
	"strings"
)

// parseKept reads the changes that make no difference: lines of a change, as
// run prints it, with the reason indented below.
func parseKept(text string) (reasons map[string]string, err error) {
	reasons = map[string]string{}
	var keys []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		reason, indented := strings.CutPrefix(line, "\t")
		switch {
		case line == "" || line[0] == '#':
		case indented && len(keys) == 0:
			return nil, fmt.Errorf("kept.txt: a reason without a change: %s", reason)
		case indented:
			for _, key := range keys {
				reasons[key] = reason
			}
			keys = nil
		default:
			keys = append(keys, line)
		}
	}
	if len(keys) > 0 {
		return nil, fmt.Errorf("kept.txt: no reason for %s", keys[0])
	}
	return reasons, nil
}
