package scimtest

import (
	"net/http"
	"strings"
)

var errorCases = []rfcCase{
	{name: "error/malformed-json", covers: "7644-3.12-01 7644-3.12-02 7644-3.12-03 7644-3.12-21", each: malformedBody,
		title: "A body that is no JSON object is refused with 400 invalidSyntax and an error body",
		cause: "A decoder error ends in 500, or in a plain text answer that clients cannot show."},
	{name: "error/body", covers: "7644-3.12-01 7644-3.12-02 7644-3.12-03 7644-3.2-05 7644-3.2-06 7644-3.2-07", each: errorBody,
		title: "Errors have the Error schema and their status as a string",
		cause: "status is sent as a number, or the framework's own error page is used."},
	{name: "error/wrong-type", covers: "7644-3.12-08 7644-3.12-24", each: wrongType,
		title: "An object where a text belongs, or a text where a boolean belongs, is refused with 400"},
	{name: "error/unauthorized", covers: "7644-3.12-09 7644-2-07 7644-2-08", once: unauthorized,
		title: "Requests without a valid token are refused with 401 and WWW-Authenticate",
		cause: "Some route is mounted outside of the authentication."},
	{name: "error/no-route", covers: "7644-3.12-11", level: Recommended, once: noRoute,
		title: "An unknown endpoint is 404 with an error body"},
	{name: "error/method", covers: "7644-3.2-04", level: Recommended, each: wrongMethod,
		title: "A method that an endpoint does not have is refused with an error body"},
	{name: "error/media-type", covers: "7644-3.1-01", level: Recommended, each: mediaType,
		title: "A body that claims to be plain text is refused with 415"},
	{name: "error/accept-json", covers: "7644-3.8-04 7644-3.8-05 7644-3.8-06 7644-8.1-01", each: acceptJSON,
		title: "application/scim+json and application/json are both accepted and sent, with a charset parameter too",
		cause: "Media types are compared as text. OneLogin and ConnId use application/json, Okta adds a charset."},
	{name: "error/unknown-parameter", covers: "7644-3.4.2-03", level: Recommended, each: unknownParameter,
		title: "Unknown query parameters are ignored"},
	{name: "error/deep-nesting", covers: "7644-3.12-08", each: deepNesting,
		title: "A very deeply nested body, filter or path is refused, not crashed on",
		cause: "Unbounded recursion; one request can take the process down."},
}

func malformedBody(p *probe, t *resType) {
	p.given(t)
	for name, body := range map[string]string{
		"cut off": `{"schemas":["` + t.schema + `"],`, "empty": "", "no JSON": "userName=x", "a list": "[]", "a text": `"x"`,
		"trailing text": "{} {}",
	} {
		p.create("create with a body that is "+name, t, raw(body)).fails(http.StatusBadRequest, "invalidSyntax", "invalidValue")
	}
}

func errorBody(p *probe, t *resType) {
	r := p.get("read an unknown id", t.endpoint+"/no-"+p.run).fails(http.StatusNotFound)
	r.hasHeader("Content-Type", object{"$oneOfPrefix": []string{"application/scim+json", "application/json"}})
	detail := r.at("/detail")
	_, isText := detail.(string)
	r.expect(detail == nil || isText, "/detail", "a text, if given", shown(detail, true))
}

func wrongType(p *probe, t *resType) {
	key := p.need(t, t.key(), "identifying text")
	r := p.given(t)
	body := t.minimal(p.unique())
	body[key.name] = object{"unexpected": true}
	p.create("create with an object for "+key.name, t, body).fails(http.StatusBadRequest)
	if b := t.boolean(); b != nil {
		p.create("create with a text for "+b.name, t, with2(t.minimal(p.unique()), t, b, "perhaps")).fails(http.StatusBadRequest)
	}
	p.read(r)
}

func unauthorized(p *probe) {
	if p.s.header.Get("Authorization") == "" {
		p.skip("the run uses no Authorization header")
	}
	for _, t := range p.m.types {
		for name, header := range map[string]string{"without a token": "", "with a wrong token": "Bearer wrong-" + p.run, "with another scheme": "Basic d3Jvbmc6d3Jvbmc="} {
			p.get("list "+t.name+" "+name, t.endpoint, "Authorization", header).fails(http.StatusUnauthorized).hasHeader("WWW-Authenticate", anything)
		}
		p.send("create "+t.name+" without a token", http.MethodPost, t.endpoint, t.minimal(p.unique()), "Authorization", "").fails(http.StatusUnauthorized)
	}
}

func noRoute(p *probe) { p.get("read an unknown endpoint", "/No"+p.run).fails(http.StatusNotFound) }

func wrongMethod(p *probe, t *resType) {
	r := p.given(t)
	for _, step := range []struct{ method, target string }{
		{http.MethodPut, t.endpoint}, {http.MethodDelete, t.endpoint}, {http.MethodPost, r.url()},
	} {
		answer := p.send(step.method+" where it does not belong", step.method, step.target, t.minimal(p.unique())).refused()
		answer.has("/schemas", object{"$contains": errorURN})
	}
	p.read(r)
}

func mediaType(p *probe, t *resType) {
	p.given(t)
	p.create("create with text/plain", t, t.minimal(p.unique()), "Content-Type", "text/plain").fails(http.StatusUnsupportedMediaType)
}

func acceptJSON(p *probe, t *resType) {
	p.given(t)
	for _, kind := range []string{"application/json", "application/scim+json; charset=utf-8", "application/json; charset=UTF-8"} {
		p.create("create with "+kind, t, t.minimal(p.unique()), "Content-Type", kind, "Accept", kind).must(http.StatusCreated)
	}
	r := p.given(t)
	p.get("read without Accept", r.url(), "Accept", "").must(http.StatusOK).hasHeader("Content-Type", object{"$prefix": "application/scim+json"})
	p.get("read with */*", r.url(), "Accept", "*/*").must(http.StatusOK)
}

func unknownParameter(p *probe, t *resType) {
	r := p.given(t)
	p.get("read with an unknown parameter", r.url()+"?aadOptscim062020&x=y").must(http.StatusOK).has("/id", r.id())
	p.query("list with an unknown parameter", t, "count", "1", "unknown", "z").must(http.StatusOK)
}

func deepNesting(p *probe, t *resType) {
	const depth = 20_000
	r := p.given(t)
	body := `{"schemas":["` + t.schema + `"],"x":` + strings.Repeat("[", depth) + strings.Repeat("]", depth) + "}"
	p.create("create with a deep body", t, raw(body)).refused()
	deep := strings.Repeat("(", 2000) + `id eq "x"` + strings.Repeat(")", 2000)
	if p.m.supports("filter") {
		e := p.query("list with a deep filter", t, "filter", deep)
		e.expect(e.e.Status/100 == 4 || e.e.Status == 200, "status", "an answer below 500", e.e.answer())
	}
	if p.m.supports("patch") {
		e := p.patch("patch with a deep path", r, op("remove", "x["+deep+"]", nil))
		e.expect(e.e.Status/100 == 4 || e.e.Status/100 == 2, "status", "an answer below 500", e.e.answer())
	}
	p.read(r)
}
