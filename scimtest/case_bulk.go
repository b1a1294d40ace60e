package scimtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

var bulkCases = []rfcCase{
	{name: "bulk/operations", covers: "7644-3.7-02 7644-3.7-10 7644-3.7-14 7644-3.7-19 7644-3.7.3-01 7644-3.7.3-03 7644-3.7-09", feature: "bulk", each: bulkOperations,
		title: "POST, PUT, PATCH and DELETE in a bulk request take effect, and each has its result with a string status"},
	{name: "bulk/continue", covers: "7644-3.7-16 7644-3.7-11 7644-3.7-13 7644-3.7.3-02 7644-3.7.3-04", feature: "bulk", each: bulkContinue,
		title: "Without failOnErrors a failing operation does not stop the others, and has its error in the response",
		cause: "The job stops at the first error, or the failure is not reported."},
	{name: "bulk/fail-on-errors", covers: "7644-3.7-17", feature: "bulk", each: bulkFailOnErrors,
		title: "With failOnErrors=1 nothing is processed after the first error"},
	{name: "bulk/reference", covers: "7644-3.7-18 7644-3.7.2-01 7644-3.7.2-02", feature: "bulk", each: bulkReference,
		title: "bulkId: references are replaced by the id of the created resource, in either order",
		cause: "The text bulkId:… is stored as a member."},
	{name: "bulk/circular", covers: "7644-3.7.1-01 7644-3.7.1-02", feature: "bulk", each: bulkCircular,
		title: "Resources that refer to each other are both created, or refused with 409"},
	{name: "bulk/extension-reference", covers: "7644-3.7.2-03", feature: "bulk", each: bulkExtensionReference,
		title: "bulkId: references inside extension attributes are replaced too"},
	{name: "bulk/unknown-reference", covers: "7644-3.7.2-02", feature: "bulk", each: bulkUnknownReference,
		title: "A reference to a bulkId that no operation has fails that operation"},
	{name: "bulk/malformed", covers: "7644-3.7-04 7644-3.7-05 7644-3.7-08 7644-3.12-21 7644-3.7-15", feature: "bulk", each: bulkMalformed,
		title: "A job without operations is refused; an operation without method or with an unknown one fails"},
	{name: "bulk/too-many", covers: "7644-3.7.4-03 7644-3.7.4-04 7644-3.12-14", feature: "bulk", each: bulkTooMany,
		title: "More operations than advertised are refused with 413, and none is processed"},
	{name: "bulk/too-large", covers: "7644-3.7.4-03 7644-3.7.4-01", feature: "bulk", each: bulkTooLarge,
		title: "A payload larger than advertised is refused with 413"},
}

// bulk posts a job. Resources that it creates are remembered.
func (p *probe) bulk(name string, t *resType, job object) *reply {
	job["schemas"] = []any{messagesURN + "BulkRequest"}
	r := p.send(name, http.MethodPost, "/Bulk", job)
	for _, result := range r.results() {
		if textAt(result, "method") == http.MethodPost && textAt(result, "status") == "201" {
			if target, ok := p.pathOf(textAt(result, "location")); ok {
				p.made = append(p.made, target)
			}
		}
	}
	return r
}

// results returns the entries of a BulkResponse.
func (r *reply) results() []object {
	list, _ := member(r.body, "Operations").([]any)
	var out []object
	for _, v := range list {
		o, _ := v.(object)
		out = append(out, o)
	}
	return out
}

// ended asks for the statuses of the results, in order.
func (r *reply) ended(statuses ...string) *reply {
	r.must(http.StatusOK).has("/schemas", object{"$contains": messagesURN + "BulkResponse"})
	r.has("/Operations", object{"$len": len(statuses)})
	for i, want := range statuses {
		r.has(fmt.Sprintf("/Operations/%d/status", i), want)
	}
	if len(r.step.Problems) > 0 {
		r.p.stop()
	}
	return r
}

func bulkPost(t *resType, bulkID string, data object) object {
	return object{"method": "POST", "path": t.endpoint, "bulkId": bulkID, "data": data}
}

