package schema

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestMembersInAnyOrder: the order of members does not matter, however many
// there are.
func TestMembersInAnyOrder(t *testing.T) {
	s := &Schema{ID: "urn:example:wide"}
	var members []string
	for i := range 100 {
		name := fmt.Sprintf("a%d", i)
		s.Attributes = append(s.Attributes, Attribute{Name: name})
		members = append(members, fmt.Sprintf(`%q:"%d"`, name, i))
	}
	typ := Definition{Name: "T", Endpoint: "/T", Schema: s}.MustCompile()
	for _, n := range []int{2, 31, 32, 33, 34, 100} {
		want := mustDecode(t, typ, "{"+strings.Join(members[:n], ",")+"}")
		turned := slices.Clone(members[:n])
		slices.Reverse(turned)
		turned[0], turned[n/2] = turned[n/2], turned[0]
		if got := mustDecode(t, typ, "{"+strings.Join(turned, ",")+"}"); !got.Equal(want) {
			t.Errorf("%d members: %s", n, stored(t, got))
		}
		for i := range n {
			if got := want.Get(typ.MustPath(fmt.Sprintf("a%d", i))).Text(); got != fmt.Sprint(i) {
				t.Errorf("a%d of %d = %q", i, n, got)
			}
		}
	}
}

// TestLongListsDecode: a list of any length has its elements in order.
func TestLongListsDecode(t *testing.T) {
	group := GroupDefinition().MustCompile()
	members, value := group.MustPath("members"), group.MustPath("members.value")
	for _, n := range []int{1, chunkSize - 1, chunkSize, chunkSize + 1, 2*chunkSize + 1} {
		var elements []string
		for i := range n {
			elements = append(elements, fmt.Sprintf(`{"value":"m%d"}`, i))
		}
		r := mustDecode(t, group, `{"displayName":"a","members":[`+strings.Join(elements, ",")+`],"externalId":"e"}`)
		list := r.Get(members)
		if list.Len() != n || list.spread != (n > chunkSize) || r.Get(group.MustPath("displayName")).Text() != "a" || r.Get(group.MustPath("externalId")).Text() != "e" {
			t.Fatalf("%d members: %d, %v", n, list.Len(), list.spread)
		}
		for i, e := range list.All() {
			if got := e.Get(value).Text(); got != fmt.Sprintf("m%d", i) {
				t.Fatalf("member %d of %d = %q", i, n, got)
			}
		}
	}
}

func TestBuilderGet(t *testing.T) {
	user, group := UserDefinition().MustCompile(), GroupDefinition().MustCompile()
	b := mustDecode(t, user, `{"schemas":["`+UserURN+`"],"userName":"u","name":{"givenName":"g"},"emails":[{"value":"a"},{"value":"b"}]}`).Edit()
	for path, want := range map[string]string{
		"userName": "u", "name.givenName": "g", "name.familyName": "", "emails.value": "[a, b]", "schemas": "[" + UserURN + "]",
	} {
		if got := b.Get(user.MustPath(path)).String(); got != want {
			t.Errorf("%s = %q, want %q", path, got, want)
		}
	}
	for _, p := range []Path{{}, group.MustPath("displayName")} {
		if v := b.Get(p); !v.IsZero() {
			t.Errorf("%v = %v", p, v)
		}
	}
}
