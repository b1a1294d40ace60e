package schema

import (
	"math/big"
	"strings"
	"time"
)

// ParseDateTime reads an xsd:dateTime with both date and time (RFC 7643
// §2.3.5). Any number of fraction digits and any offset is accepted; without a
// zone the time is UTC. Fractions beyond nanoseconds are cut off.
func ParseDateTime(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// maxExponent bounds the work of expanding a decimal: 10^4096 has 1.7 kB.
const maxExponent = 4096

// parseRat reads a JSON number exactly.
func parseRat(text string) *big.Rat {
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		digits := strings.TrimLeft(text[i+1:], "+-0")
		if len(digits) > 4 || len(digits) == 4 && digits > "4096" {
			return nil
		}
	}
	if len(text) > maxExponent {
		return nil
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil
	}
	return r
}
