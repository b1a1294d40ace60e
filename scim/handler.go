package scim

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Handler serves SCIM. It is an http.Handler and safe for concurrent use. What it
// remembers between requests only spares work, so any instance can answer any
// request. Use New to make one.
type Handler struct {
	cfg            Config
	registry       *schema.Registry
	router         router
	services       map[endpoint]*service
	catalogue      *catalogue
	cursors        *cursorSealer
	relations      []store.Relation
	relater        *store.Relater
	redactor       *redactor
	names          *captureNames
	unlisted       map[*schema.ResourceType]*schema.Projection // everything but the lists of relations
	administrators *filter.Filter                              // nil if there is no rule
	trusted        map[string]bool                             // hosts, in lower case
	basePath       string                                      // path of BaseURL
	passwords      bool                                        // a type has a password that can be set
	pairing        *pairing                                    // of Config.Profile
	pairings       pairings                                    // of tenants and actors
	requests       sealer                                      // of accepted requests
	results        sealer                                      // of the URLs of their results
	backlogs       shortMemory[store.TenantID, backlogMark]
	seeks          shortMemory[seekKey, seek]
	wakers         wakers
	refusals       refusals
	now            func() time.Time
}

// New checks a configuration and returns the handler for it. The error is a
// *ConfigError with every mistake.
func New(cfg Config) (*Handler, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	h := &Handler{cfg: cfg.withDefaults(), services: services(), now: time.Now, trusted: map[string]bool{}}
	h.refusals.most = cmp.Or(cfg.JournalRefusals, defaultJournalRefusals)
	h.cfg.BaseURL = strings.TrimSuffix(h.cfg.BaseURL, "/")
	if u, err := url.Parse(h.cfg.BaseURL); err == nil {
		h.basePath = u.EscapedPath()
	}
	for _, host := range cfg.TrustedHosts {
		h.trusted[strings.ToLower(host)] = true
	}
	return h, h.build()
}

// build derives what follows from the types.
func (h *Handler) build() (err error) {
	if h.registry, err = schema.NewRegistry(h.cfg.Types...); err != nil {
		return err
	}
	if h.catalogue, err = newCatalogue(h.registry); err != nil {
		return err
	}
	h.router = newRouter(h.registry, h.cfg.Async != nil)
	if err = h.addSealers(); err != nil {
		return err
	}
	h.relations = h.relationsOf()
	h.relater = store.NewRelater(h.relations...)
	if h.unlisted, err = h.withoutLists(); err != nil {
		return err
	}
	h.redactor = newRedactor(h.cfg.Types, h.cfg.Sensitive)
	h.names = newCaptureNames(h.cfg.Types, h.redactor)
	if err = h.addPairing(); err != nil {
		return err
	}
	if h.cfg.Store != nil {
		h.cfg.Store = h.relater.Relate("", h.cfg.Store)
	}
	for t := range h.registry.Types() {
		if p, err := t.Path("password"); err == nil && p.Mutability() != schema.ReadOnly {
			h.passwords = true
		}
	}
	if h.administrators, err = h.cfg.administrators(); err != nil {
		return err
	}
	h.cursors, err = newCursorSealer(h.cfg.CursorKey, h.cfg.CursorTimeout, func() time.Time { return h.now() })
	return err
}

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := exchange{h: h, w: w, r: r, start: h.now(), id: requestID(r.Header.Get(requestIDHeader))}
	x.media, x.refused = negotiate(r.Header)
	w.Header()[requestIDHeader] = x.values.one(x.id)
	prefix, rest := mount(r, h.basePath)
	x.call.route = h.router.find(rest)
	x.service = h.services[x.call.route.at]
	ctx, done := h.observe(r.Context(), RequestInfo{ID: x.id, Method: r.Method, Route: x.routeName()})
	ctx, cancel := context.WithTimeout(ctx, h.cfg.Timeout)
	defer cancel()
	kept := x.watch()
	resp, err := x.serve(ctx, prefix)
	x.finish(ctx, resp, err)
	x.capture(kept, rest)
	resp.release()
	done(x.outcome)
}

