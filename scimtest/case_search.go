package scimtest

import "net/http"

var searchCases = []rfcCase{
	{name: "search/type", covers: "7644-3.4.3-02 7644-3.4.3-03 7644-3.4.3-05 7644-3.4.3-09", each: searchType,
		title: "POST /.search below a resource type answers like GET: filter, paging, attributes"},
	{name: "search/sort", covers: "7644-3.4.3-05", feature: "sort", each: searchSort,
		title: "POST /.search takes sortBy and sortOrder"},
	{name: "search/invalid", covers: "7644-3.4.3-07", feature: "filter", each: searchInvalid,
		title: "A malformed filter in /.search is 400 invalidFilter"},
	{name: "search/root", covers: "7644-3.4.3-03 7644-3.4.2.1-02 7644-3.4.2.1-03", feature: "filter", once: searchRoot,
		title: "POST /.search at the root finds resources of all types"},
	{name: "search/root-get", covers: "7644-3.4.2-01 7644-3.4.2.1-02 7644-3.4.2.1-06", feature: "filter", once: searchRootGet,
		title: "GET on the base URL finds resources of all types"},
}

// search posts a SearchRequest. A server without it does not take part.
func (p *probe) search(name, endpoint string, body object) *reply {
	body["schemas"] = []any{messagesURN + "SearchRequest"}
	return p.optional(p.send(name, http.MethodPost, endpoint+"/.search", body), "/.search")
}

// optional ends the case when the server does not offer something it may leave
// out.
func (p *probe) optional(r *reply, what string) *reply {
	if s := r.e.Status; s == http.StatusNotFound || s == http.StatusMethodNotAllowed || s == http.StatusNotImplemented {
		p.skip("the server does not offer %s (%d)", what, s)
	}
	return r
}

func searchType(p *probe, t *resType) {
	all, filter := p.several(t, 3)
	p.search("search", t.endpoint, object{"filter": filter}).lists(all...)
	page := p.search("one page", t.endpoint, object{"filter": filter, "startIndex": 2, "count": 1}).must(http.StatusOK)
	page.has("/totalResults", 3).has("/startIndex", 2).has("/Resources", object{"$len": 1})
	some := p.search("some attributes", t.endpoint, object{"filter": filter, "attributes": []string{t.key().path()}}).lists(all...)
	some.has("/Resources/0"+t.key().pointer(), anything).lacks("/Resources/0/meta")
	without := p.search("without some", t.endpoint, object{"filter": filter, "excludedAttributes": []string{"meta", "id"}}).lists(all...)
	without.lacks("/Resources/0/meta")
}

func searchSort(p *probe, t *resType) {
	r, by := p.ranked(t, "cherry", "apple", "banana")
	filter := t.key().path() + " sw " + literal(p.prefix())
	p.search("search sorted", t.endpoint, object{"filter": filter, "sortBy": by, "sortOrder": "descending"}).ordered(r[0], r[2], r[1])
}

func searchInvalid(p *probe, t *resType) {
	p.search("search with a malformed filter", t.endpoint, object{"filter": "eq eq"}).fails(http.StatusBadRequest, "invalidFilter")
}

// onePerType creates a resource of each type under one externalId.
func (p *probe) onePerType() (out []*resource, filter string) {
	for _, t := range p.m.types {
		id := "ext-" + p.run
		body := t.minimal(p.unique())
		body["externalId"] = id
		if r := p.create("create "+t.name, t, body); r.e.Status == http.StatusCreated {
			out = append(out, &resource{reply: r, t: t, key: t.name})
		}
	}
	if len(out) == 0 {
		p.skip("no resource type can be created")
	}
	return out, "externalId eq " + literal("ext-"+p.run)
}

func searchRoot(p *probe) {
	all, filter := p.onePerType()
	p.search("search everywhere", "", object{"filter": filter}).lists(all...)
	one := filter + " and meta.resourceType eq " + literal(all[0].t.name)
	p.search("search one type", "", object{"filter": one}).lists(all[0])
}

func searchRootGet(p *probe) {
	all, filter := p.onePerType()
	target := "/?" + encodeQuery("filter", filter)
	p.optional(p.get("query everywhere", target), "queries at the root").lists(all...)
	if key := all[0].t.key(); key != nil {
		one := "/?" + encodeQuery("filter", filter+" and "+key.path()+" eq "+literal(textOf(all[0].at(key.pointer()))))
		p.get("query an attribute that not all types have", one).lists(all[0])
	}
}
