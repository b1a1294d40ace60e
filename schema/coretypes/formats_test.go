package coretypes_test

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/schema/coretypes"
)

// certificate makes a certificate in base64.
func certificate(t *testing.T) []byte {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(nil, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestUserFormats(t *testing.T) {
	der := certificate(t)
	one := base64.StdEncoding.EncodeToString(der)
	two := base64.StdEncoding.EncodeToString(append(der, der...))
	typ := schema.UserDefinition().MustCompile()
	for _, test := range []struct{ name, body, want string }{
		{"7643-4.1.2-28", `"x509Certificates": [{"value": "` + one + `"}]`, ""},
		{"7643-4.1.2-28", `"x509Certificates": [{"value": "AAAA"}]`, "x509Certificates.value: must be exactly one DER-encoded X.509 certificate"},
		{"7643-4.1.2-29", `"x509Certificates": [{"value": "` + two + `"}]`, "x509Certificates.value: must be exactly one DER-encoded X.509 certificate"},
		{"7643-4.1.2-18", `"addresses": [{"country": "US"}, {"country": "USA"}]`, "addresses.country: must be an ISO 3166-1 country code of two letters"},
		{"7643-4.1.1-12", `"locale": "en-US"`, ""},
		{"7643-2.3.1-02 7643-4.1.1-12", `"locale": "English (US)"`, "locale: must be a language tag such as en-US"},
		{"7643-4.1.1-13", `"locale": "en_US"`, ""},
		{"7643-4.1.1-11", `"preferredLanguage": "da, en-gb;q=0.8, en;q=0.7"`, ""},
		{"7643-4.1.1-11", `"preferredLanguage": "da en"`, "preferredLanguage: must be as in Accept-Language, such as en-US, de;q=0.5"},
		{"7643-4.1.1-14", `"timezone": "UTC"`, ""},
		{"7643-4.1.1-14", `"timezone": "../UTC"`, "timezone: must be an IANA time zone such as Europe/Vienna"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, _, err := typ.Decode([]byte(`{"schemas": ["`+schema.UserURN+`"], `+test.body+`}`), nil)
			if err != nil {
				t.Fatal(err)
			}
			err = schema.CheckFormats(r, coretypes.UserFormats()...)
			if test.want == "" && err != nil || test.want != "" && (!errors.Is(err, schema.ErrValue) || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
	group := schema.GroupDefinition().MustCompile().New().Resource()
	if err := schema.CheckFormats(group, coretypes.UserFormats()...); err != nil {
		t.Errorf("a group: %v", err)
	}
}
