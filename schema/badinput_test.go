package schema

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"unsafe"
)

// TestDecodeRefuses lists bodies that are refused, with the place and the byte
// where.
func TestDecodeRefuses(t *testing.T) {
	user := UserDefinition().MustCompile()
	deep := func(open, close string, n int) string { return strings.Repeat(open, n) + strings.Repeat(close, n) }
	for _, c := range []struct {
		name, body string
		err        error
		path       string
		offset     int64 // -2: any
	}{
		{"nothing", ``, ErrSyntax, "", 0},
		{"7643-2.1-01 an array", `[{"userName":"a"}]`, ErrSyntax, "", 0},
		{"a string", `"userName"`, ErrSyntax, "", 0},
		{"cut off", `{"userName":"a"`, ErrSyntax, "", -2},
		{"cut off in a string", `{"userName":"a`, ErrSyntax, "userName", -2},
		{"something after the end", `{"userName":"a"} {}`, ErrSyntax, "", 17},
		{"broken in a list", `{"emails":[{"value":"a"},x]}`, ErrSyntax, "emails[1]", 25},
		{"broken where a list belongs", `{"emails":{"value":x}}`, ErrSyntax, "emails.value", 19},
		{"broken in an array for one value", `{"title":["a",x]}`, ErrSyntax, "title[1]", 14},
		{"comma at the end", `{"userName":"a",}`, ErrSyntax, "", -2},
		{"single quotes", `{'userName':'a'}`, ErrSyntax, "", 1},
		{"a name that is no string", `{1:2}`, ErrSyntax, "", 1},
		{"invalid UTF-8", "{\"userName\":\"\xff\"}", ErrSyntax, "userName", 13},
		{"invalid UTF-8 in an unknown value", "{\"x\":{\"y\":\"\xc0\xaf\"}}", ErrSyntax, "", 11},
		{"lone surrogate", `{"userName":"\ud800"}`, ErrSyntax, "userName", 13},
		{"surrogates in the wrong order", `{"userName":"\udc00\ud800"}`, ErrSyntax, "userName", 13},
		{"raw control character", "{\"userName\":\"a\x00b\"}", ErrSyntax, "userName", 14},
		{"raw newline", "{\"userName\":\"a\nb\"}", ErrSyntax, "userName", 14},
		{"number with leading zero", `{"x":01}`, ErrSyntax, "", 5},
		{"NaN", `{"x":NaN}`, ErrSyntax, "", 5},
		{"AMB-30 name twice", `{"userName":"a","userName":"b"}`, ErrSyntax, "userName", 16},
		{"AMB-30 name twice in another case", `{"userName":"a","USERNAME":"b"}`, ErrSyntax, "userName", 16},
		{"name twice after null", `{"userName":null,"username":"b"}`, ErrSyntax, "userName", 17},
		{"name twice by escape", `{"userName":"a","\u0075serName":"b"}`, ErrSyntax, "userName", 16},
		{"name twice in an element", `{"emails":[{"value":"a"},{"type":"x","Type":"y"}]}`, ErrSyntax, "emails[1].type", 37},
		{"unknown name twice", `{"shoe":1,"shoe":2}`, ErrSyntax, "shoe", 10},
		{"unknown name twice in another case", `{"name":{"shoe":1,"SHOE":2}}`, ErrSyntax, "name.SHOE", 18},
		{"name twice inside an unknown value", `{"shoe":[{"a":1,"a":2}]}`, ErrSyntax, "", -2},
		{"name twice inside a readOnly value", `{"groups":[{"value":"1","value":"2"}]}`, ErrSyntax, "groups", -2},
		{"depth bomb of objects", `{"x":` + deep(`{"a":`, `}`, 100_000) + `}`, ErrLimit, "", -2},
		{"depth bomb of arrays", `{"emails":` + deep(`[`, `]`, 100_000) + `}`, ErrLimit, "emails[0]", -2},
		{"depth bomb that is never closed", `{"x":` + strings.Repeat(`[`, 1_000_000), ErrLimit, "", -2},
		{"depth bomb in a string", `{"roles":["` + strings.Repeat(`{\"x\":`, 100) + `1` + strings.Repeat(`}`, 100) + `"]}`, ErrLimit, "roles[0]", 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, unknown := range []UnknownPolicy{IgnoreUnknown, PreserveUnknown} {
				r, _, err := user.Decode([]byte(c.body), &DecodeOptions{Unknown: unknown})
				if r != nil || !errors.Is(err, c.err) {
					t.Fatalf("got %v, %v", r, err)
				}
				var all *ValidationError
				if !errors.As(err, &all) {
					t.Fatalf("error = %#v", err)
				}
				if p := all.Problems[len(all.Problems)-1]; p.Path != c.path || c.offset != -2 && p.Offset != c.offset {
					t.Errorf("problem at %q, byte %d, want %q, %d (%v)", p.Path, p.Offset, c.path, c.offset, err)
				}
			}
		})
	}
}

