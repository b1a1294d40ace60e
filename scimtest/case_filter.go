package scimtest

import (
	"net/http"
	"strings"
	"time"
)

var filterCases = append([]rfcCase{
	{name: "filter/eq", covers: "7644-3.4.2.2-08 7644-3.4.2.2-02 7644-3.4.2-05", feature: "filter", each: filterEq,
		title: "eq finds exactly the resource with that value; totalResults agrees",
		cause: "The filter is ignored. A client that looks a person up then links and changes somebody else."},
	{name: "filter/none", covers: "7644-3.4.2-10 7644-3.4.2-04", feature: "filter", each: filterNone,
		title: "A filter that matches nothing is 200 with totalResults 0",
		cause: "404 is sent. Entra puts the whole job into quarantine."},
	{name: "filter/value-case", covers: "7644-3.4.2.2-31 7643-4.1.1-04", feature: "filter", each: filterValueCase,
		title: "Values of attributes that are not caseExact match in any letter case",
		cause: "The comparison is done by a case-sensitive column. The lookup misses, and the create that follows fails."},
	{name: "filter/value-case-exact", covers: "7644-3.4.2.2-31 7643-3.1-16 7643-7-14", feature: "filter", each: filterCaseExact,
		title: "externalId, and other caseExact attributes, match in their own letter case only"},
	{name: "filter/names-case", covers: "7644-3.4.2.2-03 7644-3.10-05", feature: "filter", each: filterNamesCase,
		title: "Attribute names and operators are matched in any letter case"},
	{name: "filter/full-name", covers: "7644-3.4.2.2-33 7644-3.10-01", feature: "filter", each: filterFullName,
		title: "Attribute names may carry the schema URN"},
	{name: "filter/ne", covers: "7644-3.4.2.2-09", feature: "filter", each: filterNe,
		title: "ne finds the resources with another value"},
	{name: "filter/substrings", covers: "7644-3.4.2.2-10 7644-3.4.2.2-11 7644-3.4.2.2-12", feature: "filter", each: filterSubstrings,
		title: "co, sw and ew find substring, prefix and suffix"},
	{name: "filter/pr", covers: "7644-3.4.2.2-13", feature: "filter", each: filterPresent,
		title: "pr finds the resources that have a value"},
	{name: "filter/order", covers: "7644-3.4.2.2-14 7644-3.4.2.2-15 7644-3.4.2.2-16 7644-3.4.2.2-17", feature: "filter", each: filterOrder,
		title: "gt, ge, lt and le compare texts in their order"},
	{name: "filter/date", covers: "7644-3.4.2.2-14 7644-3.4.2.2-17", feature: "filter", each: filterDate,
		title: "meta.lastModified is compared as time"},
	{name: "filter/boolean", covers: "7644-3.4.2.2-08", feature: "filter", each: filterBoolean,
		title: "Booleans are compared with true and false"},
	{name: "filter/id", covers: "7644-3.4.2.2-08", feature: "filter", each: filterID,
		title: "id can be filtered on"},
	{name: "filter/and-or-not", covers: "7644-3.4.2.2-06 7644-3.4.2.2-19", feature: "filter", each: filterLogic,
		title: "and, or and not combine expressions"},
	{name: "filter/precedence", covers: "7644-3.4.2.2-24 7644-3.4.2.2-07", feature: "filter", each: filterPrecedence,
		title: "and binds closer than or, unless parentheses say otherwise"},
	{name: "filter/sub-attribute", covers: "7644-3.4.2.2-26", feature: "filter", each: filterSub,
		title: "Sub-attributes of complex attributes can be filtered on"},
	{name: "filter/multi-any", covers: "7644-3.4.2.2-25", feature: "filter", each: filterMultiAny,
		title: "A multi-valued attribute matches when any value does",
		cause: "Only the primary or the first value is compared."},
	{name: "filter/value-path", covers: "7644-3.4.2.2-20 7644-3.4.2.2-21 7644-3.4.2.2-22", feature: "filter", each: filterValuePath,
		title: "The terms inside brackets must hold for one and the same element",
		cause: "The terms are matched against different elements, so that the wrong person is found."},
	{name: "filter/extension", covers: "7644-3.4.2.2-33 7644-3.10-03", feature: "filter", each: filterExtension,
		title: "Extension attributes are filtered on by their full name"},
	{name: "filter/prepared", covers: "7644-5-01 7644-7.8-01 7644-5-02", feature: "filter", level: Recommended, each: filterPrepared,
		title: "User names are prepared before they are compared: composed and decomposed letters, wide and normal ones are equal",
		cause: "Names are compared byte by byte. A macOS client sends decomposed letters and does not find the account."},
	{name: "filter/quoting", covers: "7644-1.2-01 7644-3.4.2.2-23", feature: "filter", each: filterQuoting,
		title: "Operands may hold quotes, backslashes, spaces, parentheses and operators",
		cause: "The filter is split at spaces or quotes instead of parsed; this is also how injections get in."},
}, filterErrorCases...)

