package scim_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

const (
	base       = "https://id.example.com/scim/v2"
	token      = "token-of-the-tests"
	readToken  = "token-that-only-reads"
	otherToken = "token-of-tenant-b"
)

// badge is an extension with one attribute of each unusual kind.
func badgeExtension() schema.Extension {
	return schema.Extension{Schema: &schema.Schema{
		ID: "urn:example:2.0:Badge", Name: "Badge", Attributes: []schema.Attribute{
			{Name: "number", Mutability: schema.Immutable},
			{Name: "level", Type: schema.TypeInteger},
			{Name: "pin", Mutability: schema.WriteOnly, Returned: schema.ReturnedNever},
			{Name: "history", Returned: schema.ReturnedRequest},
			{Name: "issued", Type: schema.TypeDateTime, Mutability: schema.ReadOnly},
		},
	}}
}

var (
	userType  = schema.UserDefinition(badgeExtension()).MustCompile()
	groupType = schema.GroupDefinition().MustCompile()
)

func types() []*schema.ResourceType { return []*schema.ResourceType{userType, groupType} }

func bearer(t testing.TB, tokens ...scim.Token) *scim.BearerTokens {
	t.Helper()
	b, err := scim.NewBearerTokens(tokens...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// config is the configuration that tests start from.
func config(t testing.TB) scim.Config {
	t.Helper()
	return scim.Config{
		Types: types(), Store: memstore.New(nil), BaseURL: base,
		Authenticate: bearer(t,
			scim.Token{ID: "writer", Hash: scim.HashToken(token)},
			scim.Token{ID: "reader", Hash: scim.HashToken(readToken), ReadOnly: true},
		).Authenticate,
	}
}

// configs are the variations that golden files name.
var configs = map[string]func(testing.TB, *scim.Config){
	"default":       func(testing.TB, *scim.Config) {},
	"strict":        profile("strict"),
	"entra":         profile("entra"),
	"okta":          profile("okta"),
	"midpoint":      profile("midpoint"),
	"onelogin":      profile("onelogin"),
	"ping":          profile("ping"),
	"small-pages":   func(_ testing.TB, c *scim.Config) { c.Limits.PageSize, c.Limits.DefaultPageSize = 3, 2 },
	"cursor":        func(_ testing.TB, c *scim.Config) { c.CursorDefault, c.Limits.DefaultPageSize = true, 2 },
	"if-match":      func(_ testing.TB, c *scim.Config) { c.RequireIfMatch = true },
	"users-only":    func(_ testing.TB, c *scim.Config) { c.Types = []*schema.ResourceType{userType} },
	"no-bulk":       func(_ testing.TB, c *scim.Config) { c.NoBulk = true },
	"small":         func(_ testing.TB, c *scim.Config) { c.Limits = smallLimits },
	"public":        func(_ testing.TB, c *scim.Config) { c.Discovery = scim.DiscoverAll },
	"private":       func(_ testing.TB, c *scim.Config) { c.Discovery = scim.DiscoverNothing },
	"basic-store":   func(_ testing.TB, c *scim.Config) { c.Store = store.Basic(memstore.New(nil)) },
	"reject":        func(_ testing.TB, c *scim.Config) { c.Profile.Unknown = schema.RejectUnknown },
	"preserve":      func(_ testing.TB, c *scim.Config) { c.Profile.Unknown = schema.PreserveUnknown },
	"tenants":       twoTenants,
	"me":            withMe,
	"hidden":        hiddenPhones,
	"rate":          func(_ testing.TB, c *scim.Config) { c.RateLimit = busy },
	"relative":      func(_ testing.TB, c *scim.Config) { c.BaseURL = "" },
	"trusted-hosts": func(_ testing.TB, c *scim.Config) { c.BaseURL, c.TrustedHosts = "", []string{"ID.example.com"} },
	"faulty":        func(_ testing.TB, c *scim.Config) { c.Store = errStore{memstore.New(nil), errDriver} },
	"scan":          func(_ testing.TB, c *scim.Config) { c.Store, c.Limits.Scan = store.Basic(memstore.New(nil)), 2 },
	"sensitive":     sensitivePhones,
	"async":         carriedOutLater,
	"return-existing": func(_ testing.TB, c *scim.Config) {
		c.Profile.ReturnExisting = true
	},
}

var smallLimits = scim.Limits{
	Body: 2000, Depth: 6, Values: 60, FilterBytes: 100, FilterDepth: 3, FilterTerms: 3, PatchOperations: 2,
	BulkOperations: 2, BulkBody: 4000, Members: 2,
}

func profile(name string) func(testing.TB, *scim.Config) {
	return func(t testing.TB, c *scim.Config) {
		p, ok := scim.ProfileNamed(name)
		if !ok {
			t.Fatalf("no profile %q", name)
		}
		c.Profile = p
	}
}

func busy(context.Context, *scim.Actor) (time.Duration, bool) { return 1500 * time.Millisecond, false }

func twoTenants(t testing.TB, c *scim.Config) {
	stores := &memstore.Tenants{}
	c.Store, c.BaseURL = nil, ""
	c.Authenticate = bearer(t,
		scim.Token{ID: "a", Hash: scim.HashToken(token), Tenant: "a"},
		scim.Token{ID: "b", Hash: scim.HashToken(otherToken), Tenant: "b"},
	).Authenticate
	c.StoreFor = tenantsOf(stores)
}

// tenantsOf gives each actor the store of its tenant.
func tenantsOf(stores *memstore.Tenants) func(*http.Request, *scim.Actor) (scim.Tenant, error) {
	return func(_ *http.Request, actor *scim.Actor) (scim.Tenant, error) {
		if actor == nil {
			return scim.Tenant{}, store.ErrNotFound
		}
		return scim.Tenant{ID: actor.Tenant, Store: stores.Tenant(actor.Tenant), BaseURL: "https://" + string(actor.Tenant) + ".example.com/scim/v2"}, nil
	}
}

// withMe finds the actor's resource by its userName.
func withMe(_ testing.TB, c *scim.Config) {
	s := c.Store
	c.Me = func(ctx context.Context, actor *scim.Actor) (store.Ref, error) {
		for r, err := range s.Scan(ctx, "User", "") {
			if err != nil {
				return store.Ref{}, err
			}
			if r.Get(userType.MustPath("userName")).Text() == actor.ID {
				return store.RefOf(r), nil
			}
		}
		return store.Ref{Type: "User"}, nil
	}
}

// hiddenPhones hides phone numbers, and refuses groups altogether.
func hiddenPhones(_ testing.TB, c *scim.Config) {
	c.Authorize = func(_ context.Context, a *scim.Access) error {
		if a.Type == groupType {
			return scim.ErrForbidden
		}
		a.Hide(userType.MustPath("phoneNumbers"), userType.MustPath("name.familyName"))
		return nil
	}
}

// sensitivePhones keeps phone numbers out of URLs.
func sensitivePhones(_ testing.TB, c *scim.Config) {
	phones := userType.MustPath("phoneNumbers")
	c.Authorize = func(_ context.Context, a *scim.Access) error {
		if a.InURL && slices.ContainsFunc(a.Paths, phones.Contains) {
			return &scim.Error{Status: 403, Type: scim.Sensitive, Detail: "phone numbers must not be in a URL; use POST on /.search"}
		}
		return nil
	}
}

func newHandler(t testing.TB, c scim.Config) *scim.Handler {
	t.Helper()
	h, err := scim.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// do sends one request with the token and returns the response.
func do(t testing.TB, h http.Handler, method, target, body string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body == "" {
		r = httptest.NewRequest(method, target, http.NoBody)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// errStore fails with err, whatever it is asked.
type errStore struct {
	store.Store
	err error
}

func (s errStore) Get(context.Context, store.Ref) (*schema.Resource, error) { return nil, s.err }

var errDriver = errors.New("dial tcp 10.0.0.5: secret driver text")
