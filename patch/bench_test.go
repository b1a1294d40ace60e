package patch_test

import (
	"bytes"
	"fmt"
	"strconv"
	"testing"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// BenchmarkReplaceActive goes from the body to the new resource.
func BenchmarkReplaceActive(b *testing.B) {
	r := decode(b, user, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"1","userName":"bjensen","active":true,
		"name":{"givenName":"Barbara","familyName":"Jensen"},"emails":[{"value":"bjensen@example.com","type":"work","primary":true}]}`)
	request := body(`{"op":"replace","path":"active","value":false}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := applyBody(r, request, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReplaceSelected is the request that Entra ID sends most.
func BenchmarkReplaceSelected(b *testing.B) {
	r := decode(b, user, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"1","userName":"bjensen",
		"emails":[{"value":"bjensen@example.com","type":"work","primary":true},{"value":"b@home.example","type":"home"}]}`)
	request := body(`{"op":"Replace","path":"emails[type eq \"work\"].value","value":"new@example.com"}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := applyBody(r, request, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAddMember adds one member to groups of growing size: as an edit, by
// Apply, and for comparison what encoding the group costs.
func BenchmarkAddMember(b *testing.B) {
	request := body(`{"op":"add","path":"members","value":[{"value":"new"}]}`)
	for _, n := range []int{10, 1000, 100_000} {
		r := decode(b, group, groupOf(n))
		b.Run(fmt.Sprintf("edit/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				compileMember(b, request)
			}
		})
		b.Run(fmt.Sprintf("apply/%d", n), func(b *testing.B) {
			changes := compileMember(b, request)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := changes.Apply(r); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("encode/%d", n), func(b *testing.B) {
			var dst []byte
			b.ReportAllocs()
			for b.Loop() {
				dst, _ = r.AppendJSON(dst[:0], &schema.Encoding{All: true})
			}
		})
	}
}

// BenchmarkThousandOperations adds and removes members of a large group, one
// per operation.
func BenchmarkThousandOperations(b *testing.B) {
	r := decode(b, group, groupOf(100_000))
	var operations []string
	for i := range 500 {
		operations = append(operations, `{"op":"add","path":"members","value":[{"value":"new`+strconv.Itoa(i)+`"}]}`,
			fmt.Sprintf(`{"op":"remove","path":"members[value eq \"%s\"]"}`, memberID(i)))
	}
	request := body(operations...)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := applyBody(r, request, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func compileMember(b *testing.B, request []byte) *patch.Changes {
	parsed, err := patch.Parse(request, nil)
	if err != nil {
		b.Fatal(err)
	}
	changes, err := parsed.Compile(group, nil)
	if err != nil {
		b.Fatal(err)
	}
	return changes
}

func memberID(i int) string { return fmt.Sprintf("%08x-7f76-453a-919d-%012x", uint32(i)*2654435761, i) }

func groupOf(n int) string {
	var text bytes.Buffer
	text.WriteString(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"1","displayName":"everyone","members":[`)
	for i := range n {
		if i > 0 {
			text.WriteByte(',')
		}
		fmt.Fprintf(&text, `{"value":"%s","$ref":"https://scim.example.com/v2/Users/%s","type":"User"}`, memberID(i), memberID(i))
	}
	text.WriteString(`]}`)
	return text.String()
}
