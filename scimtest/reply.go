package scimtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// reply is a response with the expectations on it. Methods named must end the
// case when they do not hold; the others record the problem and go on.
type reply struct {
	p    *probe
	step *Step
	e    *Exchange
	body any
	err  error // why body is no JSON
}

// Frequent expectations, in the form of the corpus format.
var (
	anything = object{"$any": true}
	nothing  = object{"$emptyOrAbsent": true}
)

func (r *reply) id() string { return textAt(r.body, "id") }

// must asks for one of the status codes, and for JSON unless the answer is 204
// or 304, or ends the case.
func (r *reply) must(codes ...int) *reply {
	r.status(codes...)
	if len(r.step.Problems) == 0 && r.err != nil && r.e.Status != http.StatusNoContent && r.e.Status != http.StatusNotModified {
		r.problem("body", "JSON", fmt.Sprintf("%s: %v", bodyKind(r.e), r.err))
	}
	if len(r.step.Problems) > 0 {
		r.p.stop()
	}
	return r
}

func (r *reply) status(codes ...int) *reply {
	r.step.expectStatus(codes...)
	return r
}

// refused asks for a client error: any status of 4xx, or 501.
func (r *reply) refused() *reply {
	r.step.Expected = append(r.step.Expected, "an error status")
	if s := r.e.Status; s/100 != 4 && s != http.StatusNotImplemented {
		r.problem("status", "a client error (4xx)", r.e.answer())
	}
	return r
}

// fails asks for an error response of RFC 7644 §3.12 with one of the scimTypes;
// without any, scimType is free.
func (r *reply) fails(status int, scimTypes ...string) *reply {
	r.status(status)
	if r.e.Status != status {
		return r
	}
	r.has("/schemas", object{"$contains": errorURN})
	r.has("/status", fmt.Sprint(status))
	if len(scimTypes) > 0 {
		r.has("/scimType", object{"$oneOf": jsonOf(scimTypes)})
	}
	return r
}

const errorURN = "urn:ietf:params:scim:api:messages:2.0:Error"

// has checks the value at a pointer against a value or matcher.
func (r *reply) has(pointer string, want any) *reply {
	p, err := parsePointer(pointer)
	value, found := p.resolve(r.body)
	if err != nil {
		r.problem(pointer, "a valid pointer", err.Error())
		return r
	}
	r.step.expect(pointer, jsonOf(want), nil, value, found)
	return r
}

// hasHeader checks a response header.
func (r *reply) hasHeader(name string, want any) *reply {
	values := r.e.Header.Values(name)
	r.step.expect(name, jsonOf(want), nil, strings.Join(values, ", "), len(values) > 0)
	return r
}

// lacks asks that a pointer leads to nothing, or to an unassigned value.
func (r *reply) lacks(pointer string) *reply { return r.has(pointer, nothing) }

func (r *reply) problem(at, expected, got string) { r.step.problem(at, expected, got) }

// expect notes an expectation in words and its violation.
func (r *reply) expect(holds bool, at, expected, got string) *reply {
	r.step.Expected = append(r.step.Expected, at+": "+expected)
	if !holds {
		r.problem(at, expected, got)
	}
	return r
}

// at returns the value at a pointer, or nil.
func (r *reply) at(pointer string) any {
	p, _ := parsePointer(pointer)
	v, _ := p.resolve(r.body)
	return v
}

// ids returns the ids of a ListResponse in order.
func (r *reply) ids() []string {
	var out []string
	for _, o := range resourcesOf(r.body) {
		out = append(out, textAt(o, "id"))
	}
	return out
}

// values returns the elements of a multi-valued attribute's sub-attribute.
func (r *reply) values(pointer, sub string) []string {
	list, _ := r.at(pointer).([]any)
	var out []string
	for _, e := range list {
		out = append(out, textOf(member(e, sub)))
	}
	return out
}

// lists asks for a ListResponse with exactly these resources in any order, and
// a total that agrees.
func (r *reply) lists(want ...*resource) *reply {
	r.must(http.StatusOK)
	r.has("/schemas", object{"$contains": listURN})
	r.sameSet("/Resources", names(want, r.ids()), names(want, idsOf(want)))
	if n := len(want); len(r.ids()) == n {
		r.has("/totalResults", n)
	}
	return r
}

const listURN = "urn:ietf:params:scim:api:messages:2.0:ListResponse"

// ordered asks for exactly these resources in this order.
func (r *reply) ordered(want ...*resource) *reply {
	r.must(http.StatusOK)
	got, expected := strings.Join(names(want, r.ids()), ", "), strings.Join(names(want, idsOf(want)), ", ")
	return r.expect(got == expected, "/Resources", "in this order: "+expected, cmpOr(got, "nothing"))
}

func idsOf(resources []*resource) []string {
	out := make([]string, len(resources))
	for i, r := range resources {
		out[i] = r.id()
	}
	return out
}

// names replaces ids by the keys of resources, which read better.
func names(known []*resource, ids []string) []string {
	out := slices.Clone(ids)
	for i, id := range out {
		for _, r := range known {
			if r.id() == id && r.key != "" {
				out[i] = r.key
			}
		}
	}
	return out
}

// sameSet compares two lists without regard to order.
func (r *reply) sameSet(at string, got, want []string) *reply {
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	return r.expect(slices.Equal(got, want), at, "exactly "+listed(want), listed(got))
}

func listed(items []string) string {
	if len(items) == 0 {
		return "nothing"
	}
	return clip(strings.Join(items, ", "), 400)
}