// pair returns two resources with the free text Alpha and Beta.
func (p *probe) pair(t *resType) (alpha, beta *resource, a *attr) {
	a = p.need(t, t.text(), "free text")
	p.need(t, t.key(), "identifying text")
	return p.given(t, with(t, a, p.word("Alpha"))), p.given(t, with(t, a, p.word("Beta"))), a
}

// word makes a text that no other resource on the server has.
func (p *probe) word(text string) string { return text + " " + p.run }

// among narrows a filter to the resources of this probe.
func (p *probe) among(t *resType, filter string) string {
	return t.key().path() + " sw " + literal(p.prefix()) + " and (" + filter + ")"
}

func (p *probe) filter(t *resType, filter string, want ...*resource) {
	p.query(filter, t, "filter", filter).lists(want...)
}

func filterEq(p *probe, t *resType) {
	alpha, beta, a := p.pair(t)
	p.filter(t, t.key().path()+" eq "+literal(alpha.key), alpha)
	p.filter(t, t.key().path()+" eq "+literal(beta.key), beta)
	p.filter(t, a.path()+" eq "+literal(p.word("Alpha")), alpha)
}

func filterNone(p *probe, t *resType) {
	key := p.need(t, t.key(), "identifying text")
	p.given(t)
	p.query("look nobody up", t, "filter", key.path()+" eq "+literal("nobody-"+p.run)).lists().has("/totalResults", 0)
}

func filterValueCase(p *probe, t *resType) {
	alpha, _, a := p.pair(t)
	for _, b := range []*attr{t.key(), a} {
		if !b.caseExact {
			value := textOf(alpha.at(b.pointer()))
			p.filter(t, b.path()+" eq "+literal(strings.ToUpper(value)), alpha)
		}
	}
}

func filterCaseExact(p *probe, t *resType) {
	r := p.given(t, func(o object) { o["externalId"] = "Ext-" + p.run })
	p.filter(t, "externalId eq "+literal("Ext-"+p.run), r)
	p.filter(t, "externalId eq "+literal("EXT-"+p.run))
	if a := t.exact(); a != nil {
		r = p.given(t, with(t, a, "Exact-"+p.run))
		p.filter(t, a.path()+" eq "+literal("Exact-"+p.run), r)
		p.filter(t, a.path()+" eq "+literal("EXACT-"+p.run))
	}
}

func filterNamesCase(p *probe, t *resType) {
	alpha, _, _ := p.pair(t)
	key := t.key().path()
	p.filter(t, strings.ToUpper(key)+" Eq "+literal(alpha.key), alpha)
	p.filter(t, strings.ToLower(key)+" EQ "+literal(alpha.key)+" AND "+key+" PR", alpha)
}

func filterFullName(p *probe, t *resType) {
	alpha, _, _ := p.pair(t)
	p.filter(t, t.schema+":"+t.key().path()+" eq "+literal(alpha.key), alpha)
}

func filterNe(p *probe, t *resType) {
	_, beta, a := p.pair(t)
	p.filter(t, p.among(t, a.path()+" ne "+literal(p.word("Alpha"))), beta)
}

func filterSubstrings(p *probe, t *resType) {
	alpha, beta, a := p.pair(t)
	p.filter(t, a.path()+" sw "+literal("Alpha "+p.run[:6]), alpha)
	p.filter(t, a.path()+" co "+literal("eta "+p.run), beta)
	p.filter(t, a.path()+" ew "+literal("pha "+p.run), alpha)
	p.filter(t, a.path()+" ew "+literal(p.run), alpha, beta)
	p.filter(t, a.path()+" sw "+literal("eta "+p.run))
	p.filter(t, p.among(t, a.path()+" ew "+literal("pha")))
}

func filterPresent(p *probe, t *resType) {
	alpha, beta, a := p.pair(t)
	without := p.given(t)
	p.filter(t, p.among(t, a.path()+" pr"), alpha, beta)
	p.filter(t, p.among(t, "not ("+a.path()+" pr)"), without)
}

func filterOrder(p *probe, t *resType) {
	alpha, beta, a := p.pair(t)
	for _, c := range []struct {
		operator string
		want     []*resource
	}{{"gt", nil}, {"ge", []*resource{beta}}, {"lt", []*resource{alpha}}, {"le", []*resource{alpha, beta}}} {
		p.filter(t, p.among(t, a.path()+" "+c.operator+" "+literal(p.word("Beta"))), c.want...)
	}
}

