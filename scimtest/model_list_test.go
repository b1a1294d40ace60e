package scimtest

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// query holds the parameters of a list, from a URL or a SearchRequest.
type query map[string]string

func (s *modelServer) readQuery(r *http.Request) (query, error) {
	out := query{}
	if r.Method == "GET" {
		for name, values := range r.URL.Query() {
			out[parameterNames[strings.ToLower(name)]] = values[0]
		}
		return out, nil
	}
	body, err := s.readBody(r)
	if s.on("search ignores the body") {
		return out, nil
	}
	for name, v := range body {
		if list, ok := v.([]any); ok {
			v = strings.Join(texts(list), ",")
		}
		out[name] = textOf(v)
	}
	return out, err
}

var parameterNames = map[string]string{
	"filter": "filter", "sortby": "sortBy", "sortorder": "sortOrder", "startindex": "startIndex", "count": "count",
	"cursor": "cursor", "attributes": "attributes", "excludedattributes": "excludedAttributes",
}

func (q query) number(name string, other int) (int, error) {
	text, ok := q[name]
	if !ok {
		return other, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, bad("invalidValue", "%s is no number", name)
	}
	return n, nil
}

func (s *modelServer) list(w http.ResponseWriter, r *http.Request, types []*resType) error {
	q, err := s.readQuery(r)
	if err != nil {
		return err
	}
	found, err := s.matching(types, q)
	if err != nil {
		return err
	}
	if len(found) == 0 && s.on("empty lists are 404") {
		return errMissing
	}
	s.sort(found, q)
	answer, err := s.page(found, q)
	if err != nil {
		return err
	}
	var out []any
	for _, o := range answer["Resources"].([]object) {
		out = append(out, s.project(s.typeOf(o), o, q["attributes"], q["excludedAttributes"]))
	}
	if answer["Resources"] = out; s.on("lists show everything") {
		answer["Resources"] = found
	}
	s.write(w, http.StatusOK, answer)
	return nil
}

func (s *modelServer) typeOf(o object) *resType {
	for _, t := range s.types {
		if t.name == textAt(o["meta"], "resourceType") {
			return t
		}
	}
	return s.types[0]
}

func (s *modelServer) matching(types []*resType, q query) ([]object, error) {
	matches := func(object) bool { return true }
	if text, ok := q["filter"]; ok && !s.on("filters ignored") {
		m, err := s.parseFilter(types, s.unquote(text))
		if err != nil && !s.on("malformed filters ignored") {
			return nil, err
		}
		if err == nil {
			matches = m
		}
	}
	var out []object
	for _, r := range s.all {
		o := s.represent(r)
		if slices.Contains(types, r.t) && (!r.deleted || s.on("deleted stay in lists")) && matches(o) {
			out = append(out, o)
		}
	}
	return out, nil
}

// unquote is a fault: it treats the filter as text.
func (s *modelServer) unquote(text string) string {
	if s.on("filters are not parsed") {
		return strings.ReplaceAll(text, `\"`, `"`)
	}
	return text
}

func (s *modelServer) sort(found []object, q query) {
	if s.on("each page sorted alone") && q["startIndex"] != "" {
		slices.Reverse(found)
		return
	}
	a, at, ok := s.attribute(s.types[0], q["sortBy"])
	if !ok {
		a, at, ok = s.attribute(s.types[1], q["sortBy"])
	}
	if !ok || s.on("sortBy ignored") {
		return
	}
	slices.SortStableFunc(found, func(x, y object) int {
		c := s.compareKeys(a, s.sortKey(x, at), s.sortKey(y, at))
		if q["sortOrder"] == "descending" && !s.on("sortOrder ignored") {
			return -c
		}
		return c
	})
}

func (s *modelServer) sortKey(o object, at []string) []any {
	if list, ok := o[at[0]].([]any); ok && !s.on("sort by first value") {
		for _, e := range list {
			if member(e, "primary") == true {
				return valuesAt(e, at[1:])
			}
		}
	}
	return valuesAt(o, at)
}

func (s *modelServer) compareKeys(a *attr, x, y []any) int {
	if len(x) == 0 || len(y) == 0 {
		c := cmp.Compare(len(y), len(x)) // the one without value is last
		if s.on("missing values first") {
			return -c
		}
		return c
	}
	if a.caseExact || s.on("sort by bytes") {
		return strings.Compare(textOf(x[0]), textOf(y[0]))
	}
	return strings.Compare(strings.ToLower(textOf(x[0])), strings.ToLower(textOf(y[0])))
}

