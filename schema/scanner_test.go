package schema

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// scan lists the tokens of a JSON text.
func scan(data []byte) ([]string, *scanner, error) {
	s := &scanner{source: data, maxLevel: 100, maxTokens: 10_000}
	var tokens []string
	err := s.scanValue()
	if err == nil {
		err = scanRest(s, &tokens)
	}
	if err == nil {
		err = s.scanEnd()
	}
	return tokens, s, err
}

func scanRest(s *scanner, tokens *[]string) error {
	note := func() { *tokens = append(*tokens, shown(s)) }
	note()
	next := map[jsontext.Kind]func() error{'{': s.scanName, '[': s.scanElement}[s.kind]
	if next == nil {
		return nil
	}
	object := s.kind == '{'
	for {
		if err := next(); err != nil {
			return err
		}
		if s.kind == '}' || s.kind == ']' {
			note()
			return nil
		}
		if object {
			note()
			if err := s.scanMember(); err != nil {
				return err
			}
		}
		if err := scanRest(s, tokens); err != nil {
			return err
		}
	}
}

func shown(s *scanner) string {
	if s.kind == '"' {
		return fmt.Sprintf("%q", s.text())
	}
	return string(s.raw())
}

// tokensOf is scan by jsontext.
func tokensOf(data []byte) (tokens []string, ok bool) {
	if !jsontext.Value(data).IsValid(jsontext.AllowDuplicateNames(true)) {
		return nil, false
	}
	d := jsontext.NewDecoder(bytes.NewReader(data), jsontext.AllowDuplicateNames(true))
	for {
		token, err := d.ReadToken()
		if err != nil {
			return tokens, true
		}
		text := token.String()
		if token.Kind() == '"' {
			text = fmt.Sprintf("%q", text)
		}
		tokens = append(tokens, text)
	}
}

var scannedTexts = []string{
	`{"a":[1,-0.5e+3,true,false,null,"x"],"b":{},"c":[]}`, " \t\r\n[ 1 , { \"a\" : 2 } ] ", `"\u00e4\ud83d\ude00\"\\\/\b\f\n\r\t"`,
	`"ä😀"`, "\"\x7f\"", `"01234567\"89abcdef"`, `"0123456789abcdef`, `"0123456\`, `"\`, `"\u12`, `"\ud800"`, "\"\xff\"", "\"\xc3\"", "\"a\x00\"", "\"\x1f\"",
	``, ` `, `{`, `[`, `}`, `]`, `{]`, `[}`, `{,}`, `[,]`, `[1,]`, `{"a":1,}`, `[1 2]`, `{"a" 1}`, `{"a"}`, `{"a":}`, `{1:2}`, `{"a":1 "b":2}`, `[[],[]]`, `[[][]]`,
	`{"a":{}{}}`, `1 2`, `1,`, `tru`, `nul`, `truex`, `fals e`, `-`, `01`, `1.`, `.1`, `1e`, `+1`, `1e5`, `0`, `-0`, "\x00", "[\x00]", "1\x00", "\v1", "\"a\"\x00",
}

// FuzzScanner: the scanner takes the texts that jsontext takes, and sees the
// same tokens.
func FuzzScanner(f *testing.F) {
	for _, text := range scannedTexts {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, s, err := scan(data)
		if errors.Is(err, errDepth) || errors.Is(err, errTokens) {
			return
		}
		want, ok := tokensOf(data)
		if ok != (err == nil) || ok && !slices.Equal(got, want) {
			t.Fatalf("%q: %q, %v; jsontext: %q, %v", data, got, err, want, ok)
		}
		if s.pos > len(data) || s.start > s.pos || err == errCutOff && s.pos != len(data) {
			t.Fatalf("%q: %v at %d, %d", data, err, s.start, s.pos)
		}
	})
}

// TestScannerSaysWhere: the position of an error is that of the first byte that
// no JSON text could have there.
func TestScannerSaysWhere(t *testing.T) {
	for _, c := range []struct {
		text string
		pos  int
		err  error
	}{
		{`{"a":1`, 6, errCutOff}, {`{"a"`, 4, errCutOff}, {`["a`, 3, errCutOff}, {`"a\`, 3, errCutOff}, {`"a\"`, 4, errCutOff}, {`[tr`, 3, errCutOff}, {`[1,`, 3, errCutOff}, {``, 0, errCutOff},
		{`{"a":1 "b"`, 7, errNotJSON}, {`{"a":1,}`, 7, errNotJSON}, {`[1,]`, 3, errNotJSON}, {`[trap]`, 3, errNotJSON}, {`[1}`, 2, errNotJSON}, {`{"a",1}`, 4, errNotJSON},
		{"[\"0123456789\x01\"]", 12, errNotJSON}, {"[\"ä\x01\"]", 4, errNotJSON}, {"[\"ab\xff\"]", 4, errNotJSON}, {`["ab\x"]`, 4, errNotJSON}, {`["\udc00"]`, 2, errNotJSON}, {`[-]`, 1, errNotJSON}, {"\x00", 0, errNotJSON},
		{`[] []`, 3, errFollows}, {"1\x00", 1, errFollows},
		{strings.Repeat("[", 101), 101, errDepth}, {"[" + strings.Repeat("1,", 10_000), 19_999, errTokens},
	} {
		if _, s, err := scan([]byte(c.text)); err != c.err || s.pos != c.pos {
			t.Errorf("%.20q: %v at %d, want %v at %d", c.text, err, s.pos, c.err, c.pos)
		}
	}
}

// TestPlain looks at every byte at every distance from the start of a text.
func TestPlain(t *testing.T) {
	for c := range 256 {
		for before := range 20 {
			for after := range 10 {
				text := []byte(strings.Repeat("~", before) + string([]byte{byte(c)}) + strings.Repeat("!", after))
				want := len(text)
				if c < ' ' || c >= 0x80 || c == '"' || c == '\\' {
					want = before
				}
				if got := plain(text); got != want {
					t.Fatalf("plain(%q) = %d, want %d", text, got, want)
				}
			}
		}
	}
}
