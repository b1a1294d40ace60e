package scimtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

const (
	configURN   = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
	messagesURN = "urn:ietf:params:scim:api:messages:2.0:"
)

var discoveryCases = []rfcCase{
	{name: "discovery/config", covers: "7644-4-01 7643-5-01 7643-5-04 7643-5-05 7643-5-06 7643-5-07 7643-5-08 7643-5-09 7643-5-10", once: discoverConfig,
		title: "GET /ServiceProviderConfig returns one object that says what is supported",
		cause: "A client that reads the configuration first (SailPoint, authentik, CyberArk) falls back or refuses to connect."},
	{name: "discovery/resource-types", covers: "7644-4-04 7644-4-05 7643-6-01 7643-6-04", once: discoverTypes,
		title: "GET /ResourceTypes lists every type with name, endpoint and schema in a ListResponse",
		cause: "A bare array instead of a ListResponse, or members left out."},
	{name: "discovery/resource-type", covers: "7644-4-04", once: discoverType,
		title: "GET /ResourceTypes/{name} returns the type that the list has",
		cause: "Only the list is implemented."},
	{name: "discovery/schemas", covers: "7644-4-02 7643-2.2-02 7643-7-03", once: discoverSchemas,
		title: "GET /Schemas returns schemas whose attributes have valid characteristics",
		cause: "A misspelt type or characteristic; clients that read schemas drop the attribute or the whole schema."},
	{name: "discovery/schema", covers: "7644-4-03", once: discoverSchema,
		title: "GET /Schemas/{urn} returns that schema, and 404 for an unknown one",
		cause: "Only the list is implemented, or an unknown URN falls through to the list."},
	{name: "discovery/complete", covers: "7644-4-02 7643-7-01", once: discoverComplete,
		title: "Every schema and extension that a resource type names is in /Schemas",
		cause: "An extension was added to a type and its schema not registered."},
	{name: "discovery/no-messages", covers: "7644-3.1-04", once: discoverNoMessages,
		title: "Message schemas are not listed at /Schemas"},
	{name: "discovery/ignores-paging", covers: "7644-4-06", once: discoverIgnoresPaging,
		title: "Sort and paging parameters have no effect on discovery endpoints",
		cause: "The generic list handler is used for discovery, so that a client with a small page size misses schemas."},
	{name: "discovery/filter-forbidden", covers: "7644-4-07", level: Recommended, once: discoverFilter,
		title: "A filter on a discovery endpoint is answered with 403"},
	{name: "discovery/read-only", covers: "7644-3.2-04 7643-7-02", level: Recommended, once: discoverReadOnly,
		title: "Discovery endpoints cannot be written to"},
	{name: "discovery/endpoints", covers: "7644-3.2-01", each: discoverEndpoint,
		title: "Every advertised endpoint can be listed",
		cause: "The advertised endpoint differs from the route that is served."},
	{name: "discovery/pagination", covers: "9865-4-02 9865-4-04", once: discoverPagination,
		title: "An advertised pagination attribute has cursor and index, and positive limits"},
}

func discoverConfig(p *probe) {
	r := p.get("read the configuration", "/ServiceProviderConfig").must(http.StatusOK)
	r.has("/schemas", object{"$contains": configURN})
	for _, feature := range []string{"patch", "bulk", "filter", "changePassword", "sort", "etag"} {
		r.has("/"+feature+"/supported", object{"$type": "boolean"})
	}
	for _, limit := range []string{"/bulk/maxOperations", "/bulk/maxPayloadSize", "/filter/maxResults"} {
		r.has(limit, object{"$type": "integer"})
	}
	r.has("/authenticationSchemes", object{"$type": "array"})
	schemes, _ := r.at("/authenticationSchemes").([]any)
	for i := range schemes {
		at := fmt.Sprintf("/authenticationSchemes/%d", i)
		r.has(at+"/type", anything).has(at+"/name", anything).has(at+"/description", anything)
	}
}

func discoverTypes(p *probe) {
	r := p.get("list the resource types", "/ResourceTypes").must(http.StatusOK)
	r.has("/schemas", object{"$contains": listURN}).has("/Resources", object{"$minLen": 1})
	for i := range resourcesOf(r.body) {
		at := fmt.Sprintf("/Resources/%d", i)
		r.has(at+"/name", anything).has(at+"/endpoint", anything).has(at+"/schema", anything)
		r.has(at+"/schemas", object{"$contains": "urn:ietf:params:scim:schemas:core:2.0:ResourceType"})
	}
	names := slices.Sorted(slices.Values(r.values("/Resources", "name")))
	r.expect(len(slices.Compact(slices.Clone(names))) == len(names), "/Resources/*/name", "each name once", listed(names))
}

func discoverType(p *probe) {
	for _, listed := range resourcesOf(p.get("list the resource types", "/ResourceTypes").must(http.StatusOK).body) {
		name := textAt(listed, "name")
		if id := textAt(listed, "id"); id != "" {
			name = id
		}
		r := p.get("read "+name, "/ResourceTypes/"+percentEncode(name)).must(http.StatusOK)
		r.has("/name", textAt(listed, "name")).has("/endpoint", textAt(listed, "endpoint")).has("/schema", textAt(listed, "schema"))
	}
	p.get("read an unknown type", "/ResourceTypes/No-"+p.run).fails(http.StatusNotFound)
}

