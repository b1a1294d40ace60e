package scim_test

import (
	"encoding/json"
	"testing"

	"github.com/muster-scim/muster/scim"
)

// BenchmarkMapping compares a GET with and without a mapping.
func BenchmarkMapping(b *testing.B) {
	for name, m := range map[string]scim.Mapping{"without": {}, "with": acmeMapping()} {
		b.Run(name, func(b *testing.B) {
			c := config(b)
			c.Profile.Mapping = m
			h := newHandler(b, c)
			c.Profile.Mapping = acmeMapping()
			creator := newHandler(b, c)
			id := fieldsID(b, do(b, creator, "POST", base+"/Users", mappedUser).Body.Bytes())
			b.ReportAllocs()
			for b.Loop() {
				if w := do(b, h, "GET", base+"/Users/"+id, ""); w.Code != 200 {
					b.Fatal(w.Body)
				}
			}
		})
	}
}

func fieldsID(tb testing.TB, body []byte) string {
	tb.Helper()
	var r struct{ ID string }
	if err := json.Unmarshal(body, &r); err != nil || r.ID == "" {
		tb.Fatalf("no id in %s", body)
	}
	return r.ID
}
