package scim

import (
	"errors"
	"net/http"

	"github.com/muster-scim/muster/store"
)

// Actor is who makes a request, as Config.Authenticate found out. It must not
// be changed after it was returned.
type Actor struct {
	// ID names the actor in events, logs and cursors: the identifier of a token
	// or a client, never a secret. It must not be empty.
	ID string
	// Subject is the person or account behind the request, for Config.Me and
	// Authorize. It may be empty.
	Subject string
	// Tenant binds the actor to a tenant, for Config.StoreFor. A request for
	// another tenant is refused with 403.
	Tenant store.TenantID
	// Client names the provisioning client, such as an identity provider, where a
	// tenant has several: its externalIds are kept in the attribute of that name in
	// the schema schema.ExternalIDs, and no other client sees them. All tokens of
	// one client have the same. "" is the client whose externalIds are in
	// externalId itself.
	Client string
	// ReadOnly refuses everything but reading and searching with 403.
	ReadOnly bool
	// Profile overrides the profile of the tenant for this actor; nil keeps it.
	Profile *Profile
	// Debug allows the actor to ask with a Muster-Debug header for what was
	// tolerated and ignored, in Muster-Rewrites and Muster-Ignored.
	Debug bool
	// Data is the host's own; this package only hands it on to hooks.
	Data any
}

// ErrUnauthenticated is what Config.Authenticate returns, alone or wrapped, for
// missing or wrong credentials. It is answered with 401 and a challenge; what
// it wraps is logged and not sent.
var ErrUnauthenticated = errors.New("unauthenticated")

// ErrForbidden is what hooks return, alone or wrapped, to refuse an actor that
// they know. It is answered with 403; what it wraps is logged and not sent.
var ErrForbidden = errors.New("forbidden")

// AuthenticationScheme describes one way to authenticate, as
// /ServiceProviderConfig lists it (RFC 7643 §5).
type AuthenticationScheme struct {
	// Type is oauth, oauth2, oauthbearertoken, httpbasic or httpdigest.
	Type string `json:"type"`
	// Name is what people call it.
	Name string `json:"name"`
	// Description explains it to people.
	Description string `json:"description"`
	// SpecURI is the specification.
	SpecURI string `json:"specUri,omitempty"`
	// DocumentationURI says how to obtain credentials.
	DocumentationURI string `json:"documentationUri,omitempty"`
	// Primary marks the preferred scheme.
	Primary bool `json:"primary,omitempty"`
	// Challenge is sent as WWW-Authenticate with every 401, for example
	// `Bearer realm="scim"`. Empty means one that follows from Type.
	Challenge string `json:"-"`
}

// bearerScheme is the default of Config.AuthenticationSchemes.
func bearerScheme() AuthenticationScheme {
	return AuthenticationScheme{
		Type: "oauthbearertoken", Name: "OAuth Bearer Token", Primary: true,
		Description: "A bearer token in the Authorization header",
		SpecURI:     "https://www.rfc-editor.org/info/rfc6750",
	}
}

func (s AuthenticationScheme) challenge() string {
	switch {
	case s.Challenge != "":
		return s.Challenge
	case s.Type == "httpbasic":
		return `Basic realm="scim", charset="UTF-8"`
	case s.Type == "httpdigest":
		return `Digest realm="scim"`
	default:
		return `Bearer realm="scim"`
	}
}

// challenge lists every scheme (RFC 7644 §2).
func challenge(w http.ResponseWriter, schemes []AuthenticationScheme) {
	for _, s := range schemes {
		w.Header().Add("WWW-Authenticate", s.challenge())
	}
}
