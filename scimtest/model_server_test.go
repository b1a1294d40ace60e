package scimtest

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// modelServer is a small SCIM server that does everything right, with faults
// that can be switched on one at a time to prove that the suite finds them. It
// is written for reading, not for speed: one lock, lists scanned from the front.
type modelServer struct {
	fault string // name of the fault that is on; empty for none
	types []*resType

	mu     sync.Mutex
	all    []*record // in order of creation
	serial int
	clock  int
}

type record struct {
	t        *resType
	id       string
	data     object
	created  string
	modified string
	version  int
	deleted  bool

	// seen is the state at the last read, which faulty servers take for the
	// present one: a stale replica, or a lock that is released too early.
	seen *record
}

// look makes the present state the seen one.
func (r *record) look() {
	r.seen = nil
	now := *r
	r.seen = &now
}

const modelToken = "model-server-token"

func newModelServer(fault string) *modelServer {
	return &modelServer{fault: fault, types: modelTypes()}
}

func (s *modelServer) on(fault string) bool { return s.fault == fault }

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

// modelTypes are User with an extension and one attribute of each kind that the
// suite looks for, and Group.
func modelTypes() []*resType {
	types := coreTypes()
	user := types[0]
	readOnly := func(a *attr) { a.mutability = "readOnly" }
	user.attrs = append(user.attrs,
		complexAttr("groups", true, text("value", readOnly), text("$ref", typed("reference"), readOnly, func(a *attr) { a.refTypes = []string{"Group"} }), text("display", readOnly)),
		text("hireNumber", immutable),
		text("costCode", func(a *attr) { a.caseExact = true }),
		text("remark", func(a *attr) { a.returned = "request" }),
		text("shoeSize", typed("integer")), text("ratio", typed("decimal")), text("hired", typed("dateTime")), text("badgePhoto", typed("binary")),
		text("profileUrl", typed("reference"), func(a *attr) { a.refTypes = []string{"external"} }),
		text("department"), complexAttr("manager", false, text("value"), text("$ref", typed("reference"), func(a *attr) { a.refTypes = []string{"User"} }), text("displayName", readOnly)),
	)
	user.find(func(a *attr) bool { return a.name == "groups" }).mutability = "readOnly"
	for _, a := range user.attrs[len(user.attrs)-2:] {
		a.urn = enterprise
	}
	user.extensions = []extension{{urn: enterprise}}
	return types
}

func typed(typ string) func(*attr) { return func(a *attr) { a.typ = typ } }

// failure is an error response.
type failure struct {
	status         int
	scimType, text string
}

func (f failure) Error() string { return f.text }

func bad(scimType, format string, args ...any) error {
	return failure{http.StatusBadRequest, scimType, fmt.Sprintf(format, args...)}
}

var errMissing = failure{http.StatusNotFound, "", "no such resource"}

