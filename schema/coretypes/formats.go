package coretypes

import (
	"crypto/x509"
	"regexp"
	"time"

	"github.com/muster-scim/muster/schema"
)

// UserFormats returns the formats that RFC 7643 §4.1 gives to attributes of
// User: certificates, countries, locales, languages and time zones. Clients
// often send something else, so nothing checks them unless the host does, with
// schema.CheckFormats.
func UserFormats() []schema.Format {
	return []schema.Format{
		{Path: "x509Certificates.value", Valid: isCertificate, Detail: "must be exactly one DER-encoded X.509 certificate"},
		{Path: "addresses.country", Valid: matches(`^[A-Za-z]{2}$`), Detail: "must be an ISO 3166-1 country code of two letters"},
		{Path: "locale", Valid: matches(`^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$`), Detail: "must be a language tag such as en-US"},
		{Path: "preferredLanguage", Valid: matches(languages), Detail: "must be as in Accept-Language, such as en-US, de;q=0.5"},
		{Path: "timezone", Valid: isTimezone, Detail: "must be an IANA time zone such as Europe/Vienna"},
	}
}

// languages is the Accept-Language of RFC 9110 §12.5.4. As in locales, "_" is
// accepted for "-".
const languages = `^(` + languageRange + `)([ \t]*,[ \t]*(` + languageRange + `))*$`

const languageRange = `(\*|[A-Za-z]{1,8}([-_][A-Za-z0-9]{1,8})*)([ \t]*;[ \t]*q=(0(\.[0-9]{0,3})?|1(\.0{0,3})?))?`

func matches(pattern string) func(schema.Value) bool {
	compiled := regexp.MustCompile(pattern)
	return func(v schema.Value) bool { return compiled.MatchString(v.Text()) }
}

func isCertificate(v schema.Value) bool {
	certificates, err := x509.ParseCertificates(v.Bytes())
	return err == nil && len(certificates) == 1
}

// isTimezone asks the time zone database of the system. "Local" is none of its
// names.
func isTimezone(v schema.Value) bool {
	name := v.Text()
	_, err := time.LoadLocation(name)
	return err == nil && name != "" && name != "Local"
}
