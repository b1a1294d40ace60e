package schema

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// TestBuilderCommon: id, externalId and meta are what was set last, and are
// gone where that was nothing.
func TestBuilderCommon(t *testing.T) {
	typ := UserDefinition().MustCompile()
	day := time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))
	b := typ.New()
	b.SetID("1")
	b.SetExternalID("x")
	b.SetMeta(day, day.Add(time.Hour), `W/"1"`)
	want := `"id":"1","externalId":"x","meta":{"resourceType":"User","created":"2026-01-02T02:04:05Z","lastModified":"2026-01-02T03:04:05Z","version":"W/\"1\""}`
	if got := stored(t, b.Resource()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	b.SetExternalID("")
	b.SetMeta(time.Time{}, time.Time{}, "")
	if got, want := stored(t, b.Resource()), `"id":"1","meta":{"resourceType":"User"}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestBuilderTakesPreserved: unknown members that were preserved are part of a
// value.
func TestBuilderTakesPreserved(t *testing.T) {
	typ := UserDefinition().MustCompile()
	r, _, err := typ.Decode([]byte(`{"name":{"givenName":"g","nickname":["x"]}}`), &DecodeOptions{Unknown: PreserveUnknown})
	if err != nil {
		t.Fatal(err)
	}
	b, name := typ.New(), typ.MustPath("name")
	if err := b.Set(name, r.Get(name)); err != nil {
		t.Fatal(err)
	}
	if got, want := stored(t, b.Resource()), `"name":{"givenName":"g","nickname":["x"]}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestBuilderRefuses: what does not fit the type changes nothing.
func TestBuilderRefuses(t *testing.T) {
	user, group := UserDefinition().MustCompile(), GroupDefinition().MustCompile()
	email := func(path string, v Value) Value { return Complex(Field{user.MustPath(path), v}) }
	for _, c := range []struct {
		name string
		path Path
		v    Value
		err  error
		text string
	}{
		{"no path", Path{}, String("x"), ErrUnknownAttribute, "not an attribute of User"},
		{"path of another type", group.MustPath("displayName"), String("x"), ErrUnknownAttribute, "not an attribute of User"},
		{"schemas", user.MustPath("schemas"), List(String("x")), ErrValue, "follows from the data"},
		{"part of a list", user.MustPath("emails.value"), String("x"), ErrValue, "set the whole list"},
		{"wrong kind", user.MustPath("active"), String("x"), ErrValue, "wants a boolean, not a string"},
		{"one value for a list", user.MustPath("emails"), email("emails.value", String("x")), ErrValue, "wants a list of complex, not a complex"},
		{"list for one value", user.MustPath("title"), List(String("x")), ErrValue, "wants a string, not a list"},
		{"wrong kind in a list", user.MustPath("emails"), List(email("emails.value", String("a")), String("b")), ErrValue, "value 1: "},
		{"wrong kind inside", user.MustPath("emails"), List(email("emails.value", Bool(true))), ErrValue, "wants a string, not a boolean"},
		{"part of something larger", user.MustPath("name"), email("addresses.primary", Bool(true)), ErrValue, "a sub-attribute of another attribute"},
		{"part of something larger by one", user.MustPath("name"), email("addresses.type", String("x")), ErrValue, "a sub-attribute of another attribute"},
		{"text that is not UTF-8", user.MustPath("title"), String("\xff"), ErrValue, "is not UTF-8"},
		{"reference that is not UTF-8", user.MustPath("profileUrl"), Reference("\xff"), ErrValue, "is not UTF-8"},
	} {
		b := user.New()
		err := b.Set(c.path, c.v)
		if !errors.Is(err, c.err) || !strings.Contains(err.Error(), c.text) || stored(t, b.Resource()) != "" {
			t.Errorf("%s: %v in %s", c.name, err, stored(t, b.Resource()))
		}
	}
}

// TestFormats: every value that breaks a rule is reported, and types without
// the attribute are not affected.
func TestFormats(t *testing.T) {
	user := UserDefinition().MustCompile()
	short := func(v Value) bool { return len(v.Text()) < 3 }
	formats := []Format{{"nope", short, "must not be asked for"}, {"emails.value", short, "must be short"}, {"title", short, "must be brief"}}
	for _, c := range []struct{ body, want string }{
		{`{"title":"a","emails":[{"value":"b"}]}`, ""},
		{`{}`, ""},
		{`{"title":"long","emails":[{"value":"longer"},{"value":"b"},{"value":"longest"}]}`,
			"emails.value: must be short; emails.value: must be short; title: must be brief"},
	} {
		err := CheckFormats(mustDecode(t, user, c.body), formats...)
		if c.want == "" && err != nil || c.want != "" && (err == nil || err.Error() != c.want || !errors.Is(err, ErrValue)) {
			t.Errorf("%s: %v, want %s", c.body, err, c.want)
		}
	}
}

func TestKindString(t *testing.T) {
	for kind, want := range map[Kind]string{KindNone: "nothing", KindString: "string", KindRaw: "raw JSON", KindRaw + 1: "unknown", 255: "unknown"} {
		if got := kind.String(); got != want {
			t.Errorf("kind %d is %q", kind, got)
		}
	}
}

// TestDaysOfMonths: a month ends where the calendar says (7643-2.3.5-01).
func TestDaysOfMonths(t *testing.T) {
	for _, year := range []int{1900, 2000, 2023, 2024, 2100, 2400} {
		for month := time.January; month <= time.December; month++ {
			for day := 28; day <= 32; day++ {
				date := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
				text := time.Date(year, month, 1, 12, 30, 15, 0, time.UTC).Format("2006-01-") + string([]byte{'0' + byte(day/10), '0' + byte(day%10)}) + "T12:30:15Z"
				got, ok := parseDateTime(text)
				if want := date.Month() == month; ok != want || ok && !got.Equal(date.Add(12*time.Hour+30*time.Minute+15*time.Second)) {
					t.Errorf("AMB-32: parseDateTime(%q) = %v, %v", text, got, ok)
				}
			}
		}
	}
}

// TestRatIsBounded: a number is expanded as long as its exponent is of a usual
// size.
func TestRatIsBounded(t *testing.T) {
	for text, want := range map[string]bool{
		"12.5": true, "1e4096": true, "1E-4096": true, "1e+04096": true, "1e4097": false, "1e-5000": false, "1e10000": false, "1e999": true,
		"1e12345": false, strings.Repeat("1", 4096): true, strings.Repeat("1", 4097): false,
	} {
		v, ok := ParseValue(KindDecimal, text)
		if r := v.Rat(); !ok || (r != nil) != want {
			t.Errorf("%.20s (%d bytes) is expanded: %v", text, len(text), r != nil)
		}
	}
	if r := String("1").Rat(); r != nil {
		t.Errorf("a text is the number %v", r)
	}
}

// TestIdentityOfParts: different sub-attributes do not make one identity, however
// their texts run together.
func TestIdentityOfParts(t *testing.T) {
	user := UserDefinition().MustCompile()
	p := user.MustPath("addresses")
	seen := map[string]string{}
	for _, text := range []string{
		`{"streetAddress":"ab"}`, `{"locality":"ab"}`, `{"streetAddress":"a","locality":"b"}`, `{"streetAddress":"a1:1:b"}`,
		`{"streetAddress":"a","region":"b"}`, `{"streetAddress":"ab","primary":true}`, `{"streetAddress":"b","locality":"a"}`,
	} {
		v, _, err := p.DecodeElement([]byte(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		if same, again := seen[p.Identity(v)]; again {
			t.Errorf("7643-2.4-11: %s counts as %s", text, same)
		}
		seen[p.Identity(v)] = text
	}
}
