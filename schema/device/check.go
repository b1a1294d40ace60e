package device

import (
	"errors"
	"regexp"
	"unicode/utf8"

	"github.com/muster-scim/muster/schema"
)

const (
	macDetail     = `must be six pairs of hexadecimal digits with ":" between them`
	eui64Detail   = `must be eight pairs of hexadecimal digits with ":" between them`
	passKeyDetail = "must be a number of six digits"
	typeDetail    = "must be deviceControl or telemetry"
	tokenDetail   = "must not be longer than 500 characters"
)

var (
	isMAC     = matches(`^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$`)
	isEUI64   = matches(`^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){7}$`)
	isPassKey = matches(`^[0-9]{1,6}$`) // a number has no leading zeros
	isAppType = matches(`^(?i:deviceControl|telemetry)$`)
)

var formats = []schema.Format{
	{Path: BLEURN + ":deviceMacAddress", Valid: isMAC, Detail: macDetail},
	{Path: BLEURN + ":separateBroadcastAddress", Valid: isMAC, Detail: macDetail},
	{Path: BLEURN + ":" + PairingPassKeyURN + ":key", Valid: isPassKey, Detail: passKeyDetail},
	{Path: DPPURN + ":deviceMacAddress", Valid: isMAC, Detail: macDetail},
	{Path: EthernetMABURN + ":deviceMacAddress", Valid: isMAC, Detail: macDetail},
	{Path: ZigbeeURN + ":deviceEui64Address", Valid: isEUI64, Detail: eui64Detail},
	{Path: EndpointAppURN + ":applicationType", Valid: isAppType, Detail: typeDetail},
	{Path: EndpointAppURN + ":clientToken", Valid: isToken, Detail: tokenDetail},
}

func matches(pattern string) func(schema.Value) bool {
	compiled := regexp.MustCompile(pattern)
	return func(v schema.Value) bool { return compiled.MatchString(v.Text()) }
}

func isToken(v schema.Value) bool { return utf8.RuneCountInString(v.Text()) <= 500 }

// Check reports what in r breaks the rules of RFC 9944 that a schema cannot
// express: the form of addresses and pass keys (§7.1.1, §7.1.3, §7.3.1, §7.5.1),
// the values of applicationType and the length of clientToken (§6.2), and that
// an irk goes with isRandom and without separateBroadcastAddress (§7.1.1). The
// error is a *schema.ValidationError that lists every problem. Resources of
// other types, and parts whose extension the type does not have, are fine. It
// can be scim.Config.Check.
func Check(r *schema.Resource) error {
	found := checkIRK(r)
	var misformed *schema.ValidationError
	if errors.As(schema.CheckFormats(r, formats...), &misformed) {
		found = append(misformed.Problems, found...)
	}
	if len(found) == 0 {
		return nil
	}
	return &schema.ValidationError{Problems: found}
}

// checkIRK checks what goes together with an identity resolving key.
func checkIRK(r *schema.Resource) (found []*schema.PathError) {
	t := r.Type()
	irk, err := t.Path(BLEURN + ":irk")
	if err != nil || r.Get(irk).IsZero() {
		return nil
	}
	report := func(p schema.Path, detail string) {
		found = append(found, &schema.PathError{Path: p.String(), Offset: -1, Err: schema.ErrValue, Detail: detail})
	}
	if p, err := t.Path(BLEURN + ":isRandom"); err == nil && !r.Get(p).Bool() {
		report(irk, "belongs to a random address, but isRandom is not true")
	}
	if p, err := t.Path(BLEURN + ":separateBroadcastAddress"); err == nil && !r.Get(p).IsZero() {
		report(p, "must not be set together with irk")
	}
	return found
}
