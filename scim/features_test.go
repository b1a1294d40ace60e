package scim_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// advertised is what ServiceProviderConfig says.
type advertised struct {
	Patch, Sort, ETag, ChangePassword struct{ Supported bool }
	Bulk                              struct {
		Supported                     bool
		MaxOperations, MaxPayloadSize int
	}
	Filter struct {
		Supported  bool
		MaxResults int
	}
	Pagination struct {
		Cursor, Index                               bool
		DefaultPaginationMethod                     string
		DefaultPageSize, MaxPageSize, CursorTimeout int
	}
	AuthenticationSchemes []struct{ Type string }
}

// TestAdvertisedFeatures calls every feature that ServiceProviderConfig
// advertises, on the full store and on one that has nothing but the five
// methods, and checks that what is not advertised is refused (7644-3.7-01,
// 7644-3.4.2.2-01, 7644-3.4.2.3-01, 7644-3.5-03, 7644-3.5.2-01, 9865-4-01).
func TestAdvertisedFeatures(t *testing.T) {
	for _, name := range []string{"default", "basic-store", "no-bulk", "users-only", "cursor", "small"} {
		t.Run(name, func(t *testing.T) {
			c := config(t)
			configs[name](t, &c)
			h := newHandler(t, c)
			var spc advertised
			if err := json.Unmarshal(do(t, h, "GET", "/ServiceProviderConfig", "").Body.Bytes(), &spc); err != nil {
				t.Fatal(err)
			}
			id := idOf(t, h, "/Users", `{"userName":"a","title":"1"}`)
			idOf(t, h, "/Users", `{"userName":"b","title":"2"}`)
			callFeatures(t, h, &spc, id)
		})
	}
}

func callFeatures(t *testing.T, h http.Handler, spc *advertised, id string) {
	t.Helper()
	status := func(supported bool) int {
		if supported {
			return 200
		}
		return 501
	}
	expect := func(feature string, want int, w *httptest.ResponseRecorder, parts ...string) {
		t.Helper()
		for _, part := range parts {
			if !strings.Contains(w.Body.String(), part) {
				t.Errorf("%s: %q is missing in %s", feature, part, w.Body)
			}
		}
		if w.Code != want {
			t.Errorf("%s: %d %s, want %d", feature, w.Code, w.Body, want)
		}
	}
	expect("patch", status(spc.Patch.Supported), do(t, h, "PATCH", "/Users/"+id, patchBody(`{"op":"replace","path":"title","value":"3"}`)))
	expect("filter", status(spc.Filter.Supported), do(t, h, "GET", "/Users?filter=title+eq+%222%22", ""), `"totalResults":1`)
	expect("sort", status(spc.Sort.Supported), do(t, h, "GET", "/Users?sortBy=userName&sortOrder=descending&count=1&attributes=userName", ""), `"userName":"b"`)
	expect("bulk", status(spc.Bulk.Supported), do(t, h, "POST", "/Bulk", bulkBody(`{"method":"DELETE","path":"/Users/nobody"}`)))
	expect("change password", status(spc.ChangePassword.Supported), do(t, h, "PATCH", "/Users/"+id, patchBody(`{"op":"replace","path":"password","value":"secret"}`)))
	expect("index", status(spc.Pagination.Index), do(t, h, "GET", "/Users?startIndex=2&count=1", ""), `"startIndex":2`)
	expect("cursor", status(spc.Pagination.Cursor), do(t, h, "GET", "/Users?cursor=&count=1", ""), "nextCursor")
	tag := do(t, h, "GET", "/Users/"+id, "").Header().Get("ETag")
	expect("etag", 304, do(t, h, "GET", "/Users/"+id, "", "If-None-Match", tag))
	if spc.Bulk.Supported {
		many := strings.TrimSuffix(strings.Repeat(`{"method":"DELETE","path":"/Users/x"},`, spc.Bulk.MaxOperations+1), ",")
		expect("maxOperations", 413, do(t, h, "POST", "/Bulk", bulkBody(many)))
		expect("maxPayloadSize", 413, do(t, h, "POST", "/Bulk", strings.Repeat(" ", spc.Bulk.MaxPayloadSize+1)))
	}
	if w := do(t, h, "GET", "/Users", "", "Authorization", ""); w.Code != 401 || !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Bearer") || spc.AuthenticationSchemes[0].Type != "oauthbearertoken" {
		t.Errorf("authentication: %d %v %v", w.Code, w.Header(), spc.AuthenticationSchemes)
	}
}

