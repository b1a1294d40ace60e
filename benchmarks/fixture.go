package benchmarks

import (
	_ "embed"

	"github.com/muster-scim/muster/schema"
)

// enterpriseUser is the example of RFC 7643 §8.3, as a client sends it.
//
//go:embed testdata/user-enterprise.json
var enterpriseUser []byte

var (
	userType  = schema.UserDefinition().MustCompile()
	groupType = schema.GroupDefinition().MustCompile()
)

func decodeUser(data []byte) (*schema.Resource, error) {
	r, _, err := userType.Decode(data, &schema.DecodeOptions{KeepReadOnly: true})
	return r, err
}
