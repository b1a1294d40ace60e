package scim

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Config is everything that a Handler needs to know. Types, one of Store and
// StoreFor, and Authenticate are required; the zero value of every other field
// is its documented default. New copies what it needs; later changes of a
// Config have no effect.
type Config struct {
	// Types are the resource types to serve, each at its endpoint.
	Types []*schema.ResourceType

	// Store keeps the resources of a service with one tenant.
	Store store.Store

	// StoreFor chooses the tenant of a request, by its host, its path (see
	// http.Request.PathValue) or its actor, for services with several. The actor
	// is nil only for discovery without authentication. A tenant that does not
	// exist is an *Error with status 404, or store.ErrNotFound.
	StoreFor func(r *http.Request, actor *Actor) (Tenant, error)

	// Authenticate finds out who makes a request. It returns an error that is
	// ErrUnauthenticated for missing or wrong credentials. BearerTokens has a
	// ready one.
	Authenticate func(r *http.Request) (*Actor, error)

	// AllowAnonymous serves everybody without asking who they are, if
	// Authenticate is nil. It is meant for tests, and for services where
	// something in front has authenticated already.
	AllowAnonymous bool

	// AuthenticationSchemes are published in /ServiceProviderConfig and make up
	// WWW-Authenticate. The default is one scheme, bearer tokens.
	AuthenticationSchemes []AuthenticationScheme

	// Discovery says who may read what about the service.
	Discovery DiscoveryAccess

	// Authorize decides whether an operation may go on, and which attributes its
	// actor must not see. Nil allows everything that Actor.ReadOnly does not
	// forbid.
	Authorize func(ctx context.Context, a *Access) error

	// Check is asked about each resource that POST, PUT or PATCH is about to
	// store, as a whole, for rules that a schema cannot express. device.Check is
	// one, and schema.CheckFormats helps to write others. A
	// *schema.ValidationError is answered with 400 and its problems, an *Error as
	// it says. A rule that resources in the store break already makes every other
	// change of them fail too.
	Check func(r *schema.Resource) error

	// Me names the resource of the actor, for /Me (RFC 7644 §3.11). It returns
	// store.ErrNotFound for an actor that has none. If Me is nil, /Me is not
	// implemented (501).
	Me func(ctx context.Context, actor *Actor) (store.Ref, error)

	// BaseURL is the URL of the service as clients know it, such as
	// "https://id.example.com/scim/v2", for meta.location and references. Set it
	// behind a proxy. If it is empty, locations are relative references that
	// start with the prefix under which the handler is mounted, unless
	// TrustedHosts allows more. A tenant may have its own.
	BaseURL string

	// TrustedHosts are the values of the Host header, with port if there is one,
	// from which locations may be built if BaseURL is empty. Other values are
	// never used, because any client can send any Host.
	TrustedHosts []string

	// Profile settles what clients disagree about; the zero value is right for
	// most. A tenant and an actor may have their own.
	Profile Profile

	// Relations are the attributes whose values are other resources. Nil stands
	// for the members of Group, if that type is served. A store that keeps
	// relations itself says which, and this field is then not used.
	Relations []store.Relation

	// Limits bound the work of one request.
	Limits Limits

	// Timeout bounds the time of one request; then it is answered with 503, or
	// with 408 if its body has not arrived. The default is 30 seconds. The store
	// and the hooks must watch their context.
	Timeout time.Duration

	// RequireIfMatch answers PUT, PATCH and DELETE without If-Match with 428.
	// Identity providers do not send it.
	RequireIfMatch bool

	// CursorKey seals cursors. All instances of a service need the same, of at
	// least 16 random bytes. If it is empty each process makes its own, and
	// cursors end with it.
	CursorKey []byte

	// CursorTimeout is how long a cursor can be used: 10 minutes by default.
	CursorTimeout time.Duration

	// CursorDefault pages by cursor where a request names no method (RFC 9865
	// §2.4). Clients that know nothing of cursors then see the first page only.
	CursorDefault bool

	// NoBulk switches /Bulk off.
	NoBulk bool

	// RateLimit is asked before each request of an authenticated actor. It
	// returns how long to wait, and false, to answer with 429 and Retry-After.
	RateLimit func(ctx context.Context, actor *Actor) (retryAfter time.Duration, ok bool)

	// OnCommit is called for each change that is about to be committed, in the
	// transaction if the store has them. An error undoes the change there, and is
	// answered like any other error; a store may call it again then. Without
	// transactions the change stands, and the error is logged. The Event must not
	// be changed.
	OnCommit func(ctx context.Context, e *Event) error

	// OnRefuse is called for each write of an authenticated actor that is
	// refused, after everything was undone.
	OnRefuse func(ctx context.Context, e *Event)

	// Journal writes the Record of every change to the journal of the store, in
	// the transaction that makes the change, and that of every refused write
	// after it. Package outbox delivers them. The store must have transactions
	// and a journal.
	Journal bool

	// JournalRefusals is how many refused writes an instance keeps in the journal
	// per hour that are alike, of one actor, operation, type and error: 100 by
	// default, and all of them if it is negative. The last one says so, and the
	// first of a later hour how many were left out. OnRefuse is told of each.
	JournalRefusals int

	// JournalState adds to the Record of each replacement the resource as it is
	// afterwards, less what is hidden in Records, for receivers that are sent data
	// and not just told what changed; see package sets. A resource with a list of a
	// relation, such as a group, has none: the list can be very long, and what the
	// Record says of its members is enough. It needs Journal.
	JournalState bool

	// Sensitive are paths of attributes, such as "phoneNumbers", whose values
	// are left out of events: they tell only that the attribute changed. Those
	// that are never returned or can only be written are left out anyway.
	Sensitive []string

	// Capture keeps the last requests and responses, redacted, for
	// troubleshooting. Nil keeps nothing.
	Capture *Capture

	// EventURIs are the security events that the service delivers, published in
	// /ServiceProviderConfig (RFC 9967 §4); see package sets. With Async,
	// CompletionURI is one of them by itself.
	EventURIs []string

	// Async lets clients ask for a request to be carried out later. Nil answers
	// every request when it is done.
	Async *Async

	// Lifecycle says what deactivation, removal and re-creation mean, and what is
	// too much of it.
	Lifecycle Lifecycle

	// Logger gets one record per request, without query strings, bodies and
	// secrets. Nil logs nothing.
	Logger *slog.Logger

	// Observer is told about each request, for metrics and traces.
	Observer Observer

	// Tolerances is told about each use of a tolerance, by tenant. Nil counts
	// nothing; ToleranceCounts has a ready one.
	Tolerances ToleranceCounter

	// DocumentationURI is published in /ServiceProviderConfig.
	DocumentationURI string
}

