package scimtest

import "net/http"

var filterErrorCases = []rfcCase{
	{name: "filter/malformed", covers: "7644-3.12-17 7644-3.4.2.2-04 7644-3.4.2.2-23", feature: "filter", each: filterMalformed,
		title: "A filter that is no filter is 400 invalidFilter",
		cause: "What cannot be parsed is treated as no filter, and everything is returned."},
	{name: "filter/unknown-operator", covers: "7644-3.4.2.2-29", feature: "filter", each: filterUnknownOperator,
		title: "An unknown operator is 400 invalidFilter"},
	{name: "filter/boolean-order", covers: "7644-3.4.2.2-18", feature: "filter", each: filterBooleanOrder,
		title: "gt, ge, lt and le on a boolean are 400 invalidFilter"},
	{name: "filter/unknown-attribute", covers: "7644-3.12-17", feature: "filter", level: Recommended, each: filterUnknownAttribute,
		title: "A filter on an unknown attribute is 400 invalidFilter, or finds nothing",
		cause: "The unknown term is dropped, and everything is returned."},
	{name: "filter/secret", covers: "7643-4.1.1-16 7644-7.5.2-01", feature: "filter", each: filterSecret,
		title: "A secret cannot be guessed by filtering on it",
		cause: "Filters run over attributes with returned=never, so that a prefix search reads the password letter by letter."},
}

func filterMalformed(p *probe, t *resType) {
	key := p.need(t, t.key(), "identifying text").path()
	p.given(t)
	for _, filter := range []string{key, key + " eq", "eq " + literal("x"), key + ` eq "x`, "(" + key + " pr", key + " pr)", key + " pr and", `"x"`, key + "[", "not", " "} {
		p.query("filter "+filter, t, "filter", filter).fails(http.StatusBadRequest, "invalidFilter")
	}
}

func filterUnknownOperator(p *probe, t *resType) {
	key := p.need(t, t.key(), "identifying text").path()
	p.given(t)
	p.query("filter with like", t, "filter", key+` like "x"`).fails(http.StatusBadRequest, "invalidFilter")
}

func filterBooleanOrder(p *probe, t *resType) {
	a := p.need(t, t.boolean(), "boolean")
	p.given(t)
	for _, operator := range []string{"gt", "ge", "lt", "le"} {
		p.query(operator+" on a boolean", t, "filter", a.path()+" "+operator+" true").fails(http.StatusBadRequest, "invalidFilter")
	}
}

func filterUnknownAttribute(p *probe, t *resType) {
	p.given(t)
	r := p.query("filter on an unknown attribute", t, "filter", `noSuchAttribute eq "x"`).status(200, 400)
	if r.e.Status == http.StatusOK {
		r.has("/totalResults", 0)
	}
}

func filterSecret(p *probe, t *resType) {
	a := p.need(t, t.secret(), "attribute that is never returned")
	p.need(t, t.key(), "identifying text")
	value := "Aa1!guess" + p.run
	p.given(t, with(t, a, value))
	for _, filter := range []string{a.path() + " sw " + literal(value[:6]), a.path() + " co " + literal(p.run)} {
		r := p.query("filter "+filter, t, "filter", p.among(t, filter)).status(200, 400, 403)
		if r.e.Status == http.StatusOK {
			r.has("/totalResults", 0)
		}
	}
}