const modelPage = 100

func (s *modelServer) page(found []object, q query) (object, error) {
	count, err := q.number("count", modelPage)
	if err != nil {
		return nil, err
	}
	if count > modelPage && s.on("large counts refused") {
		return nil, bad("tooMany", "at most %d", modelPage)
	}
	if count == 0 && s.on("count 0 is unset") || count > modelPage {
		count = modelPage
	}
	count = max(count, 0)
	total := len(found)
	if _, ok := q["cursor"]; ok {
		return s.cursorPage(found, q, count)
	}
	start, err := q.number("startIndex", 1)
	if err != nil {
		return nil, err
	}
	if start < 1 && s.on("startIndex 0 refused") {
		return nil, bad("invalidValue", "startIndex starts at 1")
	}
	if start = max(start, 1); s.on("pages are 0-based") {
		start++
	}
	from := min(start-1, total)
	part := found[from:min(from+count, total)]
	if s.on("count ignored") {
		part = found[from:]
	}
	if s.on("past the end is an error") && from == total && total > 0 {
		return nil, bad("invalidValue", "no such page")
	}
	answer := object{"schemas": []any{listURN}, "totalResults": total, "startIndex": start, "itemsPerPage": len(part), "Resources": part}
	if s.on("total counts the page") {
		answer["totalResults"] = len(part)
	}
	if s.on("numbers as texts") {
		answer["totalResults"] = strconv.Itoa(total)
	}
	return answer, nil
}

// cursorPage pages by the id of the last resource seen.
func (s *modelServer) cursorPage(found []object, q query, count int) (object, error) {
	from := 0
	if cursor := q["cursor"]; cursor != "" {
		last, ok := s.openCursor(cursor, q["filter"])
		if !ok {
			return nil, bad("invalidCursor", "not one of ours")
		}
		from = slices.IndexFunc(s.all, func(r *record) bool { return r.id == last }) + 1
		from = len(slices.DeleteFunc(slices.Clone(found), func(o object) bool {
			return slices.IndexFunc(s.all, func(r *record) bool { return r.id == o["id"] }) >= from
		}))
		if s.on("cursors are offsets") {
			from, _ = strconv.Atoi(last)
		}
	}
	part := found[min(from, len(found)):min(from+count, len(found))]
	answer := object{"schemas": []any{listURN}, "totalResults": len(found), "itemsPerPage": len(part), "Resources": part}
	if s.on("cursors never end") {
		answer["nextCursor"] = s.sealCursor(textAt(found[len(found)-1], "id"), len(found), q["filter"])
	}
	if n := len(part); n > 0 && from+n < len(found) {
		answer["nextCursor"] = s.sealCursor(textAt(part[n-1], "id"), from+n, q["filter"])
	}
	return answer, nil
}

func (s *modelServer) sealCursor(last string, offset int, filter string) string {
	if s.on("cursors are offsets") {
		last = strconv.Itoa(offset)
	}
	sealed := base64.RawURLEncoding.EncodeToString([]byte(last + "|" + fmt.Sprint(checksum(last+filter))))
	if s.on("cursors need escaping") {
		return sealed + "+/="
	}
	return sealed
}

func (s *modelServer) openCursor(cursor, filter string) (last string, ok bool) {
	data, err := base64.RawURLEncoding.Strict().DecodeString(strings.TrimSuffix(cursor, "+/="))
	last, sum, _ := strings.Cut(string(data), "|")
	if s.on("forged cursors accepted") {
		return last, true
	}
	return last, err == nil && sum == fmt.Sprint(checksum(last+filter))
}

// checksum stands for a real authentication code.
func checksum(text string) (sum uint64) {
	for _, b := range []byte("key" + text) {
		sum = sum*1099511628211 + uint64(b)
	}
	return sum
}

