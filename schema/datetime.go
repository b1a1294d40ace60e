package schema

import (
	"math/big"
	"strings"
	"time"
)

// parseDateTime reads an xsd:dateTime with both date and time (RFC 7643
// §2.3.5). Any number of fraction digits and any offset is accepted; without a
// zone the time is UTC. Fractions beyond nanoseconds are cut off. The result is
// in UTC.
func parseDateTime(text string) (time.Time, bool) {
	if !isDateTime(text) {
		return time.Time{}, false
	}
	rest, nanoseconds := text[len(dateTimeForm):], 0
	if rest != "" && rest[0] == '.' {
		digits := rest[1:]
		for rest = digits; rest != "" && isDigit(rest[0]); rest = rest[1:] {
		}
		digits = digits[:len(digits)-len(rest)]
		nanoseconds = number((digits + "000000000")[:9])
	}
	t := time.Date(number(text[0:4]), time.Month(number(text[5:7])), number(text[8:10]),
		number(text[11:13]), number(text[14:16]), number(text[17:19]), nanoseconds, time.UTC)
	return t.Add(-zoneOffset(rest)), true
}

func zoneOffset(zone string) time.Duration {
	if len(zone) < len("+00:00") {
		return 0
	}
	offset := time.Duration(number(zone[1:3]))*time.Hour + time.Duration(number(zone[4:6]))*time.Minute
	if zone[0] == '-' {
		return -offset
	}
	return offset
}

// maxExponent bounds the work of expanding a decimal: 10^4096 has 1.7 kB.
const maxExponent = 4096

// parseRat reads a JSON number exactly.
func parseRat(text string) *big.Rat {
	_, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	digits := strings.TrimLeft(exponent, "+-0")
	if len(digits) > 4 || len(digits) == 4 && digits > "4096" || len(text) > maxExponent {
		return nil
	}
	r, _ := new(big.Rat).SetString(text)
	return r
}
