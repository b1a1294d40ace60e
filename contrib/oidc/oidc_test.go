package oidc_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/muster-scim/muster/contrib/oidc"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store/memstore"
)

// provider is an OpenID Connect provider with one key.
type provider struct {
	*httptest.Server
	key   *rsa.PrivateKey
	keyID string
	down  atomic.Bool // gives no keys
}

// rotate replaces the key. It must not be called while requests are served.
func (p *provider) rotate(keyID string) error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	p.key, p.keyID = key, keyID
	return err
}

// RoundTrip answers without a network, so that a test can wait for what goes on
// in the background.
func (p *provider) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	p.Config.Handler.ServeHTTP(w, r)
	return w.Result(), nil
}

func newProvider() (*provider, error) {
	p := &provider{}
	if err := p.rotate("1"); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"issuer": p.URL, "jwks_uri": p.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		if p.down.Load() {
			http.Error(w, "down", http.StatusBadGateway)
			return
		}
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: p.key.Public(), KeyID: p.keyID, Algorithm: "RS256", Use: "sig"}}})
	})
	p.Server = httptest.NewServer(mux)
	return p, nil
}

// token signs claims, with good ones where they say nothing.
func (p *provider) token(key any, alg jose.SignatureAlgorithm, claims map[string]any) (string, error) {
	all := map[string]any{"iss": p.URL, "aud": "scim", "sub": "service", "azp": "okta", "exp": time.Now().Add(time.Hour).Unix(), "scope": "openid scim.write", "tid": "acme"}
	for name, value := range claims {
		all[name] = value
	}
	payload, err := json.Marshal(all)
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: p.keyID}}, nil)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

func request(credentials string) *http.Request {
	r := httptest.NewRequest("GET", "/Users", nil)
	r.Header.Set("Authorization", credentials)
	return r
}