// characteristics are the values that RFC 7643 §7 allows.
var characteristics = map[string][]string{
	"type":       {"string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"},
	"mutability": {"readOnly", "readWrite", "immutable", "writeOnly"},
	"returned":   {"always", "never", "default", "request"},
	"uniqueness": {"none", "server", "global"},
}

func discoverSchemas(p *probe) {
	r := p.get("list the schemas", "/Schemas").must(http.StatusOK)
	r.has("/schemas", object{"$contains": listURN}).has("/Resources", object{"$minLen": 1})
	for i, s := range resourcesOf(r.body) {
		at := fmt.Sprintf("/Resources/%d", i)
		r.has(at+"/id", anything).has(at+"/attributes", object{"$type": "array"})
		checkAttributes(r, textAt(s, "id"), s["attributes"], false)
	}
}

// metaSchema is the schema of schemas.
const metaSchema = "urn:ietf:params:scim:schemas:core:2.0:Schema"

func checkAttributes(r *reply, where string, list any, nested bool) {
	attrs, _ := list.([]any)
	for _, v := range attrs {
		a, _ := v.(object)
		at := where + ":" + textAt(a, "name")
		r.expect(textAt(a, "name") != "", where, "a name for every attribute", compactJSON(a["name"]))
		for name, allowed := range characteristics {
			got, given := a[name]
			text, isText := got.(string)
			r.expect(!given || isText && slices.Contains(allowed, text), at+"."+name, "one of "+strings.Join(allowed, ", "), shown(got, given))
		}
		subs, _ := a["subAttributes"].([]any)
		nested := nested && !strings.HasPrefix(where, metaSchema+":") // which describes itself so (RFC 7643 §8.7.2)
		r.expect(!nested || textAt(a, "type") != "complex", at, "no complex attribute inside another (RFC 7643 §2.3.8)", "complex")
		r.expect(len(subs) == 0 || textAt(a, "type") == "complex", at, "sub-attributes only in complex attributes", textAt(a, "type"))
		checkAttributes(r, at, subs, true)
	}
}

func discoverSchema(p *probe) {
	for _, s := range resourcesOf(p.get("list the schemas", "/Schemas").must(http.StatusOK).body) {
		id := textAt(s, "id")
		p.get("read "+id, "/Schemas/"+strings.ReplaceAll(percentEncode(id), "%3A", ":")).must(http.StatusOK).has("/id", id)
	}
	p.get("read an unknown schema", "/Schemas/urn:example:none:"+p.run).fails(http.StatusNotFound)
}

func discoverComplete(p *probe) {
	r := p.get("list the schemas", "/Schemas").must(http.StatusOK)
	known := r.ids()
	types := p.get("list the resource types", "/ResourceTypes").must(http.StatusOK)
	for _, t := range resourcesOf(types.body) {
		want := []string{textAt(t, "schema")}
		extensions, _ := t["schemaExtensions"].([]any)
		for _, e := range extensions {
			want = append(want, textAt(e, "schema"))
		}
		for _, urn := range want {
			r.expect(slices.Contains(known, urn), "/Resources", "the schema "+urn, listed(known))
		}
	}
}

func discoverNoMessages(p *probe) {
	r := p.get("list the schemas", "/Schemas").must(http.StatusOK)
	for _, id := range r.ids() {
		r.expect(!strings.HasPrefix(id, messagesURN), "/Resources", "no message schema", id)
	}
}

func discoverIgnoresPaging(p *probe) {
	for _, target := range []string{"/Schemas", "/ResourceTypes"} {
		all := p.get("list all", target).must(http.StatusOK)
		some := p.get("list with paging and sorting", target+"?startIndex=2&count=1&sortBy=id&sortOrder=descending").must(http.StatusOK)
		some.sameSet("/Resources", some.ids(), all.ids())
	}
}

func discoverFilter(p *probe) {
	for _, target := range []string{"/ServiceProviderConfig", "/Schemas", "/ResourceTypes"} {
		p.get("filter "+target, target+"?"+encodeQuery("filter", `id eq "x"`)).fails(http.StatusForbidden)
	}
}

func discoverReadOnly(p *probe) {
	for _, target := range []string{"/ServiceProviderConfig", "/Schemas", "/ResourceTypes"} {
		p.send("write to "+target, http.MethodPost, target, object{"schemas": []any{}, "id": p.unique()}).refused()
	}
}

func discoverEndpoint(p *probe, t *resType) {
	r := p.query("list "+t.name, t, "count", "1").must(http.StatusOK)
	r.has("/schemas", object{"$contains": listURN}).has("/totalResults", object{"$min": 0})
}

func discoverPagination(p *probe) {
	r := p.get("read the configuration", "/ServiceProviderConfig").must(http.StatusOK)
	if r.at("/pagination") == nil {
		p.skip("no pagination attribute is advertised")
	}
	r.has("/pagination/cursor", object{"$type": "boolean"}).has("/pagination/index", object{"$type": "boolean"})
	for _, name := range []string{"defaultPageSize", "maxPageSize", "cursorTimeout"} {
		v := r.at("/pagination/" + name)
		n, isNumber := v.(json.Number)
		r.expect(v == nil || isNumber && isInteger(n) && n != "0" && n[0] != '-', "/pagination/"+name, "a positive integer, if given", shown(v, true))
	}
	if method := r.at("/pagination/defaultPaginationMethod"); method != nil {
		r.has("/pagination/defaultPaginationMethod", object{"$oneOf": []string{"cursor", "index"}})
	}
}
