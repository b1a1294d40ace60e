package schema

import (
	"errors"
	"slices"
	"testing"
)

// decodeCases are bodies of a User, what is stored of them, and which
// tolerances or problems they need. In strict mode each one with a tolerance
// must fail at the paths in strict.
var decodeCases = []struct {
	name       string
	body       string
	want       string // storage form without schemas
	rewrites   []Rewrite
	ignored    []string
	unassigned []string // nil is not looked at
	strict     []string // paths of the problems in strict mode
}{
	{name: "7643-2.1-03 names in any case", body: `{"USERNAME":"a","Name":{"GIVENNAME":"b"}}`, want: `"userName":"a","name":{"givenName":"b"}`},
	{name: "7643-2.5-01 null, [] and {} are unassigned", body: `{"userName":"a","title":null,"emails":[],"name":{},"nickName":[],"roles":[null],"ims":[{}]}`, want: `"userName":"a"`},
	{name: "7643-2.5-02 what is said to have no value is listed", want: `"name":{"givenName":"a"}`,
		body:       `{"id":null,"title":null,"emails":[],"roles":[null],"ims":[{"value":null}],"name":{"familyName":null,"givenName":"a"},"nickName":"","` + EnterpriseUserURN + `":null}`,
		rewrites:   []Rewrite{{EmptyText, "nickName"}},
		ignored:    []string{"id"},
		unassigned: []string{"title", "emails", "roles", "ims", "name.familyName", "nickName", EnterpriseUserURN}},
	{name: "C2 boolean in quotes", body: `{"active":"True","emails":[{"value":"x","primary":"false"}]}`,
		want:     `"active":true,"emails":[{"value":"x","primary":false}]`,
		rewrites: []Rewrite{{BooleanText, "active"}, {BooleanText, "emails.primary"}},
		strict:   []string{"active", "emails[0].primary"}},
	{name: "C3 okta-026 number for a string", body: `{"title":12.50,"entitlements":[{"value":7}]}`,
		want:     `"title":"12.50","entitlements":[{"value":"7"}]`,
		rewrites: []Rewrite{{NumberText, "title"}, {NumberText, "entitlements.value"}},
		strict:   []string{"title", "entitlements[0].value"}},
	{name: "C4 bare manager", body: `{"` + EnterpriseUserURN + `":{"manager":"26"}}`,
		want:     `"` + EnterpriseUserURN + `":{"manager":{"value":"26"}}`,
		rewrites: []Rewrite{{BareComplex, EnterpriseUserURN + ":manager"}},
		strict:   []string{EnterpriseUserURN + ":manager"}},
	{name: "C4 manager in an array", body: `{"` + EnterpriseUserURN + `":{"manager":[{"value":"26"}]}}`,
		want:     `"` + EnterpriseUserURN + `":{"manager":{"value":"26"}}`,
		rewrites: []Rewrite{{SingleInArray, EnterpriseUserURN + ":manager"}},
		strict:   []string{EnterpriseUserURN + ":manager"}},
	{name: "C5 one object for a list", body: `{"emails":{"value":"x"}}`, want: `"emails":[{"value":"x"}]`,
		rewrites: []Rewrite{{ArrayMissing, "emails"}}, strict: []string{"emails"}},
	{name: "C5 one text for a list of objects", body: `{"emails":"x"}`, want: `"emails":[{"value":"x"}]`,
		rewrites: []Rewrite{{BareComplex, "emails"}, {ArrayMissing, "emails"}}, strict: []string{"emails"}},
	{name: "entra-021 JSON in the value of an element", body: `{"roles":[{"value":"{\"id\":\"1\",\"value\":\"Approver\",\"display\":\"A\"}"},{"value":"{x"}]}`,
		want:     `"roles":[{"value":"Approver","display":"A"},{"value":"{x"}]`,
		rewrites: []Rewrite{{JSONInString, "roles"}}, ignored: []string{"roles.id"}},
	{name: "JSON in a string", body: `{"name":"{\"givenName\":\"A\"}","roles":["{\"value\":\"R\",\"primary\":true}"]}`,
		want:     `"name":{"givenName":"A"},"roles":[{"value":"R","primary":true}]`,
		rewrites: []Rewrite{{JSONInString, "name"}, {JSONInString, "roles"}}, strict: []string{"name", "roles[0]"}},
	{name: "JSON in JSON in a string is a text", body: `{"roles":["{\"value\":\"{\\\"value\\\":\\\"x\\\"}\"}"]}`,
		want: `"roles":[{"value":"{\"value\":\"x\"}"}]`, rewrites: []Rewrite{{JSONInString, "roles"}}, strict: []string{"roles[0]"}},
	{name: "a text that looks like the JSON of a value", body: `{"photos":[{"value":"{\"value\":\"x\"}"}],` +
		`"roles":[{"value":"[\"value\"]"},{"value":"{\"id\":\"value\"}"},{"value":"{\"value\":\"x\"}","display":"D"},{"display":"{\"value\":\"x\"}"}]}`,
		want: `"photos":[{"value":"{\"value\":\"x\"}"}],` +
			`"roles":[{"value":"[\"value\"]"},{"value":"{\"id\":\"value\"}"},{"value":"{\"value\":\"x\"}","display":"D"},{"display":"{\"value\":\"x\"}"}]`},
	{name: "A3 empty text", body: `{"title":"","profileUrl":"","externalId":"","` + EnterpriseUserURN + `":{"manager":{"value":""}}}`,
		rewrites: []Rewrite{{EmptyText, "title"}, {EmptyText, "profileUrl"}, {EmptyText, "externalId"}, {EmptyText, EnterpriseUserURN + ":manager.value"}}},
	{name: "A3 empty text for a complex value", body: `{"` + EnterpriseUserURN + `":{"manager":""},"emails":""}`,
		rewrites: []Rewrite{{EmptyText, EnterpriseUserURN + ":manager"}, {EmptyText, "emails"}},
		strict:   []string{EnterpriseUserURN + ":manager", "emails"}},
	{name: "C15 7643-3.1-09 7643-3.1-18 readOnly attributes", body: `{"id":"x","meta":{"version":"1"},"groups":[{"value":"g"}],"` + EnterpriseUserURN + `":{"manager":{"value":"1","displayName":"M"}}}`,
		want:    `"` + EnterpriseUserURN + `":{"manager":{"value":"1"}}`,
		ignored: []string{"id", "meta", "groups", EnterpriseUserURN + ":manager.displayName"}},
	{name: "C16 AMB-20 unknown attributes", body: `{"shoeSize":[{"a":[1,{}]}],"emails":[{"value":"x","y":1},{"value":"z","Y":2}]}`,
		want: `"emails":[{"value":"x"},{"value":"z"}]`, ignored: []string{"shoeSize", "emails.y", "emails.Y"}},
	{name: "C21 no format is checked", body: `{"locale":"?? 12","timezone":"Mars/Phobos","profileUrl":"no url"}`,
		want: `"profileUrl":"no url","locale":"?? 12","timezone":"Mars/Phobos"`},
	{name: "7643-2.3.1-01 any text", body: `{"displayName":"\u0000\u001f\"\\ü\ud83d\ude00"}`, want: `"displayName":"\u0000\u001f\"\\ü😀"`},
	{name: "7643-2.3.6-03 base64 with and without padding", body: `{"x509Certificates":[{"value":"YQ=="},{"value":"YQ"},{"value":"_-8="}]}`,
		want: `"x509Certificates":[{"value":"YQ=="},{"value":"YQ"},{"value":"_-8="}]`},
}

