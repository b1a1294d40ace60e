package scimtest

import "net/http"

var meCases = []rfcCase{
	{name: "me/answer", covers: "7644-3.11-01 7644-3.11-02 7644-3.11-05", level: Recommended, once: meAnswer,
		title: "/Me is 501 when not supported; else it is the caller's resource with its permanent location, or a 308 to it"},
}

func meAnswer(p *probe) {
	r := p.get("read /Me", "/Me")
	switch r.e.Status {
	case http.StatusOK:
		location := textOf(r.at("/meta/location"))
		target, ok := p.pathOf(location)
		r.expect(ok && target != "/Me", "/meta/location", "the permanent URL of the resource", location)
		p.get("follow the location", target).must(http.StatusOK).has("/id", r.id())
	case http.StatusPermanentRedirect:
		r.hasHeader("Location", anything)
	case http.StatusNotFound:
		r.fails(http.StatusNotFound) // supported, and this caller has no resource
	default:
		r.fails(http.StatusNotImplemented)
	}
}
