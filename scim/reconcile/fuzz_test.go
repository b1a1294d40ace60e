package reconcile_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/muster-scim/muster/scim/reconcile"
)

// FuzzRows: whatever is in a file, each row is understood or reported, and the
// comparison of a list with itself finds nothing but that.
func FuzzRows(f *testing.F) {
	f.Add("userName,emails.value,active\nann,a@x.org;b@x.org,TRUE\n")
	f.Add("userName,name.givenName\n\"a\nb\",\"\"\"\"\nx\n")
	f.Add(`{"userName":"ann","emails":[{"value":"a"},{"value":"a"}]}` + "\n\n{")
	f.Fuzz(func(t *testing.T, text string) {
		for _, list := range []func() reconcile.Rows{
			func() reconcile.Rows { return reconcile.FromCSV(strings.NewReader(text), users) },
			func() reconcile.Rows { return reconcile.FromJSONLines(strings.NewReader(text), users) },
		} {
			for row, err := range list() {
				var malformed *reconcile.RowError
				if err == nil && row.Resource == nil || errors.As(err, &malformed) && malformed.Line < 1 {
					t.Fatalf("row %+v, %v", row, err)
				}
			}
			o := &reconcile.Options{SkipMalformed: true, Memory: 256, TempDir: t.TempDir()}
			for finding, err := range reconcile.Compare(t.Context(), users, list(), list(), o) {
				if err != nil {
					break
				}
				if finding.Kind == reconcile.Missing || finding.Kind == reconcile.Different {
					t.Fatalf("a list differs from itself: %+v %v", finding, finding.Paths)
				}
			}
		}
	})
}