// TestDecodeCollects: all problems of a body are reported, each with path,
// byte and characteristic, and no value.
func TestDecodeCollects(t *testing.T) {
	user := UserDefinition().MustCompile()
	body := `{"schemas":[7],"userName":"","active":"yes","name":"secret","title":{"a":1},"emails":[{"value":[]},5,{"primary":1}],` +
		`"x509Certificates":[{"value":"a"}],"displayName":true,"locale":["a","b"],"ims":[[1]],"` + EnterpriseUserURN + `":{"employeeNumber":false}}`
	_, _, err := user.Decode([]byte(body), nil)
	var all *ValidationError
	if !errors.As(err, &all) {
		t.Fatal(err)
	}
	want := []string{
		"schemas[0]: wants a URI string, not a number at 12 (type)",
		"userName: must not be empty at 26 (required)",
		"active: wants true or false, not a string at 38 (type)",
		"name: wants an object, not a string at 51 (type)",
		"title: wants a string, not an object at 68 (type)",
		"emails[2].primary: wants true or false, not a number at 112 (type)",
		"x509Certificates[0].value: wants a base64 string, not this text at 145 (type)",
		"displayName: wants a string, not true at 165 (type)",
		"locale: wants one value, not several at 187 (multiValued)",
		"ims[0]: wants an object, not an array at 196 (type)",
		EnterpriseUserURN + ":employeeNumber: wants a string, not false at 280 (type)",
	}
	for i, p := range all.Problems {
		if got := fmt.Sprintf("%v at %d (%s)", p, p.Offset, p.Characteristic); i >= len(want) || got != want[i] {
			t.Errorf("problem %d: %s", i, got)
		}
	}
	if len(all.Problems) != len(want) {
		t.Errorf("%d problems, want %d", len(all.Problems), len(want))
	}
	if strings.Contains(err.Error(), "secret") {
		t.Error("the error quotes a value")
	}
}

// TestDecodeSchemas: "schemas" names the base schema, and extensions, each once.
func TestDecodeSchemas(t *testing.T) {
	user := UserDefinition(Extension{Schema: &Schema{ID: "urn:example:x", Attributes: []Attribute{{Name: "x"}}}}).MustCompile()
	const base, enterprise = `"` + UserURN + `"`, `"` + EnterpriseUserURN + `"`
	for _, c := range []struct {
		schemas, strict string
		used            ToleranceSet
	}{
		{`[` + base + `]`, "", 0},
		{`[` + enterprise + `,"urn:example:x",` + strings.ToLower(base) + `]`, "", 0},
		{`null`, "schemas: must name " + UserURN, SetOf(SchemasMissing)},
		{`[]`, "schemas: must name " + UserURN, SetOf(SchemasMissing)},
		{`["urn:example:x"]`, "schemas: must name " + UserURN, SetOf(SchemasMissing)},
		{base, "schemas: wants an array", SetOf(ArrayMissing)},
		{`[` + base + `,` + base + `]`, "schemas[1]: names a schema twice", SetOf(DuplicateValue)},
		{`[` + base + `,"urn:example:x","urn:example:x"]`, "schemas[2]: names a schema twice", SetOf(DuplicateValue)},
		{`[` + base + `,"urn:example:y"]`, "schemas[1]: not a schema of User", SetOf(SchemasUnknown)},
	} {
		body := []byte(`{"schemas":` + c.schemas + `,"userName":"a"}`)
		_, report, err := user.Decode(body, nil)
		var used ToleranceSet
		for _, w := range report.Rewrites {
			used |= SetOf(w.Tolerance)
		}
		if err != nil || used != c.used {
			t.Errorf("%s: %s, %v", c.schemas, used, err)
		}
		if _, _, err := user.Decode(body, &DecodeOptions{Off: Strict}); (err != nil) != (c.strict != "") || err != nil && !strings.HasPrefix(err.Error(), c.strict) {
			t.Errorf("strict: %s: %v, want %s", c.schemas, err, c.strict)
		}
	}
	var all *ValidationError
	many := `{"userName":"a","schemas":[` + strings.TrimSuffix(strings.Repeat(`7,`, 200), ",") + `]}`
	if _, _, err := user.Decode([]byte(many), nil); !errors.As(err, &all) || len(all.Problems) != maxProblems+1 {
		t.Errorf("many problems: %v", err)
	}
}

