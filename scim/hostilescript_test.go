package scim_test

import (
	"encoding/json"
	"flag"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/muster-scim/muster/store"
)

// hostileQuery is one request before it is sent.
type hostileQuery struct {
	method, target, body string
	header               http.Header
}

// hostileScript turns the bytes of the fuzzer into decisions. When it is at its
// end every decision is the first one.
type hostileScript struct{ data []byte }

func (s *hostileScript) n(below int) int {
	if len(s.data) == 0 {
		return 0
	}
	b := s.data[0]
	s.data = s.data[1:]
	return int(b) % below
}

func (s *hostileScript) text() string {
	n := min(s.n(24), len(s.data))
	text := string(s.data[:n])
	s.data = s.data[n:]
	return text
}

func (s *hostileScript) pick(list ...string) string { return list[s.n(len(list))] }

// FuzzHostile lets clients of two tenants do anything in any order: requests of
// identity providers, as they are and damaged; queries, patches and bulk made
// of the words of the protocol; cursors and versions of earlier answers, ids of
// the other tenant. Nothing leaks, nothing fails, nothing is left inconsistent.
func FuzzHostile(f *testing.F) {
	for kind := range byte(len(hostileKinds)) {
		f.Add([]byte{0, 0, kind, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, kind, 9, 8, 7, 6, 5, 4, 3, 2, 1})
		f.Add([]byte{1, 1, kind, 200, 30, 77, 4, 150, 6, 70, 8, 9, 0, kind, 99, 98, 1, 1, 3, 14, 33, 22, 1, 1, kind, 60, 61})
	}
	f.Fuzz(func(t *testing.T, data []byte) { playHostile(t, data[:min(len(data), 1000)]) })
}

var hostileRuns = flag.Int("hostile", 100, "how many random scripts TestHostile plays")

// TestHostile plays random scripts, and shows that they get somewhere: each
// kind of answer that a client can cause is among theirs.
func TestHostile(t *testing.T) {
	answers := make(map[int]int)
	for seed := range *hostileRuns {
		random := rand.New(rand.NewPCG(uint64(seed), 1))
		data := make([]byte, 2000)
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			for status, n := range playHostile(t, data) {
				answers[status] += n
			}
		})
	}
	for _, status := range []int{200, 201, 202, 204, 304, 400, 403, 404, 405, 409, 412, 415} {
		if answers[status] == 0 {
			t.Errorf("no request was answered with %d", status)
		}
	}
	t.Log(answers)
}

// playHostile plays one script and returns how often each status was answered.
func playHostile(t *testing.T, data []byte) map[int]int {
	s := &hostileScript{data}
	w := newHostileWorld(t, s.n(2) == 1)
	for range 40 {
		if len(s.data) == 0 {
			break
		}
		tenant := hostileTenants[s.n(2)]
		q := hostileKinds[s.n(len(hostileKinds))](s, w, tenant)
		for range max(0, s.n(8)-4) {
			q.body = s.damage(q.body)
		}
		w.send(t, tenant, q)
	}
	for _, tenant := range hostileTenants {
		w.audit(t, tenant)
	}
	return w.answers
}

// hostileKinds are the kinds of requests.
var hostileKinds = []func(*hostileScript, *hostileWorld, store.TenantID) hostileQuery{
	(*hostileScript).recorded,
	(*hostileScript).recorded,
	(*hostileScript).list,
	(*hostileScript).search,
	(*hostileScript).patch,
	(*hostileScript).write,
	(*hostileScript).bulk,
	(*hostileScript).anything,
}

// damage changes one place of a body.
func (s *hostileScript) damage(body string) string {
	if body == "" {
		return s.text()
	}
	at := (s.n(256)*256 + s.n(256)) % len(body)
	end := min(len(body), at+s.n(32))
	switch s.n(4) {
	case 0:
		return body[:at] + s.text() + body[end:]
	case 1:
		return body[:end] + body[at:]
	case 2:
		return body[:at]
	default:
		return body[:at] + s.pick(`"`, `{`, `]`, `,`, `:`, `null`, `"\ud800"`, "\x00", `[[[[[[[[`, `1e999999`, `-0`, `"active":false,`, `"id":"x",`) + body[at:]
	}
}

// id is the id of something, mostly of the right tenant.
func (s *hostileScript) id(w *hostileWorld, tenant store.TenantID) string {
	switch s.n(8) {
	case 6:
		tenant = hostileTenants[s.n(len(hostileTenants))]
	case 7:
		return s.text()
	}
	return s.pick(w.ids[tenant]...)
}