// exchange is one HTTP request and its response.
type exchange struct {
	h       *Handler
	w       http.ResponseWriter
	r       *http.Request
	id      string
	start   time.Time
	service *service // nil if there is no such endpoint
	media   string   // of the response
	refused error    // why there is no acceptable one
	prefers preferences
	call    call
	outcome Outcome
	values  headerValues
}

func (x *exchange) routeName() string {
	if x.service == nil {
		return ""
	}
	return x.call.route.routeName(x.service)
}

// serve prepares the call and runs it. A panic in a hook or a store becomes an
// error.
func (x *exchange) serve(ctx context.Context, prefix string) (resp response, err error) {
	defer recoverTo(&err)
	do, err := x.prepare(ctx, prefix)
	if err != nil {
		x.call.refuse(ctx, x.r.Method, err)
		return response{}, err
	}
	if x.async() {
		return x.call.accept(ctx, x.r.Method, do, x.prefers.wait)
	}
	return x.call.attempt(ctx, x.r.Method, do)
}

// prepare does everything that comes before the verb, cheapest first, except
// that nobody learns anything before authentication.
func (x *exchange) prepare(ctx context.Context, prefix string) (verb, error) {
	c := &x.call
	c.h, c.id = x.h, x.id
	if err := x.authenticate(ctx); err != nil {
		return nil, err
	}
	do, err := x.verb()
	if err != nil {
		return nil, err
	}
	if err := x.chooseTenant(prefix); err != nil {
		return nil, err
	}
	return do, x.read()
}

// authenticate finds the actor and asks the rate limiter.
func (x *exchange) authenticate(ctx context.Context) error {
	cfg := &x.h.cfg
	if cfg.Authenticate == nil || cfg.Discovery.public(x.call.route.at) {
		return nil
	}
	actor, err := cfg.Authenticate(x.r)
	if err != nil {
		return err
	}
	if actor == nil || actor.ID == "" {
		return errors.New("scim: Config.Authenticate returned no actor, or one without ID")
	}
	x.call.actor = actor
	if cfg.RateLimit == nil {
		return nil
	}
	if wait, ok := cfg.RateLimit(ctx, actor); !ok {
		return errRateLimit(wait)
	}
	return nil
}

// verb finds the method of the call.
func (x *exchange) verb() (verb, error) {
	switch {
	case x.call.route.at == atVersion:
		return nil, badRequest(InvalidVers, "this protocol version is not served here")
	case x.service == nil:
		return nil, errNoEndpoint()
	case x.r.Method == http.MethodOptions:
		return (*call).options, nil
	}
	do, ok := x.service.verbs[x.r.Method]
	if !ok {
		return nil, fail(http.StatusMethodNotAllowed, "", "the endpoint allows "+x.service.allow)
	}
	return do, nil
}

// options answers OPTIONS; Allow is added when the response is written.
func (c *call) options(context.Context) (response, error) {
	return response{status: http.StatusNoContent}, nil
}

// read takes parameters, preconditions and body from the request.
func (x *exchange) read() (err error) {
	c, r := &x.call, x.r
	x.prefers = parsePrefer(r.Header["Prefer"])
	if x.refused != nil && r.Method != http.MethodDelete && !x.ignoresAccept() {
		return x.refused
	}
	if c.params, err = parseParams(r.URL.RawQuery); err != nil {
		return err
	}
	c.inURL = true
	if c.cond.match, err = parseTags("If-Match", r.Header["If-Match"]); err != nil {
		return err
	}
	if c.cond.noneMatch, err = parseTags("If-None-Match", r.Header["If-None-Match"]); err != nil {
		return err
	}
	if !hasBody(r.Method) {
		return nil
	}
	if err = checkBodyHeaders(r.Header); err != nil {
		return err
	}
	limit := c.profile.limits.Body
	if c.route.at == atBulk {
		limit = c.profile.limits.BulkBody
	}
	c.body, err = x.readBody(limit)
	return err
}
