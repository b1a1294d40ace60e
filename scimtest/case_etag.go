package scimtest

import (
	"net/http"
	"strings"
)

var etagCases = []rfcCase{
	{name: "etag/present", covers: "7644-3.14-02 7644-3.14-03 7643-3.1-24 7643-3.1-25", feature: "etag", each: etagPresent,
		title: "Responses carry an ETag, and meta.version is equal to it"},
	{name: "etag/changes", covers: "7644-3.14-02", feature: "etag", each: etagChanges,
		title: "The version changes with every change and only then"},
	{name: "etag/not-modified", covers: "7644-3.14-04", feature: "etag", each: etagNotModified,
		title: "If-None-Match with the current version is 304 without body"},
	{name: "etag/if-match", covers: "7644-3.14-05", feature: "etag", each: etagIfMatch,
		title: "A write with the current version in If-Match succeeds"},
	{name: "etag/stale", covers: "7644-3.14-05 7644-3.12-13", feature: "etag", each: etagStale,
		title: "A write with an old version in If-Match is 412 and changes nothing",
		cause: "If-Match is ignored. Two administrators overwrite each other without notice."},
	{name: "etag/lists", covers: "7644-3.14-05", feature: "etag", level: Recommended, each: etagLists,
		title: "If-Match takes a list of versions and *"},
}

func (r *reply) version() string { return r.e.Header.Get("ETag") }

func etagPresent(p *probe, t *resType) {
	r := p.given(t)
	for _, answer := range []*reply{r.reply, p.read(r)} {
		answer.hasHeader("ETag", anything).has("/meta/version", answer.version())
		bare := strings.TrimPrefix(answer.version(), "W/")
		answer.expect(strings.HasPrefix(bare, `"`) && strings.HasSuffix(bare, `"`), "ETag", "a quoted validator", answer.version())
	}
}

func etagChanges(p *probe, t *resType) {
	r := p.given(t)
	first := p.read(r)
	p.read(r).has("/meta/version", first.version())
	p.send("replace", http.MethodPut, r.url(), t.minimal(p.unique())).must(http.StatusOK)
	second := p.read(r)
	second.has("/meta/version", object{"$not": first.version()}).hasHeader("ETag", object{"$not": first.version()})
}

func etagNotModified(p *probe, t *resType) {
	r := p.given(t)
	same := p.get("read if changed", r.url(), "If-None-Match", p.read(r).version()).must(http.StatusNotModified)
	same.expect(len(same.e.raw) == 0, "body", "no body", clip(same.e.Body, 100))
	p.get("read if not some other version", r.url(), "If-None-Match", `W/"other-`+p.run+`"`).must(http.StatusOK)
}

func etagIfMatch(p *probe, t *resType) {
	r := p.given(t)
	p.send("replace the current version", http.MethodPut, r.url(), t.minimal(p.unique()), "If-Match", p.read(r).version()).must(http.StatusOK)
	if p.m.supports("patch") {
		p.send("change the current version", http.MethodPatch, r.url(), patchBody(op("replace", "externalId", "x-"+p.run)), "If-Match", p.read(r).version()).patched()
	}
	p.send("delete the current version", http.MethodDelete, r.url(), nil, "If-Match", p.read(r).version()).must(http.StatusNoContent)
}

func etagStale(p *probe, t *resType) {
	r := p.given(t)
	old := p.read(r).version()
	p.send("replace", http.MethodPut, r.url(), t.minimal(p.unique())).must(http.StatusOK)
	current := p.read(r)
	p.send("replace the old version", http.MethodPut, r.url(), t.minimal(p.unique()), "If-Match", old).fails(http.StatusPreconditionFailed)
	if p.m.supports("patch") {
		p.send("change the old version", http.MethodPatch, r.url(), patchBody(op("replace", "externalId", "x-"+p.run)), "If-Match", old).fails(http.StatusPreconditionFailed)
	}
	p.send("delete the old version", http.MethodDelete, r.url(), nil, "If-Match", old).fails(http.StatusPreconditionFailed)
	p.read(r).has("/meta/version", current.version())
}

func etagLists(p *probe, t *resType) {
	r := p.given(t)
	list := `W/"other", ` + p.read(r).version()
	p.send("replace one of several versions", http.MethodPut, r.url(), t.minimal(p.unique()), "If-Match", list).must(http.StatusOK)
	p.send("replace any version", http.MethodPut, r.url(), t.minimal(p.unique()), "If-Match", "*").must(http.StatusOK)
	p.send("replace any version of nothing", http.MethodPut, t.endpoint+"/no-"+p.run, t.minimal(p.unique()), "If-Match", "*").status(404, 412)
}