// 7644-1.3-02: the service works under any prefix, and finds it by itself.
func TestMount(t *testing.T) {
	for name, c := range map[string]struct {
		mount func(http.Handler) http.Handler
		path  string
		base  string
		want  string
	}{
		"at the root":           {func(h http.Handler) http.Handler { return h }, "/Users", "", "/Users/"},
		"pattern":               {pattern("/scim/v2/"), "/scim/v2/Users", "", "/scim/v2/Users/"},
		"pattern with method":   {pattern("POST /scim/v2/"), "/scim/v2/Users", "", "/scim/v2/Users/"},
		"pattern with host":     {pattern("example.com/scim/"), "/scim/Users", "", "/scim/Users/"},
		"pattern with wildcard": {pattern("/{tenant}/scim/v2/"), "/acme/scim/v2/Users", "", "/acme/scim/v2/Users/"},
		"strip prefix": {func(h http.Handler) http.Handler {
			return pattern("/a/b/")(http.StripPrefix("/a/b", h))
		}, "/a/b/Users", "", "/a/b/Users/"},
		"strip prefix without mux": {func(h http.Handler) http.Handler { return http.StripPrefix("/a", h) }, "/a/Users", "", "/a/Users/"},
		"base URL":                 {func(h http.Handler) http.Handler { return h }, "/scim/v2/Users", "https://id.example.com/scim/v2/", "https://id.example.com/scim/v2/Users/"},
		"base URL, proxy strips":   {func(h http.Handler) http.Handler { return h }, "/Users", "https://id.example.com/scim/v2", "https://id.example.com/scim/v2/Users/"},
		"base URL, other prefix":   {pattern("/inner/"), "/inner/Users", "https://id.example.com/outer", "https://id.example.com/outer/Users/"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config(t)
			cfg.BaseURL = c.base
			w := do(t, c.mount(newHandler(t, cfg)), "POST", c.path, `{"userName":"a"}`, "Host", "evil.example")
			location := w.Header().Get("Location")
			if w.Code != 201 || !strings.HasPrefix(location, c.want) || strings.Contains(strings.TrimPrefix(location, c.want), "/") {
				t.Fatalf("got %d, location %q, want %s…", w.Code, location, c.want)
			}
			if !strings.Contains(w.Body.String(), `"location":"`+location+`"`) {
				t.Errorf("meta.location differs: %s", w.Body)
			}
		})
	}
}

func pattern(pattern string) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		mux := http.NewServeMux()
		mux.Handle(pattern, h)
		return mux
	}
}

// Of many writers that expect the same version exactly one succeeds, for every
// verb and with and without the upgrades of the store (7644-3.14-05).
func TestOneWriterWins(t *testing.T) {
	for _, name := range []string{"default", "basic-store"} {
		for _, method := range []string{"PUT", "PATCH", "DELETE"} {
			t.Run(name+"/"+method, func(t *testing.T) {
				c := config(t)
				configs[name](t, &c)
				h := newHandler(t, c)
				id := idOf(t, h, "/Users", `{"userName":"a"}`)
				tag := do(t, h, "GET", "/Users/"+id, "").Header().Get("ETag")
				count := map[int]int{}
				var mu sync.Mutex
				var all sync.WaitGroup
				for i := range 8 {
					all.Go(func() {
						body := fmt.Sprintf(`{"userName":"a","title":"%d"}`, i)
						if method == "PATCH" {
							body = patchBody(fmt.Sprintf(`{"op":"replace","path":"title","value":"%d"}`, i))
						}
						code := do(t, h, method, "/Users/"+id, body, "If-Match", tag).Code
						mu.Lock()
						defer mu.Unlock()
						count[code]++
					})
				}
				all.Wait()
				if count[200]+count[204] != 1 || count[412]+count[404] != 7 {
					t.Errorf("answers: %v", count)
				}
			})
		}
	}
}