func (s *modelServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/scim")
	if r.Header.Get("Authorization") != "Bearer "+modelToken && !(s.on("unguarded route") && path == "/Groups" && r.Method == "GET") &&
		!(s.on("results are open") && strings.HasPrefix(path, asyncResults)) {
		if !s.on("no challenge") {
			w.Header().Set("WWW-Authenticate", "Bearer")
		}
		s.fail(w, failure{http.StatusUnauthorized, "", "who are you?"})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.route(w, r, path); err != nil {
		s.fail(w, err)
	}
}

func (s *modelServer) route(w http.ResponseWriter, r *http.Request, path string) error {
	if kind := r.Header.Get("Content-Type"); kind != "" && !s.accepts(kind) {
		return failure{http.StatusUnsupportedMediaType, "", "send application/scim+json"}
	}
	switch {
	case path == "/Me":
		return failure{http.StatusNotImplemented, "", "no /Me"}
	case strings.HasPrefix(path, asyncResults):
		s.write(w, http.StatusOK, object{})
		return nil
	case path == "/Bulk" && r.Method == "POST":
		return s.bulk(w, r)
	case path == "/ServiceProviderConfig" || strings.HasPrefix(path+"/", "/Schemas/") || strings.HasPrefix(path+"/", "/ResourceTypes/"):
		return s.discovery(w, r, path)
	case path == "/.search" || path == "/":
		types := s.types
		if s.on("root search finds users only") {
			types = types[:1]
		}
		return s.list(w, r, types)
	}
	for _, t := range s.types {
		if rest, ok := strings.CutPrefix(path+"/", t.endpoint+"/"); ok {
			return s.resource(w, r, t, strings.TrimSuffix(rest, "/"))
		}
	}
	return errMissing
}

func (s *modelServer) accepts(kind string) bool {
	if s.on("media type compared as text") {
		return kind == "application/scim+json"
	}
	return strings.HasPrefix(kind, "application/scim+json") || strings.HasPrefix(kind, "application/json")
}

func (s *modelServer) resource(w http.ResponseWriter, r *http.Request, t *resType, id string) error {
	switch {
	case id == "" && r.Method == "GET", id == ".search" && r.Method == "POST":
		return s.list(w, r, []*resType{t})
	case id == "" && r.Method == "POST":
		return s.post(w, r, t)
	case id == "" || r.Method == "POST":
		return failure{http.StatusMethodNotAllowed, "", "not here"}
	}
	found := s.find(t, id)
	if found != nil && r.Method == "GET" {
		found.look()
		if found.deleted {
			found = nil
		}
	}
	if s.on("foreign id crashes") && strings.Contains(id, "🙂"[:1]) && found == nil {
		return failure{http.StatusInternalServerError, "", "cannot parse id"}
	}
	if s.on("nothing new in PUT") && r.Method == "PUT" && found != nil {
		for _, a := range t.attrs {
			if a.mutability == "immutable" && found.data[a.name] == nil {
				found.data[a.name] = "fixed"
			}
		}
	}
	if found == nil && s.on("PUT creates") && r.Method == "PUT" {
		return s.post(w, r, t)
	}
	if found == nil && r.Method == "PATCH" && s.on("PATCH of nobody succeeds") {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if found == nil {
		return errMissing
	}
	if r.Method == "GET" {
		return s.get(w, r, found)
	}
	if err := s.precondition(r, found); err != nil {
		return err
	}
	switch r.Method {
	case "PUT":
		return s.put(w, r, found)
	case "PATCH":
		return s.patch(w, r, found)
	case "DELETE":
		if r.Header.Get("Prefer") == "respond-async" {
			return s.removeLater(w, found)
		}
		return s.remove(w, found)
	}
	return failure{http.StatusMethodNotAllowed, "", "no such method"}
}

func (s *modelServer) find(t *resType, id string) *record {
	for _, r := range s.all {
		gone := r.deleted
		if s.on("deletes race") && r.seen != nil {
			gone = r.seen.deleted
		}
		if r.t == t && r.id == id && !gone {
			return r
		}
	}
	return nil
}

// now is a clock that moves with each write, so that order is visible.
func (s *modelServer) now() string {
	s.clock++
	return time.Date(2026, 1, 1, 0, 0, s.clock, 0, time.UTC).Format(time.RFC3339)
}

func (s *modelServer) post(w http.ResponseWriter, r *http.Request, t *resType) error {
	body, err := s.readBody(r)
	if err != nil {
		return err
	}
	made, err := s.create(t, body)
	if err != nil {
		return err
	}
	if s.on("empty create answer") {
		w.WriteHeader(http.StatusCreated)
		return nil
	}
	if !s.on("no Location") {
		w.Header().Set("Location", s.location(made))
	}
	if err := s.answer(w, r, http.StatusCreated, made); err != nil {
		return err
	}
	if a := t.text(); a != nil && s.on("texts lost after create") {
		delete(made.data, a.name)
	}
	return nil
}

func (s *modelServer) create(t *resType, body object) (*record, error) {
	data, err := s.clean(t, body)
	if err != nil {
		return nil, err
	}
	made := &record{t: t, data: data, version: 1}
	if err := s.unique(made, data, "create"); err != nil {
		return nil, err
	}
	s.serial++
	made.id = fmt.Sprintf("id-%d", s.serial)
	if id := textAt(body, "id"); id != "" && s.on("client chooses id") {
		made.id = id
	}
	if s.on("ids contain bulkId") {
		made.id = "bulkId" + made.id
	}
	made.created = s.now()
	made.modified = made.created
	if made.look(); s.on("creates race") {
		made.seen = nil
	}
	s.all = append(s.all, made)
	return made, nil
}

func (s *modelServer) put(w http.ResponseWriter, r *http.Request, found *record) error {
	body, err := s.readBody(r)
	if err != nil {
		return err
	}
	if body["id"] != nil && s.on("PUT refuses id") {
		return bad("mutability", "id is readOnly")
	}
	data, err := s.clean(found.t, body)
	if err != nil {
		return err
	}
	if s.on("PUT changes nothing") {
		data = found.data
	}
	if s.on("PUT merges") {
		merged := maps.Clone(found.data)
		maps.Copy(merged, data)
		data = merged
	}
	if err := s.frozen(found, data); err != nil {
		return err
	}
	for _, a := range found.t.attrs {
		if kept, ok := found.data[a.name]; ok && a.urn == "" && data[a.name] == nil && a.mutability != "readWrite" {
			data[a.name] = kept
		}
	}
	if err := s.store(found, data, "replace"); err != nil {
		return err
	}
	return s.answer(w, r, http.StatusOK, found)
}

// frozen refuses a change of an immutable value.
func (s *modelServer) frozen(found *record, data object) error {
	for _, a := range found.t.attrs {
		before, after := found.data[a.name], data[a.name]
		if a.mutability == "immutable" && before != nil && after != nil && !equalJSON(before, after) && !s.on("immutable can change") {
			return bad("mutability", "%s is immutable", a.name)
		}
	}
	return nil
}

// store replaces the data of a record if it changed.
func (s *modelServer) store(found *record, data object, verb string) error {
	if err := s.unique(found, data, verb); err != nil {
		return err
	}
	if equalJSON(found.data, data) && !s.on("no-op counts as change") {
		return nil
	}
	found.data = data
	found.modified = s.now()
	if s.on("created moves") {
		found.created = found.modified
	}
	if !s.on("version never changes") {
		found.version++
	}
	return nil
}

func (s *modelServer) unique(self *record, data object, verb string) error {
	for _, a := range self.t.attrs {
		value := textAt(data, a.name)
		if a.uniqueness == "none" || value == "" || s.on("duplicates allowed") || s.on("duplicates allowed on "+verb) {
			continue
		}
		same := func(a, b string) bool { return fold(a) == fold(b) }
		if s.on("unique by exact case") {
			same = func(a, b string) bool { return a == b }
		}
		for _, other := range s.all {
			if s.on("creates race") && other.seen == nil {
				continue
			}
			if other != self && other.t == self.t && (!other.deleted || s.on("deleted names stay taken")) && same(textAt(other.data, a.name), value) {
				return failure{http.StatusConflict, "uniqueness", a.name + " is taken"}
			}
		}
	}
	return nil
}

func (s *modelServer) remove(w http.ResponseWriter, found *record) error {
	found.deleted = !s.on("delete does nothing")
	for _, other := range s.all {
		if list, ok := other.data["members"].([]any); ok && !s.on("deleted members stay") {
			other.data["members"] = slices.DeleteFunc(slices.Clone(list), func(m any) bool { return textAt(m, "value") == found.id })
		}
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *modelServer) precondition(r *http.Request, found *record) error {
	want := r.Header.Get("If-Match")
	if want != "" && s.on("If-Match always fails") {
		return failure{http.StatusPreconditionFailed, "", "changed in between"}
	}
	if want == "" || want == "*" || s.on("If-Match ignored") {
		return nil
	}
	for v := range strings.SplitSeq(want, ",") {
		current := found
		if s.on("If-Match races") {
			current = found.seen
		}
		if strings.TrimSpace(v) == s.version(current) {
			return nil
		}
	}
	return failure{http.StatusPreconditionFailed, "", "changed in between"}
}

func (s *modelServer) version(r *record) string { return fmt.Sprintf(`W/"%d"`, r.version) }

func (s *modelServer) location(r *record) string {
	host := "http://scim.test/scim"
	if s.on("internal host in Location") {
		host = "http://10.0.0.7:8080"
	}
	return host + r.t.endpoint + "/" + r.id
}

func (s *modelServer) get(w http.ResponseWriter, r *http.Request, found *record) error {
	if r.Header.Get("If-None-Match") == s.version(found) && !s.on("If-None-Match ignored") {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	return s.answer(w, r, http.StatusOK, found)
}

func (s *modelServer) answer(w http.ResponseWriter, r *http.Request, status int, found *record) error {
	if !s.on("no ETag") {
		w.Header().Set("ETag", s.version(found))
	}
	q := r.URL.Query()
	w.Header().Set("Content-Location", s.location(found))
	if q.Has("attributes") && q.Has("excludedAttributes") {
		return bad("invalidValue", "attributes or excludedAttributes, not both")
	}
	s.write(w, status, s.project(found.t, s.represent(found), q.Get("attributes"), q.Get("excludedAttributes")))
	return nil
}

// represent builds the whole resource, with what only the server knows.
func (s *modelServer) represent(r *record) object {
	out := maps.Clone(r.data)
	schemas := []any{r.t.schema}
	for _, e := range r.t.extensions {
		if out[e.urn] != nil {
			schemas = append(schemas, e.urn)
		}
	}
	if s.on("foreign schema in schemas") {
		schemas = append(schemas, patchURN)
	}
	out["id"], out["schemas"] = r.id, schemas
	if s.on("externalId invented") && out["externalId"] == nil {
		out["externalId"] = r.id
	}
	out["meta"] = object{"resourceType": r.t.name, "created": r.created, "lastModified": r.modified, "location": s.location(r), "version": s.version(r)}
	if r.t.name == "User" {
		s.addGroups(r, out)
	}
	if list, ok := out["members"].([]any); ok {
		out["members"] = s.withRefs(list)
	}
	return out
}

func (s *modelServer) withRefs(list []any) []any {
	var out []any
	for _, m := range list {
		m := maps.Clone(m.(object))
		m["$ref"] = "http://scim.test/scim/Users/" + textAt(m, "value")
		if s.on("broken member reference") {
			m["$ref"] = "http://scim.test/scim/People/" + textAt(m, "value")
		}
		out = append(out, m)
	}
	return out
}

func (s *modelServer) addGroups(r *record, out object) {
	var groups []any
	for _, g := range s.all {
		list, _ := g.data["members"].([]any)
		if !g.deleted && slices.ContainsFunc(list, func(m any) bool { return textAt(m, "value") == r.id }) && !s.on("groups not shown") {
			groups = append(groups, object{"value": g.id, "$ref": s.location(g), "display": g.data["displayName"]})
		}
	}
	if len(groups) > 0 {
		out["groups"] = groups
	}
}

func (s *modelServer) readBody(r *http.Request) (object, error) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if s.on("crash on deep body") && strings.Count(string(data), "[") > 1000 {
		panic("stack overflow")
	}
	v, err := decodeJSON(data)
	body, ok := v.(object)
	if err != nil || !ok {
		return nil, bad("invalidSyntax", "the body is no JSON object")
	}
	return body, nil
}

func (s *modelServer) write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/scim+json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, compactJSON(v))
}

func (s *modelServer) fail(w http.ResponseWriter, err error) {
	f, ok := err.(failure)
	if !ok {
		f = failure{http.StatusInternalServerError, "", err.Error()}
	}
	if s.on("plain text errors") {
		http.Error(w, f.text, f.status)
		return
	}
	s.write(w, f.status, s.errorBody(f))
}

func (s *modelServer) errorBody(f failure) object {
	body := object{"schemas": []any{errorURN}, "status": strconv.Itoa(f.status), "detail": f.text}
	if f.scimType != "" {
		body["scimType"] = f.scimType
	}
	if s.on("numeric error status") {
		body["status"] = f.status
	}
	return body
}
