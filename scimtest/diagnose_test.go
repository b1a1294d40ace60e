package scimtest

import (
	"strings"
	"testing"
)

func TestDiagnosis(t *testing.T) {
	answered := func(status int, body string) Result {
		e := &Exchange{Status: status, Body: body, raw: []byte(body)}
		return Result{Outcome: Failed, Steps: []Step{{Name: "fine", Exchange: &Exchange{Status: 500}}, {Exchange: e, Problems: []Problem{{}}}}}
	}
	cases := []struct {
		result Result
		says   string
	}{
		{answered(400, `{"scimType":"invalidFilter"}`), "filter is refused"},
		{answered(400, `{}`), "refuses what the client sends"},
		{answered(405, ``), "does not implement this method"},
		{answered(503, ``), "its log has the cause"},
		{answered(0, ``), "no usable answer"},
		{answered(200, `{"scimType":"invalidFilter"}`), "acknowledged"},
		{Result{Outcome: Failed, Case: Case{Cause: "its own"}}, "its own"},
	}
	for _, c := range cases {
		if got := c.result.diagnose(); !strings.Contains(got, c.says) {
			t.Errorf("%q does not say %q", got, c.says)
		}
	}
	if passed := (&Result{Case: Case{Cause: "x"}}).diagnose(); passed != "" {
		t.Errorf("a passed case has the cause %q", passed)
	}
}
