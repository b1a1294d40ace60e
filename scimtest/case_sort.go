package scimtest

import "strings"

var sortCases = []rfcCase{
	{name: "sort/ascending", covers: "7644-3.4.2.3-02 7644-3.4.2.3-03 7644-3.4.2.3-08", feature: "sort", each: sortAscending,
		title: "sortBy orders by that attribute, ascending unless told otherwise"},
	{name: "sort/descending", covers: "7644-3.4.2.3-07", feature: "sort", each: sortDescending,
		title: "sortOrder=descending turns the order around"},
	{name: "sort/letter-case", covers: "7644-3.4.2.3-10", feature: "sort", each: sortLetterCase,
		title: "Texts that are not caseExact are ordered without regard to letter case",
		cause: "Texts are ordered by their bytes, all capitals first."},
	{name: "sort/missing", covers: "7644-3.4.2.3-06", feature: "sort", each: sortMissing,
		title: "Resources without a value come last ascending and first descending"},
	{name: "sort/sub-attribute", covers: "7644-3.4.2.3-05", feature: "sort", each: sortSub,
		title: "sortBy takes a path to a sub-attribute"},
	{name: "sort/primary", covers: "7644-3.4.2.3-04", feature: "sort", each: sortPrimary,
		title: "A multi-valued attribute is ordered by its primary value"},
	{name: "sort/pages", covers: "7644-3.4.2.3-02 7644-3.4.2.4-02", feature: "sort", each: sortPages,
		title: "The order holds across pages",
		cause: "Each page is sorted by itself."},
}

// sorted lists the resources of this probe in an order.
func (p *probe) sorted(name string, t *resType, params ...string) *reply {
	params = append([]string{"filter", t.key().path() + " sw " + literal(p.prefix())}, params...)
	return p.query(name, t, params...)
}

// ranked creates resources whose free text has these values; an empty one is
// left out.
func (p *probe) ranked(t *resType, values ...string) ([]*resource, string) {
	p.need(t, t.key(), "identifying text")
	a := p.need(t, t.text(), "free text")
	if !p.m.supports("filter") {
		p.skip("lists cannot be narrowed without filters")
	}
	var out []*resource
	for _, v := range values {
		if v == "" {
			out = append(out, p.given(t))
			continue
		}
		out = append(out, p.given(t, with(t, a, v)))
	}
	return out, a.path()
}

func sortAscending(p *probe, t *resType) {
	r, by := p.ranked(t, "cherry", "apple", "banana")
	p.sorted("sort by "+by, t, "sortBy", by).ordered(r[1], r[2], r[0])
	p.sorted("say ascending", t, "sortBy", by, "sortOrder", "ascending").ordered(r[1], r[2], r[0])
}

func sortDescending(p *probe, t *resType) {
	r, by := p.ranked(t, "cherry", "apple", "banana")
	p.sorted("say descending", t, "sortBy", by, "sortOrder", "descending").ordered(r[0], r[2], r[1])
}

func sortLetterCase(p *probe, t *resType) {
	if a := p.need(t, t.text(), "free text"); a.caseExact {
		p.skip("%s is caseExact", a.path())
	}
	r, by := p.ranked(t, "Delta", "alpha", "CHARLIE", "bravo")
	p.sorted("sort by "+by, t, "sortBy", strings.ToUpper(by)).ordered(r[1], r[3], r[2], r[0])
}

func sortMissing(p *probe, t *resType) {
	r, by := p.ranked(t, "", "b", "a")
	p.sorted("ascending", t, "sortBy", by).ordered(r[2], r[1], r[0])
	p.sorted("descending", t, "sortBy", by, "sortOrder", "descending").ordered(r[0], r[1], r[2])
}

func sortSub(p *probe, t *resType) {
	p.ranked(t)
	a := p.need(t, t.complex(), "complex attribute")
	sub := a.strings()[0]
	b, c := p.given(t, with(t, a, object{sub.name: "Two"})), p.given(t, with(t, a, object{sub.name: "One"}))
	p.sorted("sort by "+sub.path(), t, "sortBy", sub.path()).ordered(c, b)
}

func sortPrimary(p *probe, t *resType) {
	p.ranked(t)
	a := p.need(t, t.multi(), "multi-valued complex attribute")
	if a.sub("primary") == nil || !strings.Contains(textOf(a.element(p.run, 0)["value"]), p.run) {
		p.skip("%s of %s has no primary, or values with a format", a.path(), t.name)
	}
	first, second := a.element("zz-"+p.run, 0), a.element("aa-"+p.run, 1)
	second["primary"] = true
	r := p.given(t, with(t, a, []any{first, second}))
	other := p.given(t, with(t, a, []any{a.element("mm-"+p.run, 0)}))
	p.sorted("sort by "+a.path(), t, "sortBy", a.path()+".value").ordered(r, other)
}

func sortPages(p *probe, t *resType) {
	r, by := p.ranked(t, "d", "a", "c", "b")
	p.sorted("first page", t, "sortBy", by, "startIndex", "1", "count", "2").ordered(r[1], r[3])
	p.sorted("second page", t, "sortBy", by, "startIndex", "3", "count", "2").ordered(r[2], r[0])
}