func bulkOperations(p *probe, t *resType) {
	r, gone := p.given(t), p.given(t)
	fresh, replacement := t.minimal(p.unique()), t.minimal(p.unique())
	ops := []object{
		bulkPost(t, "one", fresh),
		{"method": "PUT", "path": r.url(), "data": replacement},
		{"method": "DELETE", "path": gone.url()},
	}
	statuses := []string{"201", "200", "204"}
	answer := p.bulk("create, replace, delete", t, object{"Operations": ops}).ended(statuses...)
	answer.has("/Operations/0/bulkId", "one").has("/Operations/0/location", anything).has("/Operations/0/method", "POST")
	if target, ok := p.pathOf(textOf(answer.at("/Operations/0/location"))); ok {
		p.get("read the new one", target).must(http.StatusOK)
	}
	p.get("read the deleted one", gone.url()).fails(http.StatusNotFound)
	if key := t.key(); key != nil {
		p.read(r).has(key.pointer(), replacement[key.name])
	}
	if a := t.text(); a != nil && p.m.supports("patch") {
		patch := object{"method": "PATCH", "path": r.url(), "data": patchBody(op("add", a.path(), "Bulk"))}
		answer := p.bulk("change", t, object{"Operations": []object{patch}}).must(http.StatusOK)
		answer.has("/Operations/0/status", object{"$oneOf": []string{"200", "204"}})
		p.read(r).has(a.pointer(), "Bulk")
	}
}

// badPut is an operation that fails with 404.
func (p *probe) badPut(t *resType) object {
	return object{"method": "PUT", "path": t.endpoint + "/no-" + p.run, "data": t.minimal(p.unique())}
}

func bulkContinue(p *probe, t *resType) {
	p.given(t)
	ops := []object{p.badPut(t), bulkPost(t, "one", t.minimal(p.unique()))}
	answer := p.bulk("fail, then create", t, object{"Operations": ops}).ended("404", "201")
	answer.has("/Operations/0/response/schemas", object{"$contains": errorURN}).has("/Operations/0/response/status", "404")
	answer.has("/Operations/0/location", anything).has("/Operations/0/response/detail", anything)
}

func bulkFailOnErrors(p *probe, t *resType) {
	p.given(t)
	ops := []object{p.badPut(t), bulkPost(t, "one", t.minimal(p.unique()))}
	p.bulk("fail, then create", t, object{"failOnErrors": 1, "Operations": ops}).ended("404")
}

func bulkReference(p *probe, t *resType) {
	a, target := p.m.members(t)
	p.need(t, a, "attribute that refers to other resources")
	p.given(target)
	for _, first := range []string{"the member first", "the group first"} {
		person := bulkPost(target, "person", target.minimal(p.unique()))
		group := bulkPost(t, "group", with2(t.minimal(p.unique()), t, a, []any{object{"value": "bulkId:person"}}))
		ops := []object{person, group}
		if first == "the group first" {
			ops = []object{group, person}
		}
		answer := p.bulk("create both, "+first, t, object{"Operations": ops}).ended("201", "201")
		ids := answer.bulkIDs()
		r := p.get("read the group", t.endpoint+"/"+ids["group"]).must(http.StatusOK)
		r.sameSet(a.pointer()+"/*/value", r.values(a.pointer(), "value"), []string{ids["person"]})
	}
}

func bulkUnknownReference(p *probe, t *resType) {
	a, _ := p.m.members(t)
	p.need(t, a, "attribute that refers to other resources")
	group := bulkPost(t, "group", with2(t.minimal(p.unique()), t, a, []any{object{"value": "bulkId:nobody"}}))
	answer := p.bulk("refer to nobody", t, object{"Operations": []object{group}}).must(http.StatusOK)
	answer.has("/Operations/0/status", object{"$oneOf": []string{"400", "404", "409"}})
}