func TestDecodeLimits(t *testing.T) {
	user := UserDefinition().MustCompile()
	many := `{"userName":"a","emails":[` + strings.TrimSuffix(strings.Repeat(`[],`, 200), ",") + `]}`
	_, _, err := user.Decode([]byte(many), nil)
	var all *ValidationError
	if !errors.As(err, &all) || len(all.Problems) != maxProblems+1 || !errors.Is(err, ErrLimit) {
		t.Errorf("many problems: %d", len(all.Problems))
	}
	body := []byte(`{"userName":"a","emails":[{"value":"b"}],"x":[1,2]}`)
	for limit, ok := range map[int]bool{11: false, 12: true} {
		if _, _, err := user.Decode(body, &DecodeOptions{MaxValues: limit}); (err == nil) != ok || err != nil && (!errors.Is(err, ErrLimit) || !strings.HasSuffix(err.Error(), "has more than 11 values")) {
			t.Errorf("MaxValues %d: %v", limit, err)
		}
	}
	inTexts := `{"roles":[` + strings.Repeat(`"{\"a\":[1,2,3,4,5,6,7,8,9]}",`, 5) + `{}]}`
	for limit, ok := range map[int]bool{40: false, 100: true} {
		if _, _, err := user.Decode([]byte(inTexts), &DecodeOptions{MaxValues: limit}); (err == nil) != ok {
			t.Errorf("MaxValues %d: %v", limit, err)
		}
	}
	for limit, ok := range map[int]bool{2: false, 3: true} {
		if _, _, err := user.Decode(body, &DecodeOptions{MaxDepth: limit}); (err == nil) != ok {
			t.Errorf("MaxDepth %d: %v", limit, err)
		}
	}
}

// TestDecodeHugeBody: what positions of 32 bits do not reach is refused unread,
// so a single byte can stand for the body.
func TestDecodeHugeBody(t *testing.T) {
	size := uint64(1) << 32
	if raceEnabled || size > math.MaxInt {
		t.Skip("the race detector looks at the body, and 32 bits have none of this size")
	}
	_, _, err := UserDefinition().MustCompile().Decode(unsafe.Slice(new(byte), size), nil)
	if !errors.Is(err, ErrLimit) || errorText(err) != "has 4 GiB or more" {
		t.Error(err)
	}
}

// TestDecodeStops: every kind of problem counts, and reading ends at the last
// one that is reported.
func TestDecodeStops(t *testing.T) {
	typ := listsOf()
	for element, options := range map[string]DecodeOptions{
		`{"tags":"x"}`:         {Off: SetOf(ArrayMissing)},
		`{"given":{"a":[1]}}`:  {RejectReadOnly: true},
		`{"unknown":{"a":[]}}`: {Unknown: RejectUnknown},
		`true`:                 {},
		`{"value":true}`:       {},
	} {
		_, _, err := typ.Decode([]byte(`{"c":[`+strings.Repeat(element+",", 2*maxProblems)+`{}]}`), &options)
		var all *ValidationError
		if !errors.As(err, &all) || len(all.Problems) != maxProblems+1 || !errors.Is(err, ErrLimit) {
			t.Errorf("%s: %v", element, err)
		}
	}
}

