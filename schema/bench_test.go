package schema

import (
	"bytes"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// BenchmarkScan is the yardstick of BenchmarkDecode: reading the tokens only.
func BenchmarkScan(b *testing.B) {
	_, data := enterpriseUser(b)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	var src bytes.Buffer
	d := jsontext.NewDecoder(&src)
	for b.Loop() {
		src = *bytes.NewBuffer(data)
		d.Reset(&src)
		for {
			if _, err := d.ReadToken(); err != nil {
				break
			}
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	user, data := enterpriseUser(b)
	for name, o := range map[string]*DecodeOptions{"client": nil, "trusted": {KeepReadOnly: true}} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := user.Decode(data, o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	user, data := enterpriseUser(b)
	r, _, err := user.Decode(data, &DecodeOptions{KeepReadOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	location := func(resourceType string, id ID) string { return "https://example.com/v2/Users/2819c223" }
	for name, e := range map[string]*Encoding{"default": nil, "stored": {All: true}, "located": {Location: location}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var out []byte
			for b.Loop() {
				if out, err = r.AppendJSON(out[:0], e); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(len(out)))
		})
	}
}

func BenchmarkPath(b *testing.B) {
	user := UserDefinition().MustCompile()
	for _, text := range []string{"userName", "emails.value", "NAME.GIVENNAME", EnterpriseUserURN + ":manager.value"} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := user.Path(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCheckCreate(b *testing.B) {
	user, data := enterpriseUser(b)
	r, _, err := user.Decode(data, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := CheckCreate(r, nil); err != nil {
			b.Fatal(err)
		}
	}
}
