package storetest

import (
	"strings"

	"github.com/muster-scim/muster/store"
)

// lossless holds documents with values that storage likes to damage.
var lossless = map[string]string{
	"big integer":        `{"count":123456789012345678901234567890}`,
	"negative zero":      `{"count":0,"ratio":-0.0}`,
	"long decimal":       `{"ratio":0.1000000000000000055511151231257827}`,
	"exponent":           `{"ratio":1.5e300}`,
	"time with offset":   `{"seen":"2024-02-29T23:59:59.123456789+05:30"}`,
	"time without zone":  `{"seen":"2011-05-13T04:42:34"}`,
	"base64":             `{"blob":"/+8="}`,
	"false":              `{"flag":false}`,
	"quotes and slashes": `{"label":"\"'\\/%_` + "`" + `$1?:x"}`,
	"control characters": `{"label":"a\u0001\t\n\r\u007f b"}`,
	"NUL":                `{"label":"a\u0000b","code":"\u0000"}`,
	"emoji":              `{"label":"👩‍👩‍👧 ß İ ǆ é é"}`,
	"spaces":             `{"label":"  two  ","code":" "}`,
	"simple list":        `{"tags":["b","a","B","a "],"sizes":[3,1,2]}`,
	"complex list":       `{"contacts":[{"value":"z","type":"work","rank":2},{"value":"a","primary":true},{"rank":0}]}`,
	"complex":            `{"place":{"city":"Ulm","floor":-3}}`,
	"extension":          `{"urn:ietf:params:scim:schemas:extension:storetest:2.0:Probe":{"note":"n","level":7}}`,
	"only an externalId": `{"externalId":"E 1"}`,
	"secret":             `{"secret":"s3cr3t"}`,
}

var losslessCases = []testCase{
	{
		name:   "Lossless/EveryType",
		clause: "A Store stores what it gets. An attribute it cannot keep is an error, not a loss.",
		needs:  probe,
		run: func(r *run) {
			for what, text := range lossless {
				want := r.draft(ProbeType(), "%s", text)
				got := r.create(want)
				r.same(what+": Create returned", got, want)
				r.same(what+": Get returned", r.get(store.RefOf(got)), want)
			}
			for res, err := range r.store.Scan(r.ctx, ProbeType().Name(), "") {
				r.ok("Scan", err)
				r.same("Scan returned", res, r.get(store.RefOf(res)))
			}
		},
	},
	{
		name:   "Lossless/LongValues",
		clause: "A Store stores what it gets. An attribute it cannot keep is an error, not a loss.",
		run: func(r *run) {
			want := r.draft(UserType(), `{"userName":"ann","displayName":%q,"emails":[{"value":%q}]}`,
				strings.Repeat("ä", 20_000), strings.Repeat("x", 3000)+"@example.com")
			r.same("long values", r.get(store.RefOf(r.create(want))), want)
		},
	},
	{
		name:   "Lossless/FullUser",
		clause: "A Store stores what it gets. An attribute it cannot keep is an error, not a loss.",
		run: func(r *run) {
			want := r.draft(UserType(), `{"userName":"bjensen","externalId":"701984","name":{"formatted":"Ms. B","familyName":"Jensen"},
				"nickName":"Babs","profileUrl":"https://example.com/b","active":true,"password":"t1meMa$heen",
				"emails":[{"value":"a@example.com","type":"work","primary":true},{"value":"b@example.com","type":"home"}],
				"addresses":[{"type":"work","streetAddress":"100 Universal City Plaza","country":"USA"}],
				"phoneNumbers":[{"value":"tel:+1-201-555-0123","type":"work"}],
				"x509Certificates":[{"value":"MIIDQzCCAqygAwIBAgICEAAwDQ=="}],"roles":[{"value":"admin"}],
				"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"1","manager":{"value":"26118915"}}}`)
			r.same("a full user", r.get(store.RefOf(r.create(want))), want)
		},
	},
}
