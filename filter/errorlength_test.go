package filter_test

import (
	"strings"
	"testing"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// TestErrorsAreShort: a fault in a long text does not repeat the text, and one
// in a name with its URN repeats all of it.
func TestErrorsAreShort(t *testing.T) {
	user := schema.UserDefinition().MustCompile()
	limits := &filter.Options{MaxBytes: 1 << 21}
	long := strings.Repeat("a", 1<<20)
	for _, text := range []string{long, long + " pr", "name." + long + " pr", "userName " + long, "emails[" + long + " pr]", long + ".value eq 1"} {
		_, err := filter.Parse(user, text, limits)
		_, pathErr := filter.ParsePath(user, text, limits)
		if err == nil || pathErr == nil || len(err.Error()) > 1000 || len(pathErr.Error()) > 1000 {
			t.Errorf("%.40s: %.300v, %.300v", text, err, pathErr)
		}
	}
	const misspelt = schema.EnterpriseUserURN + ":departement"
	if _, err := filter.Parse(user, misspelt+" pr", nil); err == nil || !strings.Contains(err.Error(), misspelt) {
		t.Errorf("%v", err)
	}
}