func (s *modelServer) discovery(w http.ResponseWriter, r *http.Request, path string) error {
	if r.Method != "GET" {
		return failure{http.StatusMethodNotAllowed, "", "read only"}
	}
	if r.URL.Query().Has("filter") && !s.on("discovery can be filtered") {
		return failure{http.StatusForbidden, "", "no filters here"}
	}
	kind, id, one := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	var all []any
	switch kind {
	case "ServiceProviderConfig":
		s.write(w, http.StatusOK, s.config())
		return nil
	case "Schemas":
		all = s.schemaDocs()
	case "ResourceTypes":
		all = s.typeDocs()
	}
	if one {
		for _, doc := range all {
			if textAt(doc, "id") == id && !s.on("no single discovery resources") {
				s.write(w, http.StatusOK, doc)
				return nil
			}
		}
		return errMissing
	}
	if s.on("discovery is paged") && r.URL.Query().Get("count") != "" {
		all = all[:1]
	}
	if s.on("discovery lists are bare arrays") {
		s.write(w, http.StatusOK, all)
		return nil
	}
	s.write(w, http.StatusOK, object{"schemas": []any{listURN}, "totalResults": len(all), "startIndex": 1, "itemsPerPage": len(all), "Resources": all})
	return nil
}

func (s *modelServer) config() object {
	yes := object{"supported": true}
	out := object{
		"schemas": []any{configURN}, "patch": yes, "sort": yes, "etag": yes, "changePassword": object{"supported": false},
		"filter":     object{"supported": true, "maxResults": modelPage},
		"bulk":       object{"supported": true, "maxOperations": 10, "maxPayloadSize": 20_000},
		"pagination": object{"cursor": true, "index": true, "maxPageSize": modelPage}, "authenticationSchemes": []any{},
	}
	if s.on("half a configuration") {
		delete(out, "sort")
	}
	if s.on("half a pagination attribute") {
		out["pagination"] = object{"cursor": true}
	}
	return out
}

func (s *modelServer) schemaDocs() []any {
	var out []any
	for _, t := range s.types {
		out = append(out, s.schemaDoc(t, t.schema, ""))
		for _, e := range t.extensions {
			if !s.on("extension schema not listed") {
				out = append(out, s.schemaDoc(t, e.urn, e.urn))
			}
		}
	}
	if s.on("message schemas listed") {
		out = append(out, object{"id": patchURN, "name": "PatchOp", "attributes": []any{}})
	}
	return out
}

func (s *modelServer) schemaDoc(t *resType, id, urn string) object {
	var attrs []any
	for _, a := range t.attrs {
		if a.urn == urn {
			attrs = append(attrs, s.attrDoc(a))
		}
	}
	return object{"schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:Schema"}, "id": id, "name": t.name, "attributes": attrs}
}

func (s *modelServer) attrDoc(a *attr) object {
	out := object{"name": a.name, "type": a.typ, "multiValued": a.multi, "required": a.required, "caseExact": a.caseExact,
		"mutability": a.mutability, "returned": a.returned, "uniqueness": a.uniqueness}
	if len(a.refTypes) > 0 {
		out["referenceTypes"] = a.refTypes
	}
	var subs []any
	for _, sub := range a.subs {
		subs = append(subs, s.attrDoc(sub))
	}
	if subs != nil {
		out["subAttributes"] = subs
	}
	if s.on("misspelt characteristic") && a.typ == "boolean" {
		out["type"] = "Bool"
	}
	return out
}

func (s *modelServer) typeDocs() []any {
	var out []any
	for _, t := range s.types {
		doc := object{"schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:ResourceType"}, "id": t.name, "name": t.name, "endpoint": s.endpoint(t), "schema": t.schema}
		var extensions []any
		for _, e := range t.extensions {
			extensions = append(extensions, object{"schema": e.urn, "required": e.required})
		}
		if doc["schemaExtensions"] = extensions; extensions == nil {
			delete(doc, "schemaExtensions")
		}
		out = append(out, doc)
	}
	return out
}

func (s *modelServer) endpoint(t *resType) string {
	if s.on("wrong endpoint advertised") {
		return t.endpoint + "V2"
	}
	return t.endpoint
}

// bulk performs the operations in an order in which references can be resolved.
func (s *modelServer) bulk(w http.ResponseWriter, r *http.Request) error {
	body, err := s.readBody(r)
	if err != nil {
		return err
	}
	if size := len(compactJSON(body)); size > 20_000 && !s.on("bulk without size limit") {
		return failure{http.StatusRequestEntityTooLarge, "", "at most 20000 bytes"}
	}
	operations, ok := body["Operations"].([]any)
	if !ok {
		return bad("invalidSyntax", "no Operations")
	}
	if len(operations) > 10 && !s.on("bulk without limit") {
		return failure{http.StatusRequestEntityTooLarge, "", "at most 10 operations"}
	}
	b := &bulkJob{s: s, results: make([]any, len(operations)), ids: map[string]string{}}
	stopAt, _ := body["failOnErrors"].(json.Number)
	b.run(operations, string(stopAt))
	results := slices.DeleteFunc(b.results, func(v any) bool { return v == nil })
	s.write(w, http.StatusOK, object{"schemas": []any{messagesURN + "BulkResponse"}, "Operations": results})
	return nil
}

