package patch_test

import (
	"testing"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// TestLetterCase writes equal values in another letter case: userName stays as
// it is, whatever else is in the request, and a display name is corrected.
func TestLetterCase(t *testing.T) {
	user := schema.UserDefinition().MustCompile()
	old := decode(t, user, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"bjensen@example.com","displayName":"babs mcdonald","emails":[{"value":"b@example.com","type":"work"}]}`)
	const identity, cosmetic = `{"op":"replace","path":"userName","value":"BJensen@Example.COM"}`, `{"op":"replace","path":"displayName","value":"Babs McDonald"}`
	for _, c := range []struct {
		name, operations, userName, displayName string
		mode                                    patch.LetterCaseMode
		changed                                 bool
	}{
		{"what identifies keeps its spelling", identity, "bjensen@example.com", "babs mcdonald", patch.CaseByUniqueness, false},
		{"also without a path", `{"op":"add","value":{"userName":"BJENSEN@example.com"}}`, "bjensen@example.com", "babs mcdonald", patch.CaseByUniqueness, false},
		{"also in other widths", `{"op":"replace","path":"userName","value":"ｂjensen@example.com"}`, "bjensen@example.com", "babs mcdonald", patch.CaseByUniqueness, false},
		{"also next to a change", identity + "," + cosmetic, "bjensen@example.com", "Babs McDonald", patch.CaseByUniqueness, true},
		{"C19 a list gets no second spelling", `{"op":"add","path":"emails","value":{"value":"B@EXAMPLE.com","type":"Work"}}`, "bjensen@example.com", "babs mcdonald", patch.CaseByUniqueness, false},
		{"stored on demand", identity, "BJensen@Example.COM", "babs mcdonald", patch.CaseStored, true},
		{"ignored on demand", identity + "," + cosmetic, "bjensen@example.com", "babs mcdonald", patch.CaseIgnored, false},
	} {
		request, err := patch.Parse([]byte(`{"schemas":["`+patch.MessageURN+`"],"Operations":[`+c.operations+`]}`), nil)
		if err != nil {
			t.Fatal(err)
		}
		changes, err := request.Compile(user, &patch.Options{LetterCase: c.mode})
		if err != nil {
			t.Fatal(err)
		}
		result, err := changes.Apply(old)
		if err != nil {
			t.Fatal(err)
		}
		userName, displayName := result.Resource.Get(user.MustPath("userName")).Text(), result.Resource.Get(user.MustPath("displayName")).Text()
		if userName != c.userName || displayName != c.displayName || result.Changed != c.changed || !c.changed && result.Resource != old {
			t.Errorf("%s: %q, %q, changed %v, %v", c.name, userName, displayName, result.Changed, result.Diffs)
		}
	}
}

// TestLetterCaseOfDiff: a difference in letter case is what a Diff is asked for.
func TestLetterCaseOfDiff(t *testing.T) {
	user := schema.UserDefinition().MustCompile()
	from, to := decode(t, user, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"bjensen"}`), decode(t, user, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"BJensen"}`)
	for mode, want := range map[patch.LetterCaseMode]*schema.Resource{patch.CaseByUniqueness: to, patch.CaseStored: to, patch.CaseIgnored: from} {
		changes, err := patch.Diff(from, to).Compile(user, &patch.Options{LetterCase: mode})
		if err != nil {
			t.Fatal(err)
		}
		if result, err := changes.Apply(from); err != nil || !result.Resource.Equal(want) {
			t.Errorf("mode %d: %v, %v", mode, result, err)
		}
	}
}
