package scimtest

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
)

func TestCorpusLoads(t *testing.T) {
	traces, err := loadCorpus()
	if err != nil {
		t.Fatal(err)
	}
	if len(traces) < 88 || len(Traces()) != len(traces) {
		t.Errorf("%d traces, want at least 88", len(traces))
	}
	for _, tr := range traces {
		if len(tr.Source) == 0 || len(tr.steps) == 0 {
			t.Errorf("%s has no source or no steps", tr.Scenario)
		}
		if !strings.HasPrefix(tr.Scenario, tr.IdP+"-") {
			t.Errorf("%s is filed under %s", tr.Scenario, tr.IdP)
		}
	}
}

// sound is a trace that the cases below damage in one place each.
const sound = `{
 "idp": "okta", "scenario": "okta-x", "title": "A title", "source": ["somewhere"],
 "steps": [
  {"name": "create", "role": "setup",
   "request": {"method": "POST", "path": "/Users", "headers": {"Accept": "a/b", "User-Agent": null}, "body": {"userName": "u.${run}"}},
   "expect": {"status": [201], "headers": {"Location": {"$any": true}}, "body": {"/id": {"$type": "string"}}},
   "capture": {"u": "/id"}},
  {"name": "read ${i}", "role": "verify", "repeat": 2,
   "request": {"method": "GET", "path": "/Users/${u}"},
   "expect": {"status": [200], "body": {"/id": "${u}"}, "absent": ["/members/[value=${u}]"]}}
 ]}`

func TestParseTraceAcceptsSound(t *testing.T) {
	tr, err := ParseTrace("okta-x.json", []byte(sound))
	if err != nil {
		t.Fatal(err)
	}
	if tr.IdP != "okta" || len(tr.steps) != 2 || tr.steps[1].repeat != 2 {
		t.Errorf("read %+v", tr)
	}
}

func TestParseTraceMistakes(t *testing.T) {
	cases := []struct{ name, old, new, step, field, says string }{
		{"syntax", `"scenario": "okta-x",`, `"scenario" "okta-x",`, "", "", "line 2"},
		{"duplicate name", `"role": "setup",`, `"role": "setup", "role": "wire",`, "", "", `duplicate name "role" in /steps/0`},
		{"trailing text", ` ]}`, ` ]} x`, "", "", "line 11"},
		{"not an object", sound, `[]`, "", "", "JSON object"},
		{"unknown key", `"title"`, `"titel"`, "", "titel", "unknown key"},
		{"no title", `"title": "A title"`, `"title": " "`, "", "title", "not empty"},
		{"other scenario", `"okta-x"`, `"okta-y"`, "", "scenario", "file name"},
		{"no steps", sound, `{"idp":"okta","scenario":"okta-x","title":"t","steps":[]}`, "", "steps", "at least one"},
		{"step no object", sound, `{"idp":"okta","scenario":"okta-x","title":"t","steps":[1]}`, "1", "", "object"},
		{"role", `"setup"`, `"set-up"`, "1 (create)", "role", "none of"},
		{"method", `"POST"`, `"post"`, "1 (create)", "request.method", "upper case"},
		{"path", `"/Users"`, `"/Users?filter=a eq 1"`, "1 (create)", "request.path", "percent-encoded"},
		{"relative path", `"/Users"`, `"Users"`, "1 (create)", "request.path", "slash"},
		{"header type", `"a/b"`, `1`, "1 (create)", "request.headers", "string or null"},
		{"request key", `"method": "POST"`, `"method": "POST", "query": ""`, "1 (create)", "request.query", "unknown key"},
		{"no status", `[201]`, `[]`, "1 (create)", "expect.status", "at least one"},
		{"status text", `[201]`, `["201"]`, "1 (create)", "expect.status", "no HTTP status"},
		{"pointer", `"/id": {"$type"`, `"id": {"$type"`, "1 (create)", "expect.body", "slash"},
		{"selector", `[value=${u}]`, `[value]`, "2 (read ${i})", "expect.absent", "[attr=value]"},
		{"open selector", `[value=${u}]`, `[value=${u}`, "2 (read ${i})", "expect.absent", "without ]"},
		{"matcher", `"$any"`, `"$some"`, "1 (create)", "expect.headers", `unknown matcher "$some"`},
		{"matcher argument", `"string"`, `"text"`, "1 (create)", "expect.body", "no JSON type"},
		{"matcher pair", `{"$any": true}`, `{"$any": true, "b": 1}`, "1 (create)", "expect.headers", "only key"},
		{"capture name", `{"u": "/id"}`, `{"u v": "/id"}`, "1 (create)", "capture", "variable name"},
		{"capture pointer", `{"u": "/id"}`, `{"u": "id"}`, "1 (create)", "capture", "slash"},
		{"unknown variable", `"/Users/${u}"`, `"/Users/${v}"`, "2 (read ${i})", "request.path", "${v}"},
		{"i without repeat", `u.${run}`, `u.${i}`, "1 (create)", "request.body", "${i}"},
		{"repeat", `"repeat": 2`, `"repeat": 0`, "2 (read ${i})", "repeat", "1 to 10000"},
		{"parallel capture", `"role": "setup"`, `"role": "setup", "parallel": "p"`, "1 (create)", "capture", "parallel"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(sound, c.old, c.new, 1)
			tr, err := ParseTrace("okta-x.json", []byte(text))
			var mistake *TraceError
			if tr != nil || !errors.As(err, &mistake) {
				t.Fatalf("trace %v, error %v", tr, err)
			}
			if mistake.File != "okta-x.json" || mistake.Step != c.step || mistake.Field != c.field {
				t.Errorf("file %q, step %q, field %q", mistake.File, mistake.Step, mistake.Field)
			}
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q does not say %q", err, c.says)
			}
		})
	}
}

func TestLoadTracesReportsAllFiles(t *testing.T) {
	files := fstest.MapFS{
		"d/okta-x.json": {Data: []byte(sound)},
		"d/a.json":      {Data: []byte(`{`)},
		"d/b.json":      {Data: []byte(`null`)},
		"d/readme.txt":  {Data: []byte(`not a trace`)},
	}
	traces, err := LoadTraces(files, "d")
	if len(traces) != 1 || traces[0].Scenario != "okta-x" {
		t.Errorf("sound traces: %v", traces)
	}
	for _, file := range []string{"a.json", "b.json"} {
		if err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%v does not name %s", err, file)
		}
	}
	if _, err := LoadTraces(files, "empty"); err == nil {
		t.Error("an empty directory is no error")
	}
}

func FuzzParseTrace(f *testing.F) {
	f.Add([]byte(sound))
	f.Add([]byte(`{"steps":[{"request":{"headers":[]},"expect":{"body":[]},"capture":[]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		tr, err := ParseTrace("okta-x.json", data)
		if (tr == nil) == (err == nil) {
			t.Fatalf("trace %v with error %v", tr, err)
		}
	})
}