func bulkMalformed(p *probe, t *resType) {
	p.given(t)
	p.bulk("no Operations", t, object{}).fails(http.StatusBadRequest)
	for _, operation := range []object{
		{"path": t.endpoint, "bulkId": "a", "data": t.minimal(p.unique())},
		{"method": "GET", "path": t.endpoint},
		{"method": "POST", "bulkId": "a", "data": t.minimal(p.unique())},
		{"method": "PUT", "path": "/Nowhere/1", "data": object{}},
	} {
		r := p.bulk("operation "+compactJSON(operation), t, object{"Operations": []object{operation}}).status(200, 400)
		if r.e.Status == http.StatusOK {
			r.has("/Operations/0/status", object{"$oneOfPrefix": []string{"4", "501"}})
		}
	}
}

func bulkTooMany(p *probe, t *resType) {
	limit := p.m.limit("bulk", "maxOperations", 0)
	if limit == 0 || limit > 5000 {
		p.skip("the advertised limit of %d operations is not tried", limit)
	}
	r := p.given(t)
	ops := []object{{"method": "DELETE", "path": r.url()}}
	for len(ops) <= limit {
		ops = append(ops, object{"method": "DELETE", "path": t.endpoint + "/no-" + p.run})
	}
	answer := p.bulk("one operation too many", t, object{"Operations": ops}).fails(http.StatusRequestEntityTooLarge)
	detail := textOf(answer.at("/detail"))
	answer.expect(strings.Contains(detail, fmt.Sprint(limit)), "/detail", fmt.Sprintf("the limit of %d", limit), detail)
	p.read(r)
}

func bulkTooLarge(p *probe, t *resType) {
	limit := p.m.limit("bulk", "maxPayloadSize", 0)
	if limit == 0 || limit > 4<<20 {
		p.skip("the advertised limit of %d bytes is not tried", limit)
	}
	p.given(t)
	data := t.minimal(p.unique())
	data["externalId"] = strings.Repeat("x", limit)
	p.bulk("a payload too large", t, object{"Operations": []object{bulkPost(t, "one", data)}}).fails(http.StatusRequestEntityTooLarge)
}

// bulkIDs maps each bulkId of a response to the id of its resource.
func (r *reply) bulkIDs() map[string]string {
	out := map[string]string{}
	for _, result := range r.results() {
		location := textAt(result, "location")
		out[textAt(result, "bulkId")] = location[strings.LastIndexByte(location, '/')+1:]
	}
	return out
}

func bulkCircular(p *probe, t *resType) {
	a, _ := p.m.members(t)
	if a == nil || !slices.Contains(a.sub("$ref").refTypes, t.name) {
		p.skip("%s cannot refer to its own type", t.name)
	}
	group := func(name, member string) object {
		return bulkPost(t, name, with2(t.minimal(p.unique()), t, a, []any{object{"value": "bulkId:" + member}}))
	}
	answer := p.bulk("create two that refer to each other", t, object{"Operations": []object{group("a", "b"), group("b", "a")}}).must(http.StatusOK)
	for i := range 2 {
		answer.has(fmt.Sprintf("/Operations/%d/status", i), object{"$oneOf": []string{"201", "409"}})
	}
	ids := answer.bulkIDs()
	if textOf(answer.at("/Operations/0/status")) == "201" && textOf(answer.at("/Operations/1/status")) == "201" {
		r := p.get("read the first", t.endpoint+"/"+ids["a"]).must(http.StatusOK)
		r.sameSet(a.pointer()+"/*/value", r.values(a.pointer(), "value"), []string{ids["b"]})
	}
}

func bulkExtensionReference(p *probe, t *resType) {
	a := t.find(func(a *attr) bool {
		value := a.sub("value")
		return a.urn != "" && a.typ == "complex" && !a.multi && a.writable() && value != nil && a.sub("$ref") != nil && slices.Contains(a.sub("$ref").refTypes, t.name)
	}, "manager")
	p.need(t, a, "reference to its own type in an extension")
	boss := bulkPost(t, "boss", t.minimal(p.unique()))
	report := bulkPost(t, "report", with2(t.minimal(p.unique()), t, a, object{"value": "bulkId:boss"}))
	ids := p.bulk("create both", t, object{"Operations": []object{report, boss}}).ended("201", "201").bulkIDs()
	p.get("read the one who refers", t.endpoint+"/"+ids["report"]).must(http.StatusOK).has(a.sub("value").pointer(), ids["boss"])
}
