package schema

import "testing"

func TestParseValue(t *testing.T) {
	tests := []struct {
		kind Kind
		good []string
		bad  []string
	}{
		{KindString, []string{"", "a"}, []string{"\xff"}},
		{KindReference, []string{"../Users/1"}, []string{"\xff"}},
		{KindBoolean, []string{"true", "false"}, []string{"", "True", "1", "t"}},
		{KindInteger, []string{"0", "-0", "12", "-9223372036854775809"}, []string{"", "-", "01", "1.0", "1e2", "+1", " 1"}},
		{KindDecimal, []string{"0", "-1.50", "1e400", "1.5E-07", "1e+5", "90"}, []string{"", "-", ".5", "1.", "1.e2", "1e", "1e+", "1e-", "1d5", "1e5x", "1e+-5", "e5", "1/", "1:", "01.5", "-01", "1.5x", "NaN"}},
		{KindDateTime, []string{"2011-05-13T04:42:34Z", "2011-05-13T04:42:34.1234567+02:00", "2011-05-13T04:42:34"}, []string{"", "2011-05-13"}},
		{KindBinary, []string{"", "AAE=", "AAE", "_-8"}, []string{"A", "*"}},
		{KindComplex, nil, []string{"", "{}"}},
		{KindList, nil, []string{"", "[]"}},
		{KindRaw, nil, []string{"{}"}},
		{KindNone, nil, []string{""}},
	}
	for _, tt := range tests {
		for _, text := range tt.good {
			if v, ok := ParseValue(tt.kind, text); !ok || v.Kind() != tt.kind || v.Text() != text {
				t.Errorf("ParseValue(%s, %q) = %v, %t", tt.kind, text, v, ok)
			}
		}
		for _, text := range tt.bad {
			if _, ok := ParseValue(tt.kind, text); ok {
				t.Errorf("ParseValue(%s, %q) succeeded", tt.kind, text)
			}
		}
	}
}
