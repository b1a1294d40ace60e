package scimtest

import (
	"testing"
)

func mustJSON(t *testing.T, text string) any {
	t.Helper()
	v, err := decodeJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestMatchers(t *testing.T) {
	const missing = ""
	cases := []struct {
		matcher, value string
		want           bool
	}{
		{`"a"`, `"a"`, true}, {`"a"`, `"A"`, false}, {`"1"`, `1`, false}, {`1`, `1`, true}, {`1`, `1.0`, true}, {`1`, `true`, false},
		{`1`, `1e0`, false}, {`0`, `1e999999999`, false},
		{`null`, `null`, true}, {`null`, missing, false}, {`true`, `"true"`, false}, {`true`, `true`, true},
		{`[1,2]`, `[1,2]`, true}, {`[1,2]`, `[2,1]`, false}, {`{"a":[1]}`, `{"a":[1]}`, true}, {`{"a":1}`, `{"a":1,"b":2}`, false},
		{`{"$ref":"x"}`, `{"$ref":"x"}`, true}, {`"a"`, `{}`, false}, {`[]`, `{}`, false},
		{`{"$any":true}`, `"x"`, true}, {`{"$any":true}`, `false`, true}, {`{"$any":true}`, `""`, false}, {`{"$any":true}`, `null`, false}, {`{"$any":true}`, missing, false},
		{`{"$emptyOrAbsent":true}`, missing, true}, {`{"$emptyOrAbsent":true}`, `null`, true}, {`{"$emptyOrAbsent":true}`, `""`, true},
		{`{"$emptyOrAbsent":true}`, `[]`, true}, {`{"$emptyOrAbsent":true}`, `{}`, true}, {`{"$emptyOrAbsent":true}`, `0`, false}, {`{"$emptyOrAbsent":true}`, `[null]`, false},
		{`{"$type":"string"}`, `"x"`, true}, {`{"$type":"string"}`, `1`, false}, {`{"$type":"integer"}`, `1`, true}, {`{"$type":"integer"}`, `1.0`, false},
		{`{"$type":"boolean"}`, `false`, true}, {`{"$type":"array"}`, `[]`, true}, {`{"$type":"object"}`, `{}`, true}, {`{"$type":"object"}`, missing, false},
		{`{"$len":2}`, `[1,2]`, true}, {`{"$len":2}`, `[1]`, false}, {`{"$len":0}`, `[]`, true}, {`{"$len":0}`, missing, false}, {`{"$len":1}`, `"a"`, false},
		{`{"$minLen":2}`, `[1,2,3]`, true}, {`{"$minLen":2}`, `[1]`, false},
		{`{"$min":5}`, `5`, true}, {`{"$min":5}`, `4`, false}, {`{"$min":5}`, `"5"`, false}, {`{"$min":5}`, `6.0`, false},
		{`{"$contains":"a"}`, `["b","a"]`, true}, {`{"$contains":"a"}`, `["b"]`, false}, {`{"$contains":"a"}`, `"a"`, false},
		{`{"$oneOf":["a",1]}`, `1`, true}, {`{"$oneOf":["a",1]}`, `"1"`, false}, {`{"$oneOf":["a",null]}`, missing, false},
		{`{"$not":"a"}`, `"b"`, true}, {`{"$not":"a"}`, `"a"`, false}, {`{"$not":"a"}`, missing, true},
		{`{"$prefix":"Application/"}`, `"application/scim+json"`, true}, {`{"$prefix":"x"}`, `"y"`, false}, {`{"$prefix":"x"}`, missing, false},
		{`{"$oneOfPrefix":["a","b"]}`, `"Bc"`, true}, {`{"$oneOfPrefix":["a","b"]}`, `"c"`, false},
	}
	for _, c := range cases {
		m, err := newMatcher(mustJSON(t, c.matcher))
		if err != nil {
			t.Errorf("%s: %v", c.matcher, err)
			continue
		}
		var value any
		if c.value != missing {
			value = mustJSON(t, c.value)
		}
		if got := m.test(value, c.value != missing); got != c.want {
			t.Errorf("%s on %q: %v (%s)", c.matcher, c.value, got, m.want)
		}
	}
}

func TestMatcherMistakes(t *testing.T) {
	for _, text := range []string{
		`{"$any":false}`, `{"$emptyOrAbsent":1}`, `{"$type":"text"}`, `{"$len":"1"}`, `{"$minLen":1.5}`, `{"$min":null}`,
		`{"$oneOf":"a"}`, `{"$oneOf":[]}`, `{"$prefix":1}`, `{"$oneOfPrefix":[1]}`, `{"$oneOfPrefix":[]}`, `{"$what":1}`, `{"$any":true,"x":1}`,
	} {
		if _, err := newMatcher(mustJSON(t, text)); err == nil {
			t.Errorf("%s is accepted", text)
		}
	}
}

func TestPointers(t *testing.T) {
	doc := mustJSON(t, `{"a":{"b/c":[{"type":"Work","value":1},{"type":"home","value":null}]},"urn:x:2.0:User":{"d":true},"n":[{"on":true}],
		"r":[{"$ref":"http://h/Users/1","value":"1"}]}`)
	cases := []struct {
		pointer, want string
		found         bool
	}{
		{"", compactJSON(doc), true},
		{"/a/b~1c/0/value", "1", true},
		{"/a/b~1c/[type=work]/value", "1", true},
		{"/a/b~1c/[type=HOME]/value", "null", true},
		{"/a/b~1c/[type=other]/value", "null", false},
		{"/a/b~1c/2", "null", false},
		{"/a/b~1c/-1", "null", false},
		{"/a/[type=work]", "null", false},
		{"/urn:x:2.0:User/d", "true", true},
		{"/n/[on=true]/on", "true", true},
		{"/n/[off=]", "null", false},
		{"/r/[$ref=http://h/Users/1]/value", `"1"`, true},
		{"/a/B~1C", "null", false},
	}
	for _, c := range cases {
		p, err := parsePointer(c.pointer)
		if err != nil {
			t.Errorf("%s: %v", c.pointer, err)
			continue
		}
		v, found := p.resolve(doc)
		if compactJSON(v) != c.want || found != c.found {
			t.Errorf("%s: %s, %v", c.pointer, compactJSON(v), found)
		}
	}
}

func TestVariables(t *testing.T) {
	v := vars{"run": "0a", "u": `x/y "z"+é`}
	if got, want := v.path("/Users/${u}?f=${run}%20${no}"), "/Users/x%2Fy%20%22z%22%2B%C3%A9?f=0a%20${no}"; got != want {
		t.Errorf("path %q, want %q", got, want)
	}
	got := compactJSON(v.value(mustJSON(t, `{"k${run}":["${u}",1,null]}`)))
	if want := `{"k0a":["x/y \"z\"+é",1,null]}`; got != want {
		t.Errorf("value %s, want %s", got, want)
	}
}
