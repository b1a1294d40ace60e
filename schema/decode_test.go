package schema

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"
)

func enterpriseUser(tb testing.TB) (*ResourceType, []byte) {
	tb.Helper()
	data, err := os.ReadFile("testdata/user-enterprise.json")
	if err != nil {
		tb.Fatal(err)
	}
	return UserDefinition().MustCompile(), data
}

// TestDecodeWhole reads the full example of RFC 7643 §8.3 and writes it back.
func TestDecodeWhole(t *testing.T) {
	user, data := enterpriseUser(t)
	r, report, err := user.Decode(data, &DecodeOptions{KeepReadOnly: true, Off: Strict})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Rewrites)+len(report.Ignored) != 0 {
		t.Errorf("report = %+v", report)
	}
	out, err := r.AppendJSON(nil, &Encoding{All: true})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := generic(t, out), generic(t, data); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %s", out)
	}
	again, _, err := user.Decode(out, &DecodeOptions{KeepReadOnly: true, Off: Strict})
	if err != nil || !again.Equal(r) {
		t.Errorf("the storage form does not read back: %v", err)
	}
}

func generic(tb testing.TB, data []byte) (out any) {
	tb.Helper()
	if err := json.Unmarshal(data, &out); err != nil {
		tb.Fatalf("%v in %s", err, data)
	}
	return out
}
