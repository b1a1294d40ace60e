package sqltest

import (
	"testing"

	"github.com/muster-scim/muster/storetest"
)

func TestConformance(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			storetest.Run(t, e.open, &storetest.Options{Quick: testing.Short()})
		})
	}
}