// New reports every mistake of a Config, each with its field.
func TestConfigMistakes(t *testing.T) {
	c := scim.Config{
		Types: append(types(), userType), Authenticate: config(t).Authenticate, AllowAnonymous: true,
		BaseURL: "https://x.example/scim?x=1", DocumentationURI: "x", TrustedHosts: []string{"https://x"},
		AuthenticationSchemes: []scim.AuthenticationScheme{{Type: "x"}}, Timeout: -1, CursorTimeout: -1, CursorKey: []byte("short"),
		Limits: scim.Limits{Body: -1, PageSize: 10, DefaultPageSize: 20}, Profile: scim.Profile{MaxPageSize: -1, PatchBody: "x"},
	}
	_, err := scim.New(c)
	if err == nil {
		t.Fatal("no error")
	}
	for _, field := range []string{"Types", "Store", "AllowAnonymous", "BaseURL", "DocumentationURI", "TrustedHosts[0]", "AuthenticationSchemes[0]", "Limits.Body", "Limits.DefaultPageSize", "Timeout", "CursorKey", "CursorTimeout", "Profile.MaxPageSize", "Profile.PatchBody"} {
		if !strings.Contains(err.Error(), field+": ") {
			t.Errorf("nothing about %s in:\n%v", field, err)
		}
	}
	for _, url := range []string{base + "?x=1", base + "?", base + "#x", "https://a:b@id.example.com/scim"} {
		c := config(t)
		c.BaseURL = url
		if _, err := scim.New(c); err == nil || !strings.Contains(err.Error(), "BaseURL") {
			t.Errorf("7644-1.3-01: %s gives %v", url, err)
		}
	}
	for name := range configs {
		c := config(t)
		configs[name](t, &c)
		if _, err := scim.New(c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// 7644-4-02, 7644-3.1-04: /Schemas lists every schema that is served, once, and
// no message.
func TestSchemasList(t *testing.T) {
	var list struct {
		TotalResults int
		Resources    []struct{ ID string }
	}
	if err := json.Unmarshal(do(t, newHandler(t, config(t)), "GET", "/Schemas", "").Body.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range list.Resources {
		got = append(got, s.ID[strings.LastIndexByte(s.ID[:strings.LastIndexByte(s.ID, ':')], ':')+1:])
	}
	want := "2.0:User 2.0:User 2.0:Badge 2.0:Group 2.0:ServiceProviderConfig 2.0:ResourceType 2.0:Schema"
	if strings.Join(got, " ") != want || list.TotalResults != len(got) {
		t.Errorf("got %d: %v", list.TotalResults, got)
	}
}

// spy notes which projections reach the store.
type spy struct {
	store.Forward
	read []*schema.Projection
}

func (s *spy) Get(context.Context, store.Ref) (*schema.Resource, error) {
	return nil, errors.New("a whole resource is read")
}

func (s *spy) ReadProjected(ctx context.Context, ref store.Ref, p *schema.Projection) (*schema.Resource, error) {
	s.read = append(s.read, p)
	return s.Forward.ReadProjected(ctx, ref, p)
}

func (s *spy) ReadValues(context.Context, store.Ref, schema.Path) iter.Seq2[schema.Value, error] {
	return func(yield func(schema.Value, error) bool) {
		yield(schema.Value{}, errors.New("members are read"))
	}
}

func (s *spy) Query(ctx context.Context, q store.Query) (store.Page, error) {
	s.read = append(s.read, q.Projection)
	return s.Forward.Query(ctx, q)
}

// Members that the client does not want are never read.
func TestExcludedIsNotRead(t *testing.T) {
	members := groupType.MustPath("members")
	s := &spy{Forward: store.Forward{Inner: memstore.New(nil)}}
	c := config(t)
	c.Store = s
	h := newHandler(t, c)
	user := idOf(t, h, "/Users", `{"userName":"a"}`)
	group := idOf(t, h, "/Groups", `{"displayName":"g","members":[{"value":"`+user+`"}]}`)
	for _, target := range []string{"/Groups/" + group + "?excludedAttributes=members", "/Groups/" + group + "?attributes=displayName", "/Groups?excludedAttributes=members", "/Groups?attributes=displayName&filter=displayName+pr"} {
		s.read = nil
		w := do(t, h, "GET", target, "")
		if w.Code != 200 || len(s.read) != 1 || s.read[0].Includes(members) || strings.Contains(w.Body.String(), user) {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
	}
}

func TestProfiles(t *testing.T) {
	for _, name := range scim.ProfileNames() {
		if p, ok := scim.ProfileNamed(name); !ok || p.Name != name {
			t.Errorf("%s: %v, %v", name, p, ok)
		}
	}
	if _, ok := scim.ProfileNamed("nobody"); ok {
		t.Error("an unknown name has a profile")
	}
}