// TestDecodeStopsAtScalars is TestDecodeStops for lists of texts that are no
// value of their type.
func TestDecodeStopsAtScalars(t *testing.T) {
	for _, kind := range []Type{TypeDateTime, TypeBinary, TypeInteger, TypeBoolean} {
		typ := Definition{Name: "T", Endpoint: "/T", Schema: &Schema{ID: "urn:example:t", Attributes: []Attribute{{Name: "x", Type: kind, MultiValued: true}}}}.MustCompile()
		_, _, err := typ.Decode([]byte(`{"schemas":["urn:example:t"],"x":["?"`+strings.Repeat(`,"?"`, 2*maxProblems)+`]}`), nil)
		var all *ValidationError
		if !errors.As(err, &all) || len(all.Problems) != maxProblems+1 || !errors.Is(err, ErrLimit) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// TestDecodeSaysWhat: broken JSON is called that, whatever it breaks.
func TestDecodeSaysWhat(t *testing.T) {
	user := UserDefinition().MustCompile()
	for body, want := range map[string]string{
		``:              "the JSON text ends too early",
		`x`:             "is not valid JSON",
		`{"zzzzzz"`:     "the JSON text ends too early",
		`{"zzzzzz" 1}`:  "is not valid JSON",
		`{"zzzzzz":}`:   "is not valid JSON",
		`{"title":"t" `: "the JSON text ends too early",
	} {
		for _, unknown := range []UnknownPolicy{IgnoreUnknown, PreserveUnknown, RejectUnknown} {
			if _, _, err := user.Decode([]byte(body), &DecodeOptions{Unknown: unknown}); errorText(err) != want {
				t.Errorf("%s: %v, want %q", body, err, want)
			}
		}
	}
}

// TestDecodeGoesOn: what is refused is passed over, with all that it holds.
func TestDecodeGoesOn(t *testing.T) {
	user := UserDefinition().MustCompile()
	const wrong = "active: wants true or false, not a string"
	for _, c := range []struct {
		name, body, problems string
		options              DecodeOptions
	}{
		{"readOnly", `{"groups":[{"value":"g"}],"active":"yes"}`, "groups: is readOnly; " + wrong, DecodeOptions{RejectReadOnly: true}},
		{"unknown", `{"zzzzzz":[{"y":1}],"active":"yes"}`, "zzzzzz: not an attribute of User; " + wrong, DecodeOptions{Unknown: RejectUnknown}},
		{"an array for one value", `{"name":[{"givenName":{},"familyName":"x"}],"active":"yes"}`, "name: wants an object, not an array; " + wrong, DecodeOptions{Off: SetOf(SingleInArray)}},
		{"an array of several", `{"name":[{"givenName":{},"familyName":"x"},{"familyName":"y"}],"active":"yes"}`, "name: wants one value, not several; " + wrong, DecodeOptions{}},
		{"a list in a text", `{"name":"{\"givenName\":{}}","active":"yes"}`, "name.givenName: wants a string, not an object; " + wrong, DecodeOptions{}},
	} {
		_, _, err := user.Decode([]byte(c.body), &c.options)
		if errorText(err) != c.problems {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	_, _, err := user.Decode([]byte(`{"title":"t","name":"{\"givenName\":{}}"}`), nil)
	var p *PathError
	if !errors.As(err, &p) || p.Offset != 20 {
		t.Errorf("a problem in a text is where the text is: %v", err)
	}
}

// TestDecodeSuggests: the first few unknown names get a suggestion.
func TestDecodeSuggests(t *testing.T) {
	var members []string
	for i := range 12 {
		members = append(members, fmt.Sprintf(`"nickNam%d":1`, i))
	}
	_, _, err := UserDefinition().MustCompile().Decode([]byte("{"+strings.Join(members, ",")+"}"), &DecodeOptions{Unknown: RejectUnknown})
	if got := strings.Count(errorText(err), `did you mean "nickName"?`); got != 8 {
		t.Errorf("%d suggestions in %v", got, err)
	}
}

// TestDecodeIgnoresOnce: what is left out of many elements is listed once.
func TestDecodeIgnoresOnce(t *testing.T) {
	var members, want []string
	for i := range 40 {
		members, want = append(members, fmt.Sprintf(`"a%d":1`, i)), append(want, fmt.Sprintf("c.a%d", i))
	}
	element := "{" + strings.Join(members, ",") + "}"
	_, report, err := listsOf().Decode([]byte(`{"c":[`+element+","+element+`]}`), nil)
	if err != nil || !slices.Equal(report.Ignored, want) {
		t.Errorf("%v, %q", err, report.Ignored)
	}
}

// TestDecodeManyMembers: an object may have more members than fit into a few
// words of bits, and each of them once.
func TestDecodeManyMembers(t *testing.T) {
	for _, n := range []int{63, 64, 65, 128, 129, 193} {
		var subs []Attribute
		var members []string
		for i := range n {
			subs, members = append(subs, Attribute{Name: fmt.Sprintf("a%d", i)}), append(members, fmt.Sprintf(`"a%d":"x"`, i))
		}
		typ := Definition{Name: "T", Endpoint: "/T", Schema: &Schema{ID: "urn:example:t", Attributes: []Attribute{
			{Name: "c", Type: TypeComplex, MultiValued: true, SubAttributes: subs},
		}}}.MustCompile()
		element := "{" + strings.Join(members, ",") + "}"
		body := `"c":[` + element + "," + element + `]`
		if got := stored(t, mustDecode(t, typ, "{"+body+"}")); got != body {
			t.Errorf("%d members: %s", n, got)
		}
		if _, _, err := typ.Decode([]byte(`{"c":{`+strings.Join(members, ",")+","+members[n-1]+`}}`), nil); !errors.Is(err, ErrSyntax) {
			t.Errorf("the last of %d members twice: %v", n, err)
		}
	}
}

// TestDecodeTakesLarge reads what is large but right.
func TestDecodeTakesLarge(t *testing.T) {
	user := UserDefinition().MustCompile()
	long := strings.Repeat("x", 10<<20)
	r := mustDecode(t, user, `{"userName":"`+long+`"}`)
	if got := r.Get(user.MustPath("userName")).Text(); got != long {
		t.Error("a string of 10 MB changed")
	}
	var body strings.Builder
	body.WriteString(`{"userName":"a"`)
	for i := range 100_000 {
		fmt.Fprintf(&body, `,"a%d":%d`, i, i)
	}
	body.WriteString("}")
	r, report, err := user.Decode([]byte(body.String()), nil)
	if err != nil || len(report.Ignored) != 100_000 || r.Get(user.MustPath("userName")).Text() != "a" {
		t.Errorf("100,000 attributes: %v, %d ignored", err, len(report.Ignored))
	}
}

// TestNumbersKeepTheirText covers 7643-2.3.3-01, 7643-2.3.4-01 and large
// exponents.
func TestNumbersKeepTheirText(t *testing.T) {
	typ := Definition{Name: "T", Endpoint: "/T", Schema: &Schema{ID: "urn:example:t", Attributes: []Attribute{
		{Name: "d", Type: TypeDecimal}, {Name: "i", Type: TypeInteger},
	}}}.MustCompile()
	for _, number := range []string{"0", "-0", "1.0", "1e400", "-1E-400", "123456789012345678901234567890", "0.1000000000000000000001", "1e999999999999"} {
		r := mustDecode(t, typ, `{"d":`+number+`}`)
		if got := stored(t, r); got != `"d":`+number {
			t.Errorf("%s became %s", number, got)
		}
		r.Get(typ.MustPath("d")).Rat()
		typ.MustPath("d").FoldValue(r.Get(typ.MustPath("d")))
		_, _, err := typ.Decode([]byte(`{"i":`+number+`}`), nil)
		if integer := !strings.ContainsAny(number, ".eE"); (err == nil) != integer {
			t.Errorf("%s as an integer: %v", number, err)
		}
	}
}

// TestDateTimes covers 7643-2.3.5-01, 7643-2.3.5-02 and AMB-32.
func TestDateTimes(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-24T12:30:00Z":               "2026-11-24 12:30:00 +0000 UTC",
		"2026-11-24T12:30:00":                "2026-11-24 12:30:00 +0000 UTC",
		"2026-11-24T12:30:00+05:30":          "2026-11-24 07:00:00 +0000 UTC",
		"2026-11-24T12:30:00-14:00":          "2026-11-25 02:30:00 +0000 UTC",
		"2026-11-24T12:30:00.123456789999Z":  "2026-11-24 12:30:00.123456789 +0000 UTC",
		"2026-11-24T24:00:00Z":               "2026-11-25 00:00:00 +0000 UTC",
		"2026-11-24T24:00:00.000Z":           "2026-11-25 00:00:00 +0000 UTC",
		"2026-11-24T12:34:56Z":               "2026-11-24 12:34:56 +0000 UTC",
		"2026-11-24T12:30:59+00:59":          "2026-11-24 11:31:59 +0000 UTC",
		"2026-11-24T12:30:00+13:59":          "2026-11-23 22:31:00 +0000 UTC",
		"2026-11-24T12:30:00+00:60":          "",
		"2026-11-24T12:30:00+15:00":          "",
		"2026-11-24T25:00:00Z":               "",
		"2026-11-24T24:00:01Z":               "",
		"2026-11-24T24:01:00Z":               "",
		"2026-11-24T12:30:00x":               "",
		"2026-11-24T12:30:00x05:30":          "",
		"2024-02-29T00:00:00.000":            "2024-02-29 00:00:00 +0000 UTC",
		"2026-02-29T00:00:00Z":               "",
		"1600-02-29T00:00:00Z":               "1600-02-29 00:00:00 +0000 UTC",
		"1000-02-29T00:00:00Z":               "",
		"2026-11-24":                         "",
		"12:30:00Z":                          "",
		"2026-11-24 12:30:00Z":               "",
		"2026-11-24t12:30:00z":               "",
		"2026-11-24T12:30Z":                  "",
		"2026-11-24T12:30:00.Z":              "",
		"2026-11-24T12:30:00,5Z":             "",
		"2026-11-24T24:00:00.1Z":             "",
		"2026-13-24T12:30:00Z":               "",
		"2026-11-31T12:30:00Z":               "",
		"2026-11-24T12:60:00Z":               "",
		"2026-11-24T12:30:60Z":               "",
		"2026-11-24T12:30:00+14:01":          "",
		"2026-11-24T12:30:00+0530":           "",
		"2026-11-24T12:30:00Z ":              "",
		"١٢٣٤-11-24T12:30:00Z":               "",
		"":                                   "",
		"Tue, 24 Nov 2026 12:30:00 GMT":      "",
		"2026-11-24T12:30:00ZZ":              "",
		"2026-11-24T12:30:00.1.2Z":           "",
		"2026-11-24T12:30:00.123+01:00Z":     "",
		"2026-11-24T12:30:00.123+01:00:00.0": "",
	} {
		got, ok := parseDateTime(text)
		if ok != (want != "") || ok && got.String() != want {
			t.Errorf("AMB-32: parseDateTime(%q) = %v, %v; want %q", text, got, ok, want)
		}
	}
}

// TestBase64 covers 7643-2.3.6-01, 7643-2.3.6-02 and 7643-2.3.6-03.
func TestBase64(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, "YQ==": true, "YQ": true, "YWI=": true, "YWI": true, "YWJj": true, "+/+/": true, "-_-_": true,
		"Y": false, "YQ=": false, "YWI==": false, "YWJj=": false, "+_+_": false, "YW\nJj": false, "YW Jj": false, "Y===": false, "=": false, "==": false, "YWJjZGVm": true, "YWJj+/+/": true,
		"YW*j": false, "Y*Jj": false, "*WJj": false, "YWJ*": false, "YWJj*": false, "YWJj_/==": false, "+WJj_WJj": false, "YWJjYW==": true, "YWJj====": false, "YQ==YQ==": false, "ä": false,
	} {
		v, ok := ParseValue(KindBinary, text)
		if ok != want {
			t.Errorf("7643-2.3.6-02: ParseValue(%q) = %v, %v", text, v, ok)
		}
		if _, decodes := decodeBase64(text); ok && !decodes {
			t.Errorf("%q does not decode", text)
		}
	}
}
