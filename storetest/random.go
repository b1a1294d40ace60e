package storetest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// random makes resources of ProbeType and filters on them. The values are few,
// so that filters match now and then, and awkward: equal but for letter case,
// for the way a number is written, for an offset, or for a wildcard.
type random struct{ *rand.Rand }

func newRandom(seed uint64) random { return random{rand.New(rand.NewPCG(seed, 7))} }

var (
	randomTexts = []string{
		"a", "A", "ab", "AB", "b", "a b", "straße", "STRASSE", "İ", "i", "ı", "é", "e\u0301", "%", "a%", "_", `\`, `"`, "'", "",
		"a\x00b", "\U0001F600", "ﬀ", "10", "9",
	}
	randomIntegers = []string{"0", "1", "-1", "10", "9", "9007199254740993", "9007199254740992", "123456789012345678901234567890"}
	randomDecimals = []string{"0.5", "0.50", "5e-1", "1", "1.0", "-0.0", "0", "1e3", "1000", "0.1", "0.10000000000000001"}
	randomTimes    = []string{
		"2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00", "2024-01-01T00:00:00.000Z", "2023-12-31T23:59:59.999Z",
		"2024-01-01T00:00:00", "2024-06-01T12:00:00-07:00", "2024-01-01T00:00:00.0001Z",
	}
)

func pick[T any](r random, from []T) T { return from[r.IntN(len(from))] }

func (r random) text() string { return pick(r, randomTexts) }

// resource makes the JSON of a random resource.
func (r random) resource(i int) string {
	var fields []string
	add := func(share float64, format string, args ...any) {
		if r.Float64() < share {
			fields = append(fields, fmt.Sprintf(format, args...))
		}
	}
	add(0.9, `"externalId":%q`, "e"+strconv.Itoa(i%7))
	add(0.7, `"label":%s`, quote(r.text()))
	add(0.7, `"code":%s`, quote(r.text()))
	add(0.5, `"flag":%t`, r.IntN(2) == 0)
	add(0.7, `"count":%s`, pick(r, randomIntegers))
	add(0.7, `"ratio":%s`, pick(r, randomDecimals))
	add(0.7, `"seen":%q`, pick(r, randomTimes))
	add(0.5, `"blob":%q`, base64.StdEncoding.EncodeToString([]byte(r.text())))
	add(0.5, `"link":%q`, "https://example.com/"+strconv.Itoa(r.IntN(3)))
	add(0.6, `"tags":[%s,%s]`, quote(r.text()+"x"), quote(r.text()+"y"))
	add(0.5, `"sizes":[%s]`, pick(r, randomIntegers))
	add(0.6, `"place":{"city":%s,"floor":%s}`, quote(r.text()+"1"), pick(r, randomIntegers))
	add(0.6, `"contacts":[{"value":%s,"type":"work","rank":%d},{"value":%s,"type":"Home","primary":true}]`,
		quote(r.text()+"c"), r.IntN(3), quote(r.text()+"d"))
	add(0.5, `"urn:ietf:params:scim:schemas:extension:storetest:2.0:Probe":{"note":%s,"level":%d}`, quote(r.text()+"n"), r.IntN(3))
	return "{" + strings.Join(fields, ",") + "}"
}

// quote writes a JSON string.
func quote(text string) string {
	data, _ := json.Marshal(text) // a string always has a JSON form
	return string(data)
}

// operand describes an attribute that filters compare with.
type operand struct {
	path      string
	operators []string
	value     func(random) string
}

var (
	allOps   = []string{"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"}
	orderOps = []string{"eq", "ne", "gt", "ge", "lt", "le"}
	equalOps = []string{"eq", "ne"}
)

func textOperand(r random) string    { return quote(r.text()) }
func integerOperand(r random) string { return pick(r, randomIntegers) }

var operands = []operand{
	{"label", allOps, textOperand},
	{"code", allOps, textOperand},
	{"externalId", allOps, func(r random) string { return quote("e" + strconv.Itoa(r.IntN(8))) }},
	{"flag", equalOps, func(r random) string { return strconv.FormatBool(r.IntN(2) == 0) }},
	{"count", orderOps, integerOperand},
	{"ratio", orderOps, func(r random) string { return pick(r, randomDecimals) }},
	{"seen", orderOps, func(r random) string { return quote(pick(r, randomTimes)) }},
	{"blob", equalOps, func(r random) string { return quote(base64.StdEncoding.EncodeToString([]byte(r.text()))) }},
	{"link", allOps, func(r random) string { return quote("https://example.com/" + strconv.Itoa(r.IntN(3))) }},
	{"tags", allOps, func(r random) string { return quote(r.text() + "x") }},
	{"sizes", orderOps, integerOperand},
	{"place.city", allOps, func(r random) string { return quote(r.text() + "1") }},
	{"place.floor", orderOps, integerOperand},
	{"contacts.value", allOps, func(r random) string { return quote(r.text() + "c") }},
	{"contacts", allOps, func(r random) string { return quote(r.text() + "d") }},
	{"contacts.type", allOps, func(r random) string { return quote(pick(r, []string{"work", "HOME", "o"})) }},
	{"contacts.primary", equalOps, func(r random) string { return strconv.FormatBool(r.IntN(2) == 0) }},
	{"urn:ietf:params:scim:schemas:extension:storetest:2.0:Probe:note", allOps, func(r random) string { return quote(r.text() + "n") }},
	{"meta.created", orderOps, func(r random) string { return quote(pick(r, randomTimes)) }},
}

// filter makes the text of a random filter with nested terms.
func (r random) filter(depth int) string {
	if depth > 0 {
		switch r.IntN(6) {
		case 0, 1:
			return "(" + r.filter(depth-1) + " and " + r.filter(depth-1) + ")"
		case 2, 3:
			return "(" + r.filter(depth-1) + " or " + r.filter(depth-1) + ")"
		case 4:
			return "not (" + r.filter(depth-1) + ")"
		}
	}
	return r.term()
}

func (r random) term() string {
	switch r.IntN(8) {
	case 0:
		return pick(r, operands).path + " pr"
	case 1:
		return fmt.Sprintf(`contacts[type eq %s and value sw %s]`, quote(pick(r, []string{"work", "home"})), quote(r.text()))
	case 2:
		return fmt.Sprintf(`contacts[not (rank gt %d) or primary eq true]`, r.IntN(3))
	}
	o := pick(r, operands)
	return o.path + " " + pick(r, o.operators) + " " + o.value(r)
}