func (s *hostileScript) headers(w *hostileWorld) http.Header {
	header := http.Header{"Content-Type": {"application/scim+json"}}
	for range max(0, s.n(6)-2) {
		tag := `W/"x"`
		if len(w.etags) > 0 {
			tag = s.pick(w.etags...)
		}
		name := s.pick("If-Match", "If-None-Match", "Content-Type", "Accept", "Muster-Debug", "Prefer", "Content-Encoding", "X-Forwarded-Host", "Muster-Dry-Run", "Expect")
		header[name] = append(header[name], s.pick(tag, "*", tag+","+tag, "application/json", "text/html", "1", s.text()))
	}
	if s.n(4) == 3 {
		header["Prefer"] = []string{s.pick("respond-async", "respond-async, wait=1")}
	}
	return header
}

// anything is a request without sense.
func (s *hostileScript) anything(w *hostileWorld, tenant store.TenantID) hostileQuery {
	path := "/" + s.pick("Users", "Groups", "Me", "Bulk", "Schemas", "ResourceTypes", "ServiceProviderConfig", ".search", "", "users", "Users/.search", "..", "%2e%2e", s.text())
	if s.n(2) == 1 {
		path += "/" + url.PathEscape(s.id(w, tenant))
	}
	if s.n(4) == 3 {
		path += "/" + s.text()
	}
	return hostileQuery{s.pick("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "get", s.text()), path + s.pick("", "?", "?"+s.text()), s.text(), s.headers(w)}
}

var (
	hostilePaths = []string{
		"userName", "password", "password", "urn:example:2.0:Badge:pin", "urn:example:2.0:Badge:number", "urn:example:2.0:Badge", "emails", "emails.value",
		`emails[type eq "work"].value`, `emails[type eq "home"]`, "members", "groups", "active", "externalId", "id", "meta.version", "displayName", "name.givenName",
		"addresses", `members[value eq "x"]`, "members.value", "schemas", "meta", "x509Certificates", "urn:ietf:params:scim:schemas:core:2.0:User:password", "PASSWORD", "roles[primary eq true]",
	}
	hostileOps = []string{"eq", "ne", "co", "sw", "ew", "gt", "le", "pr", "EQ", "xx"}
)

func (s *hostileScript) filter(w *hostileWorld, tenant store.TenantID) string {
	var b strings.Builder
	for i := range 1 + s.n(4) {
		if i > 0 {
			b.WriteString(s.pick(" and ", " or ", " and not (", " "))
		}
		b.WriteString(s.pick(append(hostilePaths, s.text())...))
		b.WriteString(" " + s.pick(hostileOps...) + " ")
		b.WriteString(s.pick(`"a"`, `true`, `1`, `null`, quote(s.id(w, tenant)), `"2020-01-01T00:00:00Z"`, s.text()))
	}
	return b.String() + s.pick("", ")", "(", "]")
}

// parameters are those of a query, for a URL and for a search request.
func (s *hostileScript) parameters(w *hostileWorld, tenant store.TenantID) map[string]string {
	p := make(map[string]string)
	for range 1 + s.n(5) {
		switch s.n(8) {
		case 0, 1:
			p["filter"] = s.filter(w, tenant)
		case 2:
			p["attributes"] = s.pick(hostilePaths...) + "," + s.pick(hostilePaths...)
		case 3:
			p["excludedAttributes"] = s.pick(hostilePaths...)
		case 4:
			p["sortBy"] = s.pick(hostilePaths...)
			p["sortOrder"] = s.pick("ascending", "descending", "x")
		case 5:
			p["count"] = s.pick("0", "1", "-1", "2", "999999999999999999999", "x")
		case 6:
			p["startIndex"] = s.pick("0", "1", "2", "-9223372036854775808", "9223372036854775807")
		default:
			p["cursor"] = s.pick(append(w.cursors, "", s.text())...)
		}
	}
	return p
}

func (s *hostileScript) list(w *hostileWorld, tenant store.TenantID) hostileQuery {
	values := make(url.Values)
	for name, value := range s.parameters(w, tenant) {
		values.Set(name, value)
	}
	path := s.pick("/Users", "/Groups", "/", "/Users/"+url.PathEscape(s.id(w, tenant)), "/Groups/"+url.PathEscape(s.id(w, tenant)), "/Me", "/Schemas")
	return hostileQuery{s.pick("GET", "GET", "GET", "HEAD"), path + "?" + values.Encode(), "", s.headers(w)}
}

func (s *hostileScript) search(w *hostileWorld, tenant store.TenantID) hostileQuery {
	members := map[string]any{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:SearchRequest"}}
	for name, value := range s.parameters(w, tenant) {
		members[name] = value
		if name == "attributes" || name == "excludedAttributes" {
			members[name] = strings.Split(value, ",")
		}
		if number := json.Number(value); name == "count" || name == "startIndex" {
			members[name] = number
		}
	}
	body, err := json.Marshal(members)
	if err != nil {
		body = []byte(`{"count":x}`)
	}
	return hostileQuery{"POST", s.pick("/Users", "/Groups", "") + "/.search", string(body), s.headers(w)}
}

func (s *hostileScript) value(w *hostileWorld, tenant store.TenantID) string {
	id := s.id(w, tenant)
	return s.pick(`"a"`, `true`, `"False"`, `null`, `[]`, `{}`, `1`, quote(id), `[{"value":`+quote(id)+`}]`, `{"value":`+quote(id)+`}`,
		`[{"type":"work","value":"x@y","primary":true},{"type":"home","value":"z@y","primary":true}]`, `{"emails[type eq \"work\"].value":"q"}`, `"bulkId:1"`, quote(s.text()))
}

func (s *hostileScript) patch(w *hostileWorld, tenant store.TenantID) hostileQuery {
	var operations []string
	for range 1 + s.n(4) {
		op := `{"op":"` + s.pick("add", "replace", "remove", "Add", "x") + `"`
		if s.n(6) > 0 {
			op += `,"path":` + quote(s.pick(append(hostilePaths, `members[value eq `+quote(s.id(w, tenant))+`]`, s.filter(w, tenant), s.text())...))
		}
		if s.n(6) > 0 {
			op += `,"value":` + s.value(w, tenant)
		}
		operations = append(operations, op+"}")
	}
	target := s.pick("/Users/", "/Groups/", "/Me") + url.PathEscape(s.id(w, tenant)) + s.pick("", "", "?attributes=password,groups,members", "?excludedAttributes=members")
	body := message("urn:ietf:params:scim:api:messages:2.0:PatchOp", `"Operations":[`+strings.Join(operations, ",")+"]")
	return hostileQuery{"PATCH", target, body, s.headers(w)}
}

func (s *hostileScript) write(w *hostileWorld, tenant store.TenantID) hostileQuery {
	body := `{"userName":` + quote(s.pick("ann", "new", "ANN", "ｎｅｗ", s.text())) + `,"displayName":` + quote(s.pick("g", "h"))
	for range s.n(5) {
		name := strings.TrimSuffix(s.pick(hostilePaths...), ".value")
		body += "," + quote(name) + ":" + s.value(w, tenant)
	}
	body += "}"
	path := s.pick("/Users", "/Groups")
	if s.n(3) == 0 {
		return hostileQuery{"POST", path, body, s.headers(w)}
	}
	return hostileQuery{s.pick("PUT", "PUT", "DELETE"), path + "/" + url.PathEscape(s.id(w, tenant)), body, s.headers(w)}
}

func (s *hostileScript) bulk(w *hostileWorld, tenant store.TenantID) hostileQuery {
	var operations []string
	for range 1 + s.n(5) {
		kind := s.pick("0", "1", "2")
		q := map[string]func(*hostileWorld, store.TenantID) hostileQuery{"0": s.recorded, "1": s.patch, "2": s.write}[kind](w, tenant)
		op := `{"method":` + quote(q.method) + `,"path":` + quote(s.pick(q.target, q.target, "/Users/bulkId:1", "/Bulk"))
		if s.n(2) == 0 {
			op += `,"bulkId":` + quote(s.pick("1", "2", s.text()))
		}
		if q.body != "" {
			op += `,"data":` + q.body
		}
		operations = append(operations, op+"}")
	}
	return hostileQuery{"POST", "/Bulk", message(bulkURN, `"failOnErrors":`+s.pick("0", "1", "3")+`,"Operations":[`+strings.Join(operations, ",")+"]"), s.headers(w)}
}

// recorded is a request of an identity provider.
func (s *hostileScript) recorded(w *hostileWorld, tenant store.TenantID) hostileQuery {
	all := recordedRequests()
	q := all[(s.n(256)*256+s.n(256))%len(all)]
	fill := func(text string) string {
		return recordedVariable.ReplaceAllStringFunc(text, func(string) string { return s.id(w, tenant) })
	}
	q.target, q.body, q.header = fill(q.target), fill(q.body), s.headers(w)
	return q
}

var recordedVariable = regexp.MustCompile(`\$\{[^}]*\}`)

// recordedRequests are the requests of the corpus of traces.
var recordedRequests = sync.OnceValue(func() (all []hostileQuery) {
	corpus := os.DirFS("../scimtest/testdata/traces")
	names, _ := fs.Glob(corpus, "*.json")
	for _, name := range names {
		var trace struct {
			Steps []struct {
				Request struct {
					Method, Path string
					Body         json.RawMessage
				}
			}
		}
		data, err := fs.ReadFile(corpus, name)
		if err != nil || json.Unmarshal(data, &trace) != nil {
			continue
		}
		for _, step := range trace.Steps {
			q := step.Request
			all = append(all, hostileQuery{method: q.Method, target: q.Path, body: string(q.Body)})
		}
	}
	if len(all) < 100 {
		panic("the corpus of traces is missing")
	}
	return all
})
