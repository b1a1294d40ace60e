package scimtest

import (
	"net/http"
	"strconv"
)

var pageCases = []rfcCase{
	{name: "page/walk", covers: "7644-3.4.2.4-02 7644-3.4.2.4-04 7644-3.4.2.4-10 7644-3.4.2-05 7644-3.4.2-08 7644-3.4.2-09 7644-3.4.2-06", feature: "index", each: pageWalk,
		title: "Walking the pages by startIndex and count yields every resource once, with the same totalResults on each page",
		cause: "startIndex is taken as 0-based or as a page number, or totalResults counts the page. Clients then miss or duplicate people."},
	{name: "page/count", covers: "7644-3.4.2.4-04 7644-3.4.2.4-09", feature: "index", each: pageCount,
		title: "No more than count resources are returned, and itemsPerPage says how many"},
	{name: "page/no-count", covers: "7644-3.4.2.4-08 9865-2.4-02 9865-2-07", feature: "filter", each: pageNoCount,
		title: "Without count and startIndex the server chooses the page size, and says what it returned"},
	{name: "page/zero", covers: "7644-3.4.2.4-07 7644-3.4.2.4-06", feature: "index", each: pageZero,
		title: "count=0, or a negative one, returns totalResults and no resources",
		cause: "Zero is taken as unset, and everything is returned."},
	{name: "page/start-below-one", covers: "7644-3.4.2.4-03", feature: "index", each: pageStartBelowOne,
		title: "startIndex below 1 means 1"},
	{name: "page/past-end", covers: "7644-3.4.2-05", feature: "index", each: pagePastEnd,
		title: "A startIndex past the end is an empty page with the true totalResults",
		cause: "404 or 400 is sent, or totalResults becomes 0."},
	{name: "page/huge-count", covers: "7644-3.4.2.4-05", feature: "index", each: pageHugeCount,
		title: "A count above the server's maximum is answered with fewer, not with an error"},
	{name: "page/not-a-number", covers: "7644-3.12-08", feature: "index", level: Recommended, each: pageNotANumber,
		title: "A startIndex or count that is no number is refused with 400"},
	{name: "page/parameter-case", covers: "7643-2.1-03", feature: "index", level: Informational, each: pageParameterCase,
		title: "Parameter names are matched in any letter case"},
}

// several creates n resources and returns the filter that finds just them.
func (p *probe) several(t *resType, n int) ([]*resource, string) {
	key := p.need(t, t.key(), "identifying text")
	if !p.m.supports("filter") {
		p.skip("lists cannot be narrowed without filters")
	}
	var out []*resource
	for range n {
		out = append(out, p.given(t))
	}
	return out, key.path() + " sw " + literal(p.prefix())
}

func pageWalk(p *probe, t *resType) {
	all, filter := p.several(t, 5)
	var seen []string
	var last *reply
	for start := 1; start <= 5; start += 2 {
		last = p.query("page from "+strconv.Itoa(start), t, "filter", filter, "startIndex", strconv.Itoa(start), "count", "2").must(http.StatusOK)
		last.has("/totalResults", 5).has("/startIndex", start).has("/itemsPerPage", min(2, 6-start))
		last.expect(len(last.ids()) == min(2, 6-start), "/Resources", strconv.Itoa(min(2, 6-start))+" resources", strconv.Itoa(len(last.ids())))
		seen = append(seen, last.ids()...)
	}
	last.sameSet("the resources of all pages", names(all, seen), names(all, idsOf(all)))
}

func pageCount(p *probe, t *resType) {
	_, filter := p.several(t, 3)
	for _, count := range []int{1, 2, 3} {
		r := p.query("ask for "+strconv.Itoa(count), t, "filter", filter, "count", strconv.Itoa(count)).must(http.StatusOK)
		r.has("/Resources", object{"$len": count}).has("/itemsPerPage", count).has("/totalResults", 3)
	}
}

func pageZero(p *probe, t *resType) {
	_, filter := p.several(t, 2)
	for _, count := range []string{"0", "-1"} {
		r := p.query("ask for "+count, t, "filter", filter, "count", count).must(http.StatusOK)
		r.has("/totalResults", 2).lacks("/Resources")
	}
}

func pageStartBelowOne(p *probe, t *resType) {
	all, filter := p.several(t, 2)
	for _, start := range []string{"0", "-5"} {
		p.query("start at "+start, t, "filter", filter, "startIndex", start, "count", "10").lists(all...).has("/startIndex", 1)
	}
}

func pagePastEnd(p *probe, t *resType) {
	_, filter := p.several(t, 2)
	p.query("start at 100", t, "filter", filter, "startIndex", "100", "count", "10").must(http.StatusOK).has("/totalResults", 2).lacks("/Resources")
}

func pageHugeCount(p *probe, t *resType) {
	all, filter := p.several(t, 2)
	p.query("ask for a million", t, "filter", filter, "count", "1000000").lists(all...)
}

func pageNotANumber(p *probe, t *resType) {
	_, filter := p.several(t, 1)
	for _, name := range []string{"startIndex", "count"} {
		p.query(name+"=many", t, "filter", filter, name, "many").fails(http.StatusBadRequest)
	}
}

func pageParameterCase(p *probe, t *resType) {
	_, filter := p.several(t, 3)
	p.query("startindex and COUNT", t, "filter", filter, "startindex", "2", "COUNT", "1").must(http.StatusOK).
		has("/startIndex", 2).has("/Resources", object{"$len": 1})
}

func pageNoCount(p *probe, t *resType) {
	all, filter := p.several(t, 3)
	r := p.query("ask for no size", t, "filter", filter).lists(all...)
	if items := r.at("/itemsPerPage"); items != nil {
		r.has("/itemsPerPage", 3)
	}
	p.query("ask for everything", t).must(http.StatusOK).has("/Resources", object{"$minLen": 1}).has("/totalResults", object{"$min": 3})
}
