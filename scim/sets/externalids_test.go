package sets_test

import (
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
)

// 7643-9.3-03: the externalIds of single clients are not told to receivers.
func TestExternalIDsOfClients(t *testing.T) {
	i := issuer(t)
	own := scim.RecordChange{Path: schema.ExternalIDsURN + ":okta", New: []byte(`"o1"`)}
	title := scim.RecordChange{Path: "title", New: []byte(`"Dr"`)}
	for name, test := range map[string]struct {
		operation scim.Operation
		changes   []scim.RecordChange
		told      int // attributes, or -1 for no token
	}{
		"nothing else": {scim.OpModify, []scim.RecordChange{own}, -1},
		"replacement":  {scim.OpReplace, []scim.RecordChange{own}, -1},
		"more":         {scim.OpModify, []scim.RecordChange{own, title}, 1},
		"creation":     {scim.OpCreate, []scim.RecordChange{title, own}, 1},
		"nothing own":  {scim.OpModify, []scim.RecordChange{title}, 1},
	} {
		r := &scim.Record{ID: "1", Operation: test.operation, ResourceType: "User", ResourceID: "1", Changes: test.changes}
		claims, ok := i.Claims(r)
		if ok != (test.told >= 0) {
			t.Errorf("%s: told %t", name, ok)
			continue
		}
		if !ok {
			continue
		}
		for uri, payload := range claims.Events {
			if len(payload.Attributes) != test.told || payload.Attributes[0] != "title" {
				t.Errorf("%s: %s %+v", name, uri, payload)
			}
		}
		if len(r.Changes) != len(test.changes) {
			t.Errorf("%s: the record was changed", name)
		}
	}
}
