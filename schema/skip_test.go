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
