package device

import (
	"regexp"
	"strings"

	"github.com/muster-scim/muster/schema"
)

// form is a rule of RFC 9944 about the text of an attribute.
type form struct {
	path   string
	valid  func(text string) bool
	detail string
}

var (
	macAddress   = regexp.MustCompile(`^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$`).MatchString
	eui64Address = regexp.MustCompile(`^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){7}$`).MatchString
	passKey      = regexp.MustCompile(`^[0-9]{1,6}$`).MatchString // a number has no leading zeros
)

const (
	macDetail     = `wants six pairs of hexadecimal digits with ":" between them`
	eui64Detail   = `wants eight pairs of hexadecimal digits with ":" between them`
	passKeyDetail = "wants a number of six digits"
	appDetail     = "wants deviceControl or telemetry"
)

var forms = []form{
	{BLEURN + ":deviceMacAddress", macAddress, macDetail},
	{BLEURN + ":separateBroadcastAddress", macAddress, macDetail},
	{BLEURN + ":" + PairingPassKeyURN + ":key", passKey, passKeyDetail},
	{DPPURN + ":deviceMacAddress", macAddress, macDetail},
	{EthernetMABURN + ":deviceMacAddress", macAddress, macDetail},
	{ZigbeeURN + ":deviceEui64Address", eui64Address, eui64Detail},
	{"applicationType", isApplicationType, appDetail},
	{"clientToken", func(text string) bool { return len([]rune(text)) <= 500 }, "is longer than 500 characters"},
}

func isApplicationType(text string) bool {
	return strings.EqualFold(text, "deviceControl") || strings.EqualFold(text, "telemetry")
}

// Check reports what in r breaks the rules of RFC 9944 that a schema cannot
// express: the form of addresses and pass keys (§7.1.1, §7.1.3, §7.3.1, §7.5.1),
// the values of applicationType and the length of clientToken (§6.2), and that
// an irk goes with isRandom and without separateBroadcastAddress (§7.1.1). The
// error is a *schema.ValidationError that lists every problem. Resources of
// other types, and parts whose extension the type does not have, are fine.
func Check(r *schema.Resource) error {
	var found []*schema.PathError
	report := func(p schema.Path, detail string) {
		found = append(found, &schema.PathError{Path: p.String(), Offset: -1, Err: schema.ErrValue, Detail: detail})
	}
	for _, f := range forms {
		p, ok := lookUp(r.Type(), f.path)
		if !ok {
			continue
		}
		for v := range r.Values(p) {
			if !f.valid(v.Text()) {
				report(p, f.detail)
			}
		}
	}
	if irk, ok := lookUp(r.Type(), BLEURN+":irk"); ok && !r.Get(irk).IsZero() {
		if p, ok := lookUp(r.Type(), BLEURN+":isRandom"); ok && !r.Get(p).Bool() {
			report(irk, "belongs to a random address, but isRandom is not true")
		}
		if p, ok := lookUp(r.Type(), BLEURN+":separateBroadcastAddress"); ok && !r.Get(p).IsZero() {
			report(p, "must not be set together with irk")
		}
	}
	if len(found) == 0 {
		return nil
	}
	return &schema.ValidationError{Problems: found}
}

// lookUp finds a path if t is a type of this package that has it. Other types
// may have an attribute of the same name.
func lookUp(t *schema.ResourceType, path string) (schema.Path, bool) {
	if uri := t.Schema().ID; !strings.EqualFold(uri, DeviceURN) && !strings.EqualFold(uri, EndpointAppURN) {
		return schema.Path{}, false
	}
	p, err := t.Path(path)
	return p, err == nil
}
