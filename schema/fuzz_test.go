package schema

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// FuzzDecode: any bytes give a resource or a positioned error. A resource is
// written as valid JSON, its storage form reads back to an equal resource, and
// what a client would see of it never needs a tolerance.
func FuzzDecode(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.json")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, uint8(0))
		f.Add(data, uint8(7))
	}
	for i, c := range decodeCases {
		f.Add([]byte(c.body), uint8(i))
	}
	user := UserDefinition().MustCompile()
	f.Fuzz(func(t *testing.T, data []byte, mode uint8) {
		o := &DecodeOptions{Unknown: UnknownPolicy(mode % 3), KeepReadOnly: mode&4 != 0}
		if mode&8 != 0 {
			o.Off = Strict
		}
		r, _, err := user.Decode(data, o)
		if err != nil {
			checkPositions(t, err, len(data))
			return
		}
		checkForms(t, o.Unknown, r)
		if checked, _, err := CheckCreate(r, nil); err == nil {
			checkForms(t, o.Unknown, checked)
			checkForms(t, o.Unknown, Replacement(r, checked, nil))
		}
	})
}

func checkForms(t *testing.T, unknown UnknownPolicy, r *Resource) {
	t.Helper()
	data, err := r.AppendJSON(nil, &Encoding{All: true})
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.Type().DecodeStored(data)
	if err != nil || !again.Equal(r) {
		t.Fatalf("%s: %v", data, err)
	}
	fromMap, _, err := r.Type().FromMap(r.Map(), &DecodeOptions{KeepReadOnly: true, Unknown: unknown})
	if err != nil || unknown != PreserveUnknown && !fromMap.Equal(r) { // a map has no order
		t.Fatalf("%s by a map: %v", data, err)
	}
	shown, err := r.AppendJSON(nil, nil)
	if err != nil || !json.Valid(shown) {
		t.Fatalf("%s: %v", shown, err)
	}
	for _, key := range r.Keys() {
		if key.Text != key.Path.Fold(key.Text) {
			t.Fatalf("folding %q again changes it", key.Text)
		}
	}
}

func checkPositions(t *testing.T, err error, length int) {
	var all *ValidationError
	if !errors.As(err, &all) || len(all.Problems) == 0 {
		t.Fatalf("error %v", err)
	}
	for _, p := range all.Problems {
		if p.Offset < 0 || p.Offset > int64(length) || p.Err == nil || p.Error() == "" {
			t.Fatalf("problem %#v", p)
		}
	}
}

// FuzzPath: any text gives a path whose canonical text gives the same path, or
// an error.
func FuzzPath(f *testing.F) {
	user := UserDefinition().MustCompile()
	for p := range user.AllPaths() {
		f.Add(p.String())
	}
	f.Add(EnterpriseUserURN + ".manager")
	f.Add("manager.$ref")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := user.Path(text)
		tolerant, rewrites, tolerantErr := user.Resolve(text, 0)
		switch {
		case err == nil && (tolerant != p || tolerantErr != nil || len(rewrites) > 0):
			t.Fatalf("Resolve(%q) = %v, %v, %v; Path gives %v", text, tolerant, rewrites, tolerantErr, p)
		case tolerantErr == nil:
			if again, err := user.Path(tolerant.String()); again != tolerant || err != nil {
				t.Fatalf("%q gives %v, which gives %v, %v", text, tolerant, again, err)
			}
		case !errors.Is(err, ErrUnknownAttribute):
			t.Fatal(err)
		}
	})
}