type bulkJob struct {
	s       *modelServer
	results []any
	ids     map[string]string
	errors  int
}

// run goes over the operations twice: what refers to a later bulkId waits.
func (b *bulkJob) run(operations []any, stopAt string) {
	for round := range 2 {
		for i, v := range operations {
			o, _ := v.(object)
			if b.results[i] != nil || round == 0 && b.waits(o) {
				continue
			}
			b.results[i] = b.one(o)
			if b.errors > 0 && (fmt.Sprint(b.errors) == stopAt && !b.s.on("failOnErrors ignored") || b.s.on("bulk stops at the first error")) {
				return
			}
		}
	}
}

func (b *bulkJob) waits(o object) bool {
	text := compactJSON(o["data"])
	for id := range b.ids {
		text = strings.ReplaceAll(text, "bulkId:"+id+`"`, "")
	}
	return strings.Contains(text, "bulkId:") && !b.s.on("bulkId stored as it is")
}

func (b *bulkJob) one(o object) object {
	out := object{"method": o["method"], "bulkId": o["bulkId"]}
	if out["bulkId"] == nil {
		delete(out, "bulkId")
	}
	status, location, err := b.perform(o)
	if f, ok := err.(failure); ok {
		b.errors++
		status = f.status
		if out["response"] = b.s.errorBody(f); b.s.on("bulk errors without response") {
			delete(out, "response")
		}
	}
	if location != "" {
		out["location"] = location
	}
	if out["status"] = strconv.Itoa(status); b.s.on("numeric bulk status") {
		out["status"] = status
	}
	return out
}

func (b *bulkJob) perform(o object) (status int, location string, err error) {
	path, data := textAt(o, "path"), b.resolve(o["data"])
	if !b.s.on("bulkId stored as it is") && strings.Contains(compactJSON(data), "bulkId:") {
		return 0, "", bad("invalidValue", "unknown bulkId")
	}
	for _, t := range b.s.types {
		rest, ok := strings.CutPrefix(path+"/", t.endpoint+"/")
		if !ok {
			continue
		}
		body, _ := data.(object)
		return b.on(t, strings.TrimSuffix(rest, "/"), textAt(o, "method"), textAt(o, "bulkId"), body)
	}
	return 0, "", failure{http.StatusBadRequest, "invalidValue", "no such path"}
}

func (b *bulkJob) on(t *resType, id, method, bulkID string, body object) (int, string, error) {
	if method == "POST" && id == "" {
		made, err := b.s.create(t, body)
		if err != nil {
			return 0, "", err
		}
		b.ids[bulkID] = made.id
		return http.StatusCreated, b.s.location(made), nil
	}
	found := b.s.find(t, id)
	if found == nil && !b.s.on("bulk accepts any method") {
		return 0, "", errMissing
	}
	switch method {
	case "PUT":
		data, err := b.s.clean(t, body)
		if err == nil {
			err = b.s.store(found, data, "replace")
		}
		return http.StatusOK, b.s.location(found), err
	case "PATCH":
		return http.StatusOK, b.s.location(found), b.s.applyPatch(found, body)
	case "DELETE":
		found.deleted = true
		return http.StatusNoContent, b.s.location(found), nil
	}
	if b.s.on("bulk accepts any method") {
		return http.StatusOK, "", nil
	}
	return 0, "", bad("invalidSyntax", "no such method")
}

// resolve replaces references in all texts of a value.
func (b *bulkJob) resolve(v any) any {
	if b.s.on("bulkId stored as it is") {
		return v
	}
	known := vars{}
	maps.Copy(known, b.ids)
	text := compactJSON(v)
	for bulkID, id := range known {
		text = strings.ReplaceAll(text, `"bulkId:`+bulkID+`"`, `"`+id+`"`)
	}
	out, _ := decodeJSON([]byte(text))
	return out
}
