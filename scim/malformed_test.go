package scim_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

// bad is a request that must be refused, and how.
type bad struct {
	method, target string
	header         []string // pairs of name and value
	body           string
	status         int
	typ            string
}

func (b bad) String() string {
	text := b.method + " " + b.target + " " + strings.Join(b.header, ":") + " " + b.body
	return strings.ToValidUTF8(text[:min(len(text), 120)], "?")
}

// TestMalformed sends hundreds of requests that make no sense. Each gets the
// 4xx that is documented for it, with the right scimType, in an error message
// whose status is that of the response, and nothing changes.
func TestMalformed(t *testing.T) {
	h := newHandler(t, config(t))
	user, group := idOf(t, h, "/Users", `{"userName":"kept","title":"x"}`), idOf(t, h, "/Groups", `{"displayName":"kept"}`)
	before := everything(t, h)
	replacer := strings.NewReplacer("{user}", user, "{group}", group)
	rows := malformed()
	t.Logf("%d rows", len(rows))
	for _, row := range rows {
		t.Run(row.String(), func(t *testing.T) {
			row.target, row.body = replacer.Replace(row.target), replacer.Replace(row.body)
			w := row.send(h)
			row.check(t, w)
			if after := everything(t, h); after != before {
				t.Errorf("it changed something:\n%s\n%s", before, after)
				before = after
			}
		})
	}
}

func idOf(t testing.TB, h http.Handler, path, body string) string {
	t.Helper()
	w := do(t, h, http.MethodPost, path, body)
	var created struct{ ID string }
	if err := json.Unmarshal(w.Body.Bytes(), &created); err != nil || created.ID == "" {
		t.Fatalf("POST %s: %d %s", path, w.Code, w.Body)
	}
	return created.ID
}

func everything(t testing.TB, h http.Handler) string {
	t.Helper()
	return do(t, h, http.MethodGet, "/", "").Body.String()
}