func TestDecodeTolerances(t *testing.T) {
	user := UserDefinition().MustCompile()
	const base = `"schemas":["` + UserURN + `"]`
	for _, c := range decodeCases {
		t.Run(c.name, func(t *testing.T) {
			body := []byte("{" + base + "," + c.body[1:])
			r, report, err := user.Decode(body, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := stored(t, r), c.want; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if !slices.Equal(report.Rewrites, c.rewrites) || !slices.Equal(report.Ignored, c.ignored) {
				t.Errorf("report = %+v", report)
			}
			var unassigned []string
			for _, p := range report.Unassigned {
				unassigned = append(unassigned, p.String())
			}
			if c.unassigned != nil && !slices.Equal(unassigned, c.unassigned) {
				t.Errorf("unassigned = %q", unassigned)
			}
			_, _, err = user.Decode(body, &DecodeOptions{Off: Strict})
			if got := problemPaths(err); !slices.Equal(got, c.strict) {
				t.Errorf("strict problems at %q, want %q", got, c.strict)
			}
		})
	}
}

// TestDecodeStrictTexts: without the tolerances a text stays what it is.
func TestDecodeStrictTexts(t *testing.T) {
	user := UserDefinition().MustCompile()
	for body, off := range map[string]ToleranceSet{
		`"title":""`:                              SetOf(EmptyText),
		`"roles":[{"value":""}]`:                  SetOf(EmptyText),
		`"roles":[{"value":"{\"value\":\"x\"}"}]`: SetOf(JSONInString),
	} {
		r, report, err := user.Decode([]byte(`{"schemas":["`+UserURN+`"],`+body+`}`), &DecodeOptions{Off: off})
		if err != nil || stored(t, r) != body || len(report.Rewrites) > 0 {
			t.Errorf("%s: %v, %v", body, r, err)
		}
	}
}

// TestDecodeKept: what is read back from a store is taken as it is, and a
// limit of one is a limit.
func TestDecodeKept(t *testing.T) {
	const body = `"title":"","roles":[{"value":"{\"value\":\"x\"}"}]`
	if got := stored(t, mustDecode(t, UserDefinition().MustCompile(), "{"+body+"}")); got != body {
		t.Errorf("got %s", got)
	}
	for _, o := range []DecodeOptions{{MaxDepth: 1}, {MaxValues: 1}} { // only 0 is the default
		if _, _, err := UserDefinition().MustCompile().Decode([]byte(`{"name":{"givenName":"a"}}`), &o); !errors.Is(err, ErrLimit) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// stored is the storage form of r without braces and schemas.
func stored(tb testing.TB, r *Resource) string {
	tb.Helper()
	out, err := r.AppendJSON(nil, &Encoding{All: true})
	if err != nil {
		tb.Fatal(err)
	}
	head := `{` + r.typ.schemas.member + `[`
	text := string(out[len(head) : len(out)-1])
	for i := range text {
		if text[i] == ']' {
			if text = text[i+1:]; text != "" {
				text = text[1:]
			}
			break
		}
	}
	return text
}

func problemPaths(err error) (paths []string) {
	var all *ValidationError
	if errors.As(err, &all) {
		for _, p := range all.Problems {
			paths = append(paths, p.Path)
		}
	}
	return paths
}
