package sqlstore

import (
	"encoding/binary"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/muster-scim/muster/schema"
)

// sortKey returns the prepared key of a value: equal values and no others have
// equal keys, and the order of keys as bytes is that of filter.Sort.
func sortKey(p schema.Path, v schema.Value) string {
	switch v.Kind() {
	case schema.KindInteger, schema.KindDecimal:
		return numberKey(v.Text())
	case schema.KindBinary:
		return strings.TrimRight(p.FoldValue(v), "=")
	}
	return p.FoldValue(v)
}

// foldedKey returns the key of a value of which only the schema.Key is there.
func foldedKey(p schema.Path, text string) string {
	switch p.Kind() {
	case schema.KindInteger, schema.KindDecimal:
		if r, ok := new(big.Rat).SetString(text); ok && strings.Contains(text, "/") {
			digits, _ := r.FloatPrec()
			text = r.FloatString(digits)
		}
		return numberKey(text)
	case schema.KindBinary:
		return strings.TrimRight(text, "=")
	}
	return text
}

// The first byte of the key of a number.
const (
	negative = 1 + iota
	zero
	positive
)

// numberKey writes a JSON number of any size so that keys compare as numbers:
// its sign, the power of ten of its first digit, and its digits without zeros
// at the end. Those of a negative number are turned around.
func numberKey(text string) string {
	text, below := strings.CutPrefix(text, "-")
	mantissa, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	magnitude := int64(len(digits)-len(fraction)) + parseExponent(exponent) // of 0.digits
	digits = strings.TrimRight(digits, "0")
	if digits == "" {
		return string([]byte{zero})
	}
	key := binary.BigEndian.AppendUint64([]byte{positive}, uint64(magnitude)^(1<<63))
	key = append(key, digits...)
	if below {
		for i := range key {
			key[i] = ^key[i]
		}
		key[0] = negative
		key = append(key, math.MaxUint8)
	}
	return string(key)
}

// parseExponent reads an exponent; what it cannot hold becomes a bound that
// leaves room for the place of the first digit.
func parseExponent(text string) int64 {
	const bound = math.MaxInt64 / 4
	e, _ := strconv.ParseInt(strings.TrimPrefix(text, "+"), 10, 64) // out of range: the nearest
	return min(max(e, -bound), bound)
}