func (b bad) send(h http.Handler) *httptest.ResponseRecorder {
	path, query, _ := strings.Cut(b.target, "?")
	r := httptest.NewRequest(http.MethodGet, path, strings.NewReader(b.body))
	r.Method, r.URL.RawQuery = b.method, query
	r.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i < len(b.header); i += 2 {
		r.Header.Set(b.header[i], b.header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func (b bad) check(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	var message struct {
		Schemas  []string
		Status   string
		ScimType string
		Detail   string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &message); err != nil {
		t.Fatalf("%d with a body that is not JSON: %v %q", w.Code, err, w.Body)
	}
	if w.Code != b.status || message.ScimType != b.typ {
		t.Errorf("got %d %s (%s), want %d %s", w.Code, message.ScimType, message.Detail, b.status, b.typ)
	}
	if message.Status != strconv.Itoa(w.Code) || message.Detail == "" || len(message.Schemas) != 1 || message.Schemas[0] != errorURN {
		t.Errorf("not an error message: %s", w.Body)
	}
}

const errorURN = "urn:ietf:params:scim:api:messages:2.0:Error"

// malformed collects the rows.
func malformed() []bad {
	var rows []bad
	for _, rows2 := range [][]bad{badJSON(), badParameters(), badFilters(), badMethods(), badHeaders(), badPaths(), badResources(), badPatches(), badSearches(), badBulks()} {
		rows = append(rows, rows2...)
	}
	return rows
}

// bodies that are not a JSON object, for every endpoint that takes one.
func badJSON() (rows []bad) {
	for _, at := range [][2]string{
		{"POST", "/Users"}, {"PUT", "/Users/{user}"}, {"PATCH", "/Users/{user}"}, {"POST", "/Groups"},
		{"POST", "/.search"}, {"POST", "/Users/.search"}, {"POST", "/Bulk"},
	} {
		for _, body := range []string{
			"", " ", "{", "}", "[", "[]", "null", "true", "17", `"text"`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{,}`, `{a:1}`, `{'a':1}`,
			`{"a":1}{}`, `{"a":1} x`, "{\"a\":\"\x01\"}", "{\"a\":\"\xff\"}", `{"a":"\ud800"}`, `{"a":"\x"}`, `{"a":01}`, `{"a":+1}`, `{"a":NaN}`,
			`{"a":.5}`, `{"a":1e}`, "\x00", "{\"a\":1}\x00", `{"a":"`, `{"schemas":[}`, `{"schemas":["x"`, `<user/>`, `a=b&c=d`,
		} {
			rows = append(rows, bad{at[0], at[1], nil, body, 400, "invalidSyntax"})
		}
	}
	return rows
}

func badParameters() (rows []bad) {
	for _, at := range []string{"/Users", "/Groups", "/"} {
		for _, number := range []string{"", "x", "1.0", "1e3", "0x1", "%D9%A1", "--1", "%2B-1", "%201", "1%00", "null", "%22 1%22"} {
			rows = append(rows, bad{"GET", at + "?startIndex=" + number, nil, "", 400, "invalidValue"}, bad{"GET", at + "?count=" + number, nil, "", 400, "invalidValue"})
		}
		for _, query := range []string{
			"sortOrder=up", "sortOrder=asc", "sortBy=shoeSize", "sortBy=meta.shoeSize", "sortBy=%5B", "sortBy=a.b.c.d", "sortBy=urn:none:x",
			"attributes=id&excludedAttributes=meta", "cursor=&startIndex=1", "count=1&count=1", "filter=id%20pr&FILTER=id%20pr", "count=%zz", "%zz=1", "attributes=%", "sortBy=id%20pr",
		} {
			rows = append(rows, bad{"GET", at + "?" + query, nil, "", 400, "invalidValue"})
		}
		for _, cursor := range []string{"x", "%00", "AAAA", strings.Repeat("A", 500), "1", "%22%22", "../x", "null"} {
			rows = append(rows, bad{"GET", at + "?cursor=" + cursor, nil, "", 400, "invalidCursor"})
		}
	}
	for _, at := range []string{"/ResourceTypes", "/Schemas", "/ServiceProviderConfig", "/ResourceTypes/User", "/Schemas/" + userURN} {
		rows = append(rows, bad{"GET", at + "?filter=id%20pr", nil, "", 403, ""}, bad{"GET", at + "?count=x", nil, "", 400, "invalidValue"})
	}
	return rows
}

func badFilters() (rows []bad) {
	for _, filter := range []string{
		"", " ", "userName", "userName eq", "eq", "userName eq \"a", "userName eq a b", "userName eq \"a\" and", "and userName pr", "userName pr or", "not userName pr",
		"(userName pr", "userName pr)", "()", "not()", "userName like \"a\"", "userName = \"a\"", "userName==\"a\"", "userName eq 'a'", "shoeSize pr", "name.shoeSize pr",
		"emails[", "emails[]", "emails[type]", "emails[type eq \"work\"", "emails[type eq \"work\"] pr", "emails[emails[type pr]]", "userName[type pr]", "active gt true", "active co \"t\"",
		"active eq \"perhaps\"", "active eq 1", "password eq \"x\"", "password pr", "urn:none:userName pr", "userName eq \"\\x\"", "userName eq \"\\ud800\"", "userName eq \"a\x01b\"",
		"userName eq [\"a\"]", "meta.created gt \"yesterday\"", "userName eq \"a\" xor title pr", "userName..x pr", ".userName pr", "userName. pr", "1 eq 1",
		strings.Repeat("(", 1000) + "userName pr" + strings.Repeat(")", 1000), strings.Repeat("not (", 200) + "userName pr" + strings.Repeat(")", 200), "userName eq \"" + strings.Repeat("x", 20_000) + "\"",
		"userName pr" + strings.Repeat(" or title pr", 150),
	} {
		escaped := queryEscape(filter)
		rows = append(rows, bad{"GET", "/Users?filter=" + escaped, nil, "", 400, "invalidFilter"}, bad{"POST", "/Users/.search", nil, searchBody(`"filter":` + quote(filter)), 400, "invalidFilter"})
	}
	return rows
}

func badMethods() (rows []bad) {
	for path, methods := range map[string][]string{
		"/": {"POST", "PUT", "PATCH", "DELETE"}, "/Users": {"PUT", "PATCH", "DELETE", "TRACE", "get", "FOO"}, "/Users/{user}": {"POST", "CONNECT", "PROPFIND"},
		"/.search": {"GET", "PUT", "PATCH", "DELETE"}, "/Users/.search": {"GET", "PUT", "PATCH", "DELETE"}, "/Bulk": {"GET", "PUT", "PATCH", "DELETE"},
		"/ServiceProviderConfig": {"POST", "PUT", "PATCH", "DELETE"}, "/Schemas": {"POST", "PUT", "PATCH", "DELETE"}, "/ResourceTypes": {"POST", "PUT", "PATCH", "DELETE"},
		"/Schemas/" + userURN: {"POST", "PUT", "PATCH", "DELETE"}, "/ResourceTypes/User": {"POST", "PUT", "PATCH", "DELETE"}, "/Me": {"FOO"},
	} {
		for _, method := range methods {
			rows = append(rows, bad{method, path, nil, "{}", 405, ""})
		}
	}
	return rows
}

func badHeaders() (rows []bad) {
	body := `{"schemas":["` + userURN + `"],"userName":"new"}`
	for _, media := range []string{"text/plain", "application/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "json", "application/", "application/scim+json; charset=utf-16", "application/json;charset=iso-8859-1", "*/*"} {
		rows = append(rows, bad{"POST", "/Users", []string{"Content-Type", media}, body, 415, ""})
	}
	for _, coding := range []string{"gzip", "br", "deflate", "identity, gzip"} {
		rows = append(rows, bad{"POST", "/Users", []string{"Content-Encoding", coding}, body, 415, ""})
	}
	for _, accept := range []string{"text/html", "application/xml", "image/*", "application/scim+json;q=0", "application/json;q=0", "*/*;q=0"} {
		rows = append(rows, bad{"POST", "/Users", []string{"Accept", accept}, body, 406, ""})
	}
	for _, name := range []string{"If-Match", "If-None-Match"} {
		for _, tags := range []string{`"open`, `"a" "b"`, `*, "a"`, `"a",*`, `a b`, `W/"open`, `"a"x`, `W/ "a"`} {
			rows = append(rows, bad{"DELETE", "/Users/{user}", []string{name, tags}, "", 400, "invalidValue"})
		}
	}
	rows = append(rows,
		bad{"DELETE", "/Users/{user}", []string{"If-Match", `"stale"`}, "", 412, ""}, bad{"DELETE", "/Users/{user}", []string{"If-None-Match", "*"}, "", 412, ""},
		bad{"GET", "/Users/{user}", []string{"If-Match", `W/"stale", "older"`}, "", 412, ""},
	)
	for _, credentials := range []string{"", "Bearer", "Bearer ", "Basic eDp5", "Bearer wrong", "bearer " + token + "x", "Token " + token, token, "Bearer " + token + " x", "Bearer\t" + token, "Bearer \x00"} {
		rows = append(rows, bad{"DELETE", "/Users/{user}", []string{"Authorization", credentials}, "", 401, ""})
	}
	return rows
}

func badPaths() (rows []bad) {
	for _, path := range []string{
		"/users", "/USERS", "/User", "/Users/{user}/x", "/Users//{user}", "//Users", "/Users/{user}/.search", "/Nothing/1", "/x/.search", "/ResourceTypes/Cat", "/Schemas/urn:none", "/Groups/{user}",
		"/Users/%00", "/Users/%ff", "/Users/..%2f..%2fetc%2fpasswd", "/Users/'%20or%201=1", "/Users/" + strings.Repeat("x", 5000), "/Users/{user}%20", "/bulk", "/.Search", "/Me/1",
	} {
		rows = append(rows, bad{"GET", path, nil, "", 404, ""}, bad{"DELETE", strings.Replace(path, "{user}", "{user}x", 1), nil, "", 404, ""})
	}
	for _, path := range []string{"/v1/Users", "/v3", "/v10/Users/1"} {
		rows = append(rows, bad{"GET", path, nil, "", 400, "invalidVers"})
	}
	// DELETE is not a method of these endpoints, whatever their last segment.
	for i := range rows {
		if rows[i].method == "DELETE" && (strings.HasPrefix(rows[i].target, "/Schemas") || strings.HasPrefix(rows[i].target, "/ResourceTypes")) {
			rows[i].status = 405
		}
	}
	return rows
}
