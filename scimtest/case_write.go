package scimtest

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"
)

func metaTimes(p *probe, t *resType) {
	r := p.given(t)
	created, okC := dateTime(textOf(r.at("/meta/created")))
	modified, okM := dateTime(textOf(r.at("/meta/lastModified")))
	r.expect(okC, "/meta/created", "an xsd:dateTime", shown(r.at("/meta/created"), true))
	r.expect(okM, "/meta/lastModified", "an xsd:dateTime", shown(r.at("/meta/lastModified"), true))
	r.expect(created.Equal(modified), "/meta/lastModified", "the time of creation", textOf(r.at("/meta/lastModified")))
	changed := p.send("replace", http.MethodPut, r.url(), t.minimal(p.unique())).must(http.StatusOK)
	changed.has("/meta/created", r.at("/meta/created"))
	later, _ := dateTime(textOf(changed.at("/meta/lastModified")))
	changed.expect(!later.Before(modified), "/meta/lastModified", "not before "+modified.String(), later.String())
}

// dateTime reads an xsd:dateTime, with or without zone.
func dateTime(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

func externalID(p *probe, t *resType) {
	id := "Ext-" + p.run + "/x Y"
	r := p.given(t, func(o object) { o["externalId"] = id })
	p.read(r).has("/externalId", id)
	p.read(p.given(t)).lacks("/externalId")
}

func neverReturned(p *probe, t *resType) {
	a := p.need(t, t.secret(), "attribute that is never returned")
	value, changed := "Aa1!first"+p.run, "Aa1!second"+p.run
	r := p.given(t, with(t, a, value))
	replies := []*reply{r.reply, p.read(r)}
	replies = append(replies,
		p.get("ask for it", r.url()+"?"+encodeQuery("attributes", a.path())),
		p.query("ask for it in a list", t, "attributes", a.path(), "count", "5"),
		p.send("replace", http.MethodPut, r.url()+"?"+encodeQuery("attributes", a.path()), with2(t.minimal(p.unique()), t, a, changed)))
	if p.m.supports("patch") {
		replies = append(replies, p.patch("change it", r, op("replace", a.path(), value)))
	}
	for _, answer := range replies {
		answer.secretless(a, value, changed)
	}
}

// secretless asks that neither the attribute nor one of the values occurs.
func (r *reply) secretless(a *attr, values ...string) {
	r.lacks(a.pointer())
	for i := range resourcesOf(r.body) {
		r.lacks(fmt.Sprintf("/Resources/%d%s", i, a.pointer()))
	}
	for _, v := range values {
		r.expect(!strings.Contains(string(r.e.raw), v), "body", "no trace of the secret", "its value")
	}
}

func replaceStores(p *probe, t *resType) {
	a := p.need(t, t.text(), "free text")
	r := p.given(t, with(t, a, "Before"))
	body := with2(t.minimal(p.unique()), t, a, "After")
	put := p.send("replace", http.MethodPut, r.url(), body).must(http.StatusOK)
	for _, answer := range []*reply{put, p.read(r)} {
		answer.has("/id", r.id()).has(a.pointer(), "After").has("/schemas", object{"$contains": t.schema})
		answer.has(t.key().pointer(), body[t.key().name])
	}
}

func replaceOwn(p *probe, t *resType) {
	r := p.given(t, withText(t, "Mine"))
	body := maps.Clone(p.read(r).body.(object))
	p.send("send it back", http.MethodPut, r.url(), body).must(http.StatusOK).has("/id", r.id())
	body["id"] = "other-" + p.run
	p.send("send it back with another id", http.MethodPut, r.url(), body).must(http.StatusOK).has("/id", r.id())
	p.read(r).has("/id", r.id())
}

func replaceClears(p *probe, t *resType) {
	a := p.need(t, t.text(), "free text")
	r := p.given(t, with(t, a, "To be cleared"))
	body := t.minimal(p.unique())
	body[a.name] = nil
	p.send("replace with null", http.MethodPut, r.url(), body).must(http.StatusOK)
	p.read(r).lacks(a.pointer())
}

func replaceOmitted(p *probe, t *resType) {
	a := p.need(t, t.text(), "free text")
	r := p.given(t, with(t, a, "Left out"))
	p.send("replace without it", http.MethodPut, r.url(), t.minimal(p.unique())).must(http.StatusOK)
	p.read(r).lacks(a.pointer())
}

func replaceWithoutRequired(p *probe, t *resType) {
	key := p.requiredKey(t)
	r := p.given(t)
	body := t.minimal(p.unique())
	delete(body, key.name)
	p.send("replace without "+key.name, http.MethodPut, r.url(), body).fails(http.StatusBadRequest, "invalidValue", "invalidSyntax", "mutability")
	p.read(r).has(key.pointer(), r.key)
}

func replaceImmutable(p *probe, t *resType) {
	a := p.need(t, t.immutable(), "immutable text")
	r := p.given(t, with(t, a, "first"))
	p.send("change it", http.MethodPut, r.url(), with2(t.minimal(p.unique()), t, a, "second")).fails(http.StatusBadRequest, "mutability")
	p.read(r).has(a.pointer(), "first")
}

func deleteRemoves(p *probe, t *resType) {
	r := p.given(t)
	p.send("delete", http.MethodDelete, r.url(), nil).status(http.StatusNoContent)
	p.get("read", r.url()).fails(http.StatusNotFound)
	p.send("replace", http.MethodPut, r.url(), t.minimal(p.unique())).fails(http.StatusNotFound)
	p.send("delete again", http.MethodDelete, r.url(), nil).fails(http.StatusNotFound)
	if p.m.supports("patch") && t.key() != nil {
		p.patch("change", r, op("replace", t.key().path(), p.unique())).fails(http.StatusNotFound)
	}
	if p.m.supports("filter") && t.key() != nil {
		p.query("look it up", t, "filter", t.key().path()+" eq "+literal(r.key)).lists()
	}
}

func deleteFrees(p *probe, t *resType) {
	key := p.uniqueKey(t)
	r := p.given(t)
	p.send("delete", http.MethodDelete, r.url(), nil).must(http.StatusNoContent)
	again := p.create("create the same again", t, with2(t.minimal(p.unique()), t, key, r.key)).must(http.StatusCreated)
	again.has("/id", object{"$not": r.id()})
}

func externalIDShared(p *probe, t *resType) {
	id := func(o object) { o["externalId"] = "shared-" + p.run }
	a, b := p.given(t, id), p.given(t, id)
	b.has("/externalId", a.at("/externalId"))
}

func casePreserved(p *probe, t *resType) {
	key := p.need(t, t.key(), "identifying text")
	mixed := likeKey(key, strings.ToUpper(p.prefix())+"MiXed")
	r := p.given(t, with(t, key, mixed))
	p.read(r).has(key.pointer(), mixed)
}

// likeKey makes a value for a key that looks like its samples: some servers take
// nothing but e-mail addresses for user names.
func likeKey(key *attr, text string) string {
	if strings.Contains(textOf(sample(key, "x")), "@") {
		return text + "@example.com"
	}
	return text
}

// malformedValues are wrong for the type, for each type that has such.
var malformedValues = map[string][]any{
	"integer":  {1.5, "seven"},
	"decimal":  {"half", true},
	"dateTime": {"2021-02-03", "yesterday"},
	"binary":   {"§§§"},
	"boolean":  {"perhaps", object{}},
}

func typesKept(p *probe, t *resType) {
	tried := 0
	for _, kind := range []string{"integer", "decimal", "dateTime", "binary", "reference"} {
		a := t.find(func(a *attr) bool {
			return a.typ == kind && !a.multi && a.writable() && a.returned == "default" && a.urn == "" && sample(a, "x") != nil
		})
		if a == nil {
			continue
		}
		tried++
		value := sample(a, p.unique())
		r := p.given(t, with(t, a, value))
		p.read(r).has(a.pointer(), value)
		for _, wrong := range malformedValues[kind] {
			body := with2(t.minimal(p.unique()), t, a, wrong)
			p.create("create with "+compactJSON(wrong)+" for "+a.path(), t, body).fails(http.StatusBadRequest)
		}
	}
	if tried == 0 {
		p.skip("%s has no attribute of such a type", t.name)
	}
}

func replaceSetsImmutable(p *probe, t *resType) {
	a := p.need(t, t.immutable(), "immutable text")
	r := p.given(t)
	p.send("set it", http.MethodPut, r.url(), with2(t.minimal(p.unique()), t, a, "first")).must(http.StatusOK)
	p.read(r).has(a.pointer(), "first")
}

func contentLocation(p *probe, t *resType) {
	for _, r := range []*reply{p.given(t).reply, p.read(p.given(t))} {
		if r.e.Header.Get("Content-Location") == "" {
			p.skip("no Content-Location is sent")
		}
		r.hasHeader("Content-Location", r.at("/meta/location"))
	}
}