// A token for this service and with the right scope is accepted.
func Example() {
	p, err := newProvider()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer p.Close()
	verifier, err := oidc.New(httptest.NewRequest("GET", "/", nil).Context(), oidc.Config{
		Issuer: p.URL, Audience: "scim", Scope: "scim.write", TenantClaim: "tid",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	config := scim.Config{Authenticate: verifier.Authenticate} // and everything else
	token, err := p.token(p.key, jose.RS256, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	actor, err := config.Authenticate(request("Bearer " + token))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(actor.ID, actor.Subject, actor.Tenant, actor.ReadOnly)
	// Output:
	// okta service acme false
}

func TestAuthenticate(t *testing.T) {
	p, err := newProvider()
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	v, err := oidc.New(t.Context(), oidc.Config{Issuer: p.URL, Audience: "scim", Scope: "scim.write", ReadScope: "scim.read", TenantClaim: "tid", Client: p.Client()})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		key    any
		alg    jose.SignatureAlgorithm
		claims map[string]any
		want   error
		read   bool
	}{
		"good":             {p.key, jose.RS256, nil, nil, false},
		"read scope":       {p.key, jose.RS256, map[string]any{"scope": "scim.read"}, nil, true},
		"roles":            {p.key, jose.RS256, map[string]any{"scope": "", "roles": []string{"scim.write"}}, nil, false},
		"several aud":      {p.key, jose.RS256, map[string]any{"aud": []string{"a", "scim"}}, nil, false},
		"no scope":         {p.key, jose.RS256, map[string]any{"scope": "openid"}, scim.ErrForbidden, false},
		"no tenant":        {p.key, jose.RS256, map[string]any{"tid": 7}, scim.ErrForbidden, false},
		"expired":          {p.key, jose.RS256, map[string]any{"exp": time.Now().Add(-time.Minute).Unix()}, scim.ErrUnauthenticated, false},
		"not yet":          {p.key, jose.RS256, map[string]any{"nbf": time.Now().Add(time.Hour).Unix()}, scim.ErrUnauthenticated, false},
		"other audience":   {p.key, jose.RS256, map[string]any{"aud": "mail"}, scim.ErrUnauthenticated, false},
		"other issuer":     {p.key, jose.RS256, map[string]any{"iss": "https://evil.example"}, scim.ErrUnauthenticated, false},
		"other key":        {other, jose.RS256, nil, scim.ErrUnauthenticated, false},
		"other algorithm":  {p.key, jose.PS256, nil, scim.ErrUnauthenticated, false},
		"shared secret":    {p.key.N.Bytes(), jose.HS256, nil, scim.ErrUnauthenticated, false},
		"no client at all": {p.key, jose.RS256, map[string]any{"azp": "", "sub": ""}, scim.ErrUnauthenticated, false},
	} {
		t.Run(name, func(t *testing.T) {
			token, err := p.token(c.key, c.alg, c.claims)
			if err != nil {
				t.Fatal(err)
			}
			actor, err := v.Authenticate(request("bearer " + token))
			if !errors.Is(err, c.want) || err == nil && actor.ReadOnly != c.read {
				t.Errorf("got %v, %v", actor, err)
			}
		})
	}
	for _, credentials := range []string{"", "Bearer", "Basic x", "Bearer x", "Bearer a.b.c", "Bearer eyJhbGciOiJub25lIn0.e30."} {
		if _, err := v.Authenticate(request(credentials)); !errors.Is(err, scim.ErrUnauthenticated) {
			t.Errorf("%q: %v", credentials, err)
		}
	}
}

// A key that the provider has exchanged is found without a restart, and the
// old one is good for nothing from then on.
func TestKeyRotation(t *testing.T) {
	p, err := newProvider()
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	synctest.Test(t, func(t *testing.T) { rotateKeys(t, p) })
}

func rotateKeys(t *testing.T, p *provider) {
	v, err := oidc.New(t.Context(), oidc.Config{Issuer: p.URL, Audience: "scim", Client: &http.Client{Transport: p}})
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string, want error) string {
		token, err := p.token(p.key, jose.RS256, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.Authenticate(request("Bearer " + token)); !errors.Is(err, want) {
			t.Errorf("%s: %v", what, err)
		}
		return token
	}
	old := check("first key", nil)
	if err := p.rotate("2"); err != nil {
		t.Fatal(err)
	}
	check("second key", nil)
	synctest.Wait() // what was fetched is kept after the request
	if _, err := v.Authenticate(request("Bearer " + old)); !errors.Is(err, scim.ErrUnauthenticated) {
		t.Errorf("a token of the first key: %v", err)
	}
}

// A client must not take its token for revoked because the provider does not
// give its keys: it is asked to come again.
func TestKeysAreNotThere(t *testing.T) {
	p, err := newProvider()
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	synctest.Test(t, func(t *testing.T) { missKeys(t, p) })
}

func missKeys(t *testing.T, p *provider) {
	v, err := oidc.New(t.Context(), oidc.Config{Issuer: p.URL, Audience: "scim", Client: &http.Client{Transport: p}})
	if err != nil {
		t.Fatal(err)
	}
	h, err := scim.New(scim.Config{
		Types: []*schema.ResourceType{schema.UserDefinition().MustCompile()}, Store: memstore.New(nil), Authenticate: v.Authenticate,
	})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(what string, claims map[string]any, status int, retryAfter string) {
		token, err := p.token(p.key, jose.RS256, claims)
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, request("Bearer "+token))
		if w.Code != status || w.Header().Get("Retry-After") != retryAfter {
			t.Errorf("%s: %d, Retry-After %q", what, w.Code, w.Header().Get("Retry-After"))
		}
		synctest.Wait() // what is fetched in the background
	}
	p.down.Store(true)
	ask("without keys", nil, http.StatusServiceUnavailable, "10")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	token, err := p.token(p.key, jose.RS256, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Authenticate(request("Bearer " + token).WithContext(ctx)); !errors.Is(err, context.Canceled) {
		t.Errorf("a client that has gone: %v", err)
	}
	synctest.Wait()
	if _, err := v.Authenticate(request("Bearer no token")); !errors.Is(err, scim.ErrUnauthenticated) {
		t.Errorf("what is no token: %v", err)
	}
	p.down.Store(false)
	ask("with keys again", nil, http.StatusOK, "")
	p.down.Store(true)
	ask("with keys that are known", nil, http.StatusOK, "")
	ask("claims that look like the error", map[string]any{"iss": "failed to verify signature: fetching keys "}, http.StatusUnauthorized, "")
}

// entra are the claims of a token with which Entra ID provisions, whose issuer
// is added by the test.
var entra = map[string]any{
	"aud": "8adf8e6e-67b2-4cf2-a259-e3dc5476c621", "appid": "00000014-0000-0000-c000-000000000000", "appidacr": "2",
	"azp": nil, "scope": nil, "oid": "5b1b7a2c-0d9e-4f4c-8a51-0c5d3f1d2e33", "sub": "5b1b7a2c-0d9e-4f4c-8a51-0c5d3f1d2e33",
	"tid": "9188040d-6c67-4c5b-b112-36a304b66dad", "ver": "1.0",
}

func TestEntra(t *testing.T) {
	p, err := newProvider()
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	token, err := p.token(p.key, jose.RS256, entra)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		audience string
		want     error
	}{
		"its audience":     {"8adf8e6e-67b2-4cf2-a259-e3dc5476c621", nil},
		"another audience": {"api://another", scim.ErrUnauthenticated},
	} {
		v, err := oidc.New(t.Context(), oidc.Config{Issuer: p.URL, Audience: c.audience, TenantClaim: "tid"})
		if err != nil {
			t.Fatal(err)
		}
		actor, err := v.Authenticate(request("Bearer " + token))
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && (actor.ID != entra["appid"] || string(actor.Tenant) != entra["tid"] || actor.Subject != entra["sub"]) {
			t.Errorf("%s: actor %+v", name, actor)
		}
	}
}

// A token without signature is refused, however good its claims are.
func TestUnsigned(t *testing.T) {
	p, err := newProvider()
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	v, err := oidc.New(t.Context(), oidc.Config{Issuer: p.URL, Audience: "scim"})
	if err != nil {
		t.Fatal(err)
	}
	token, err := p.token(p.key, jose.RS256, nil)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(token, ".")
	for name, forged := range map[string]string{
		"alg none":          base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".",
		"alg none, signed":  base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","kid":"1"}`)) + "." + parts[1] + "." + parts[2],
		"signature is gone": parts[0] + "." + parts[1] + ".",
		"signature of else": parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"`+p.URL+`","aud":"scim","sub":"admin","exp":9999999999}`)) + "." + parts[2],
	} {
		if _, err := v.Authenticate(request("Bearer " + forged)); !errors.Is(err, scim.ErrUnauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A hook names the actor. What it hands out is not changed.
func TestActorHook(t *testing.T) {
	p, err := newProvider()
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	shared := &scim.Actor{ID: "shared"}
	actors := map[string]*scim.Actor{"okta": shared}
	v, err := oidc.New(t.Context(), oidc.Config{Issuer: p.URL, Audience: "scim", ReadScope: "openid", Actor: func(claims map[string]any) (*scim.Actor, error) {
		id, _ := claims["azp"].(string)
		return actors[id], nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	for azp, want := range map[string]error{"okta": nil, "nobody": scim.ErrUnauthenticated} {
		token, err := p.token(p.key, jose.RS256, map[string]any{"azp": azp})
		if err != nil {
			t.Fatal(err)
		}
		actor, err := v.Authenticate(request("Bearer " + token))
		if !errors.Is(err, want) || err == nil && (actor.ID != "shared" || !actor.ReadOnly) {
			t.Errorf("%s: %+v, %v", azp, actor, err)
		}
	}
	if shared.ReadOnly {
		t.Error("the actor of the hook was changed")
	}
}

func TestMistakes(t *testing.T) {
	for name, c := range map[string]oidc.Config{
		"nothing": {}, "no audience": {Issuer: "https://x.example"}, "no such provider": {Issuer: "http://127.0.0.1:1", Audience: "x"},
		"algorithm none": {Issuer: "https://x.example", Audience: "x", Algorithms: []string{"none"}}, "symmetric": {Issuer: "https://x.example", Audience: "x", Algorithms: []string{"HS256"}},
	} {
		if _, err := oidc.New(t.Context(), c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
