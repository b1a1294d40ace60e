package schema

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// What is skipped must have no member twice either, however it is spelled and
// wherever it is.
func TestSkippedMembersAreThereOnce(t *testing.T) {
	user := UserDefinition().MustCompile()
	many := make([]string, 40)
	for i := range many {
		many[i] = fmt.Sprintf(`"n%d":%d`, i, i)
	}
	wide := strings.Join(many, ",")
	for _, c := range []struct {
		name, value string
		twice       bool
	}{
		{"different", `{"a":1,"b":"a","c":{"a":1}}`, false},
		{"value like a name", `{"a":"b","b":"a"}`, false},
		{"same", `{"a":1,"b":2,"a":3}`, true},
		{"in elements apart", `[{"a":1},{"a":2}]`, false},
		{"in one element", `[{"a":1},{"b":1,"b":2}]`, true},
		{"after an inner object", `{"a":{"b":1},"c":1,"a":2}`, true},
		{"by escape", `{"a":1,"\u0061":2}`, true},
		{"by escape, then another", `{"a":1,"\u0061":2,"b":3}`, true},
		{"same, then another", `{"a":1,"a":2,"b":3}`, true},
		{"escape of another", `{"a":1,"\u0062":2}`, false},
		{"many", `{` + wide + `}`, false},
		{"many, then the first", `{` + wide + `,"n0":1}`, true},
		{"many, then twice elsewhere", `[{` + wide + `},{"a":1,"a":2}]`, true},
		{"strings in arrays", `["a","a",{"x":["a","a"]}]`, false},
	} {
		for _, member := range []string{"groups", "shoe"} {
			_, _, err := user.Decode([]byte(`{"userName":"a","`+member+`":`+c.value+`}`), nil)
			if twice := errors.Is(err, ErrSyntax); twice != c.twice {
				t.Errorf("%s in %s: %v", c.name, member, err)
			}
		}
	}
}

// A limit ends reading wherever it is reached in what is skipped, and until then
// nothing is too much.
func TestSkippedReachesLimits(t *testing.T) {
	user := UserDefinition().MustCompile()
	for _, c := range []struct {
		value         string
		depth, values int // that the value needs
	}{
		{`[[[]]]`, 3, 3},
		{`{"a":{"b":{}}}`, 3, 5},
		{`{"a":1,"b":[2,[3]],"c":{"d":4}}`, 3, 12},
		{`{"\u0061":1,"b":{"c":[2]}}`, 3, 8},
	} {
		body := []byte(`{"shoe":` + c.value + `}`)
		depth, values := c.depth+1, c.values+2 // with the body and the name
		for limit := 1; limit <= values; limit++ {
			if _, _, err := user.Decode(body, &DecodeOptions{MaxValues: limit}); errors.Is(err, ErrLimit) != (limit < values) {
				t.Errorf("%s with %d values: %v", body, limit, err)
			}
		}
		for limit := 1; limit <= depth; limit++ {
			if _, _, err := user.Decode(body, &DecodeOptions{MaxDepth: limit}); errors.Is(err, ErrLimit) != (limit < depth) {
				t.Errorf("%s with depth %d: %v", body, limit, err)
			}
		}
	}
}
