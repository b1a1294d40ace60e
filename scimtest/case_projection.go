package scimtest

import (
	"net/http"
	"strings"
)

var projectionCases = []rfcCase{
	{name: "projection/attributes", covers: "7644-3.4.2.5-01 7644-3.9-04 7644-3.4.2.5-03 7644-3.9-07", each: onlyNamed,
		title: "attributes returns what is named, plus what is always returned",
		cause: "The parameter is ignored. Clients ask for a single attribute of many resources."},
	{name: "projection/excluded", covers: "7644-3.4.2.5-02 7644-3.9-06", each: withoutExcluded,
		title: "excludedAttributes leaves out what is named and nothing else",
		cause: "The parameter is ignored. Entra reads groups with excludedAttributes=members."},
	{name: "projection/always", covers: "7644-3.4.2.5-05 7644-3.9-05 7644-3.4.3-08", each: alwaysReturned,
		title: "id is returned even when excluded or not named"},
	{name: "projection/list", covers: "7644-3.9-02", each: projectLists,
		title: "Both parameters apply to the resources in lists"},
	{name: "projection/writes", covers: "7644-3.9-02", each: projectWrites,
		title: "Both parameters apply to the answers of POST and PUT"},
	{name: "projection/sub-attribute", covers: "7644-3.9-04 7644-3.10-04", each: projectSub,
		title: "A sub-attribute can be named alone"},
	{name: "projection/names", covers: "7644-3.10-01 7644-3.10-02 7644-3.10-05 7644-3.4.2.5-04", each: projectNames,
		title: "Names may be in any letter case and carry the schema URN"},
	{name: "projection/extension", covers: "7644-3.10-03 7644-3.10-01", each: projectExtension,
		title: "An extension attribute is selected by its full name"},
	{name: "projection/on-request", covers: "7644-3.4-02 7644-3.9-01", each: projectOnRequest,
		title: "An attribute with returned=request is returned only when named"},
	{name: "projection/both", covers: "7644-3.9-03", level: Informational, each: projectBoth,
		title: "attributes and excludedAttributes together are refused"},
}

// described returns a resource with a key and a free text.
func (p *probe) described(t *resType) (*resource, *attr, *attr) {
	key, a := p.need(t, t.key(), "identifying text"), p.need(t, t.text(), "free text")
	return p.given(t, with(t, a, "Described")), key, a
}

func onlyNamed(p *probe, t *resType) {
	r, key, a := p.described(t)
	p.get("read the key only", r.url()+"?attributes="+key.path()).must(http.StatusOK).
		has("/id", r.id()).has("/schemas", anything).has(key.pointer(), r.key).lacks(a.pointer()).lacks("/meta")
	p.get("read two", r.url()+"?attributes="+key.path()+","+a.path()).must(http.StatusOK).
		has(key.pointer(), r.key).has(a.pointer(), "Described")
}

func withoutExcluded(p *probe, t *resType) {
	r, key, a := p.described(t)
	p.get("read without the text", r.url()+"?excludedAttributes="+a.path()).must(http.StatusOK).
		has("/id", r.id()).lacks(a.pointer()).has(key.pointer(), r.key).has("/meta/resourceType", t.name)
}

func alwaysReturned(p *probe, t *resType) {
	r := p.given(t)
	p.get("exclude id", r.url()+"?excludedAttributes=id").must(http.StatusOK).has("/id", r.id())
	p.get("ask for something else", r.url()+"?attributes=meta").must(http.StatusOK).has("/id", r.id()).has("/meta/resourceType", t.name)
}

func projectLists(p *probe, t *resType) {
	r, key, a := p.described(t)
	filter := key.path() + " eq " + literal(r.key)
	if !p.m.supports("filter") {
		p.skip("lists cannot be narrowed without filters")
	}
	p.query("list with attributes", t, "filter", filter, "attributes", key.path()).lists(r).
		has("/Resources/0"+key.pointer(), r.key).lacks("/Resources/0" + a.pointer())
	p.query("list with excludedAttributes", t, "filter", filter, "excludedAttributes", a.path()).lists(r).
		has("/Resources/0"+key.pointer(), r.key).lacks("/Resources/0" + a.pointer())
}

func projectWrites(p *probe, t *resType) {
	r, key, a := p.described(t)
	body := with2(t.minimal(p.unique()), t, a, "Described")
	created := p.send("create with attributes", http.MethodPost, t.endpoint+"?attributes="+key.path(), body).must(http.StatusCreated)
	p.remember(t, created.id())
	created.has("/id", anything).has(key.pointer(), body[key.name]).lacks(a.pointer())
	put := p.send("replace with excludedAttributes", http.MethodPut, r.url()+"?excludedAttributes="+a.path(), with2(t.minimal(p.unique()), t, a, "x"))
	put.must(http.StatusOK).has("/id", r.id()).lacks(a.pointer())
}

func projectSub(p *probe, t *resType) {
	a := p.need(t, t.complex(), "complex attribute")
	first, second := a.strings()[0], a.strings()[1]
	r := p.given(t, with(t, a, object{first.name: "One", second.name: "Two"}))
	p.get("read one sub-attribute", r.url()+"?attributes="+first.path()).must(http.StatusOK).has(first.pointer(), "One").lacks(second.pointer())
	p.get("leave it out", r.url()+"?excludedAttributes="+first.path()).must(http.StatusOK).lacks(first.pointer()).has(second.pointer(), "Two")
}

func projectNames(p *probe, t *resType) {
	r, key, a := p.described(t)
	p.get("read in upper case", r.url()+"?attributes="+strings.ToUpper(key.path())).must(http.StatusOK).has(key.pointer(), r.key).lacks(a.pointer())
	full := t.schema + ":" + key.path()
	p.get("read by full name", r.url()+"?attributes="+full).must(http.StatusOK).has(key.pointer(), r.key).lacks(a.pointer())
	p.get("leave out by full name", r.url()+"?excludedAttributes="+t.schema+":"+a.path()).must(http.StatusOK).has(key.pointer(), r.key).lacks(a.pointer())
}

func projectExtension(p *probe, t *resType) {
	a := p.need(t, t.extensionText(), "text in an extension")
	r := p.given(t, with(t, a, "Extended"))
	p.get("read it only", r.url()+"?attributes="+a.path()).must(http.StatusOK).has(a.pointer(), "Extended").lacks("/meta")
	p.get("leave it out", r.url()+"?excludedAttributes="+a.path()).must(http.StatusOK).lacks(a.pointer()).has("/meta/resourceType", t.name)
}

func projectOnRequest(p *probe, t *resType) {
	a := p.need(t, t.onRequest(), "attribute that is returned on request")
	r := p.given(t, with(t, a, "asked"))
	p.read(r).lacks(a.pointer())
	p.get("ask for it", r.url()+"?attributes="+a.path()).must(http.StatusOK).has(a.pointer(), "asked")
}

func projectBoth(p *probe, t *resType) {
	r := p.given(t)
	p.get("read with both", r.url()+"?attributes=id&excludedAttributes=meta").fails(http.StatusBadRequest)
}