func filterDate(p *probe, t *resType) {
	key := p.need(t, t.key(), "identifying text")
	r := p.given(t)
	mine := key.path() + " eq " + literal(r.key) + " and meta.lastModified "
	modified := literal(textOf(p.read(r).at("/meta/lastModified")))
	p.filter(t, mine+"ge "+modified, r)
	p.filter(t, mine+"le "+modified, r)
	p.filter(t, mine+"gt "+modified)
	if at, ok := dateTime(textOf(r.at("/meta/lastModified"))); ok { // the same instant, written in two other zones
		p.filter(t, mine+"le "+literal(at.In(time.FixedZone("", -5*3600)).Format(time.RFC3339Nano)), r)
		p.filter(t, mine+"ge "+literal(at.In(time.FixedZone("", 5*3600)).Format(time.RFC3339Nano)), r)
	}
	p.filter(t, mine+`gt "2001-02-03T04:05:06+02:00"`, r)
	p.filter(t, mine+`lt "2001-02-03T04:05:06.789Z"`)
}

func filterBoolean(p *probe, t *resType) {
	a := p.need(t, t.boolean(), "boolean")
	p.need(t, t.key(), "identifying text")
	on, off := p.given(t, with(t, a, true)), p.given(t, with(t, a, false))
	p.filter(t, p.among(t, a.path()+" eq true"), on)
	p.filter(t, p.among(t, a.path()+" eq false"), off)
}

func filterID(p *probe, t *resType) {
	r := p.given(t)
	p.filter(t, "id eq "+literal(r.id()), r)
	p.filter(t, "id eq "+literal("no-"+p.run))
}

func filterLogic(p *probe, t *resType) {
	alpha, beta, a := p.pair(t)
	isAlpha, isBeta := a.path()+" eq "+literal(p.word("Alpha")), a.path()+" eq "+literal(p.word("Beta"))
	p.filter(t, isAlpha+" and "+t.key().path()+" eq "+literal(alpha.key), alpha)
	p.filter(t, isAlpha+" and "+isBeta)
	p.filter(t, isAlpha+" or "+isBeta, alpha, beta)
	p.filter(t, p.among(t, "not ("+isAlpha+")"), beta)
}

func filterPrecedence(p *probe, t *resType) {
	alpha, beta, a := p.pair(t)
	isAlpha, isBeta := a.path()+" eq "+literal(p.word("Alpha")), a.path()+" eq "+literal(p.word("Beta"))
	never := t.key().path() + " eq " + literal("nobody-"+p.run)
	p.filter(t, isAlpha+" or "+isBeta+" and "+never, alpha)
	p.filter(t, never+" and "+isAlpha+" or "+isBeta, beta)
	p.filter(t, "("+isAlpha+" or "+isBeta+") and "+never)
}

func filterSub(p *probe, t *resType) {
	a := p.need(t, t.complex(), "complex attribute")
	sub := a.strings()[0]
	r := p.given(t, with(t, a, object{sub.name: p.word("Sub")}))
	p.given(t, with(t, a, object{sub.name: p.word("Other")}))
	p.filter(t, sub.path()+" eq "+literal(p.word("Sub")), r)
}

func filterMultiAny(p *probe, t *resType) {
	r, a, have := p.listed(t, 2)
	p.listed(t, 1)
	for _, e := range have {
		if value := textAt(e, "value"); strings.Contains(value, p.run) {
			p.filter(t, a.path()+".value eq "+literal(value), r)
		}
	}
}

func filterValuePath(p *probe, t *resType) {
	p.need(t, t.key(), "identifying text")
	r, a, have := p.listed(t, 2)
	term := func(kind string, e object) string {
		return p.among(t, a.path()+"[type eq "+literal(kind)+" and value eq "+literal(textAt(e, "value"))+"]")
	}
	p.filter(t, term(a.kind(0), have[0]), r)
	p.filter(t, term(a.kind(1), have[1]), r)
	p.filter(t, term(a.kind(0), have[1]))
}

func filterExtension(p *probe, t *resType) {
	a := p.need(t, t.extensionText(), "text in an extension")
	r := p.given(t, with(t, a, p.word("Extended")))
	p.given(t)
	p.filter(t, a.path()+" eq "+literal(p.word("Extended")), r)
}

func filterQuoting(p *probe, t *resType) {
	a := p.need(t, t.text(), "free text")
	for _, value := range []string{`O'Brien & "Sons"`, `back\slash`, `a) or (id pr`, `100% + é 王`, `x" or id pr or id eq "`} {
		value = value + " " + p.run
		r := p.given(t, with(t, a, value))
		p.query("look up "+value, t, "filter", a.path()+" eq "+literal(value)).must(http.StatusOK).lists(r)
	}
}

func filterPrepared(p *probe, t *resType) {
	key := p.uniqueKey(t)
	if !strings.EqualFold(key.name, "userName") {
		p.skip("%s has no userName", t.name)
	}
	r := p.given(t, with(t, key, likeKey(key, "zo\u00eb-"+p.run)))
	p.filter(t, key.path()+" eq "+literal(likeKey(key, "zoe\u0308-"+p.run)), r)
	p.filter(t, key.path()+" eq "+literal(likeKey(key, "\uff3a\uff2f\u00cb-"+p.run)), r)
}