// Tenant is what one request works on.
type Tenant struct {
	// ID names the tenant in events, logs and cursors. It must be unique and not
	// empty where there are several.
	ID store.TenantID
	// Store keeps the tenant's resources and no others. A store that does not
	// keep relations itself is wrapped by a store.Relater of the handler.
	Store store.Store
	// BaseURL overrides Config.BaseURL if it is not empty.
	BaseURL string
	// Profile overrides Config.Profile if it is not nil.
	Profile *Profile
}

// DiscoveryAccess says which discovery endpoints answer without
// authentication. Everything that they say follows from the configuration.
type DiscoveryAccess uint8

const (
	// DiscoverConfig opens /ServiceProviderConfig, where clients look for the
	// ways to authenticate (RFC 7643 §5), and nothing else. The default.
	DiscoverConfig DiscoveryAccess = iota
	// DiscoverNothing requires authentication everywhere.
	DiscoverNothing
	// DiscoverAll opens /Schemas and /ResourceTypes as well.
	DiscoverAll
)

// public reports whether an endpoint needs no authentication.
func (d DiscoveryAccess) public(at endpoint) bool {
	switch at {
	case atConfig:
		return d != DiscoverNothing
	case atTypes, atType, atSchemas, atSchema:
		return d == DiscoverAll
	default:
		return false
	}
}

// The defaults of Config.
const (
	defaultTimeout       = 30 * time.Second
	defaultCursorTimeout = 10 * time.Minute
)

func (c Config) withDefaults() Config {
	if len(c.AuthenticationSchemes) == 0 && c.Authenticate != nil {
		c.AuthenticationSchemes = []AuthenticationScheme{bearerScheme()}
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	if c.CursorTimeout == 0 {
		c.CursorTimeout = defaultCursorTimeout
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	} else {
		c.Logger = slog.New(steadyLog{c.Logger.Handler()})
	}
	if c.Observer == nil {
		c.Observer = noObserver{}
	}
	c.Limits = c.Limits.withDefaults()
	c.Async = c.Async.withDefaults()
	return c
}
