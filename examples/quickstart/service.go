package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
)

// acmeURN is the extension that every user of this server has.
const acmeURN = "urn:ietf:params:scim:schemas:extension:acme:2.0:User"

func acmeExtension() schema.Extension {
	return schema.Extension{Schema: &schema.Schema{
		ID: acmeURN, Name: "Acme User", Description: "What Acme knows about its people",
		Attributes: []schema.Attribute{
			{Name: "badge", Description: "Number of the badge that opens the doors"},
		},
	}}
}

// resourceTypes are those of this server, and those of the -schemas directory.
func resourceTypes(o *options) ([]*schema.ResourceType, error) {
	definitions := []schema.Definition{schema.UserDefinition(acmeExtension()), schema.GroupDefinition()}
	further, err := readDefinitions(o.schemas)
	if err != nil {
		return nil, err
	}
	var types []*schema.ResourceType
	for _, d := range append(definitions, further...) {
		t, err := d.Compile()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.Name, err)
		}
		types = append(types, t)
	}
	return types, nil
}

// newHandler puts the service together.
func newHandler(ctx context.Context, o *options, base string, out io.Writer) (http.Handler, error) {
	types, err := resourceTypes(o)
	if err != nil {
		return nil, err
	}
	tokens, err := newTokens(o)
	if err != nil {
		return nil, err
	}
	rateLimit, err := newRateLimit(o.rate)
	if err != nil {
		return nil, err
	}
	async, err := newAsync(o.async, base, types, tokens)
	if err != nil {
		return nil, err
	}
	open, err := o.db.stores(ctx, types)
	if err != nil {
		return nil, err
	}
	config := scim.Config{
		Types:        types,
		Authenticate: tokens.Authenticate,
		Profile:      o.profile,
		Logger:       slog.New(&lineLogger{out: out}),
		RateLimit:    rateLimit,
		Async:        async,
	}
	tenants := tenantStores(o, base, open)
	pattern := "/{tenant}/scim/v2/"
	if only, ok := tenants[""]; ok {
		config.Store, config.BaseURL, pattern = only.Store, only.BaseURL, "/scim/v2/"
	} else {
		config.StoreFor = tenantFor(tenants)
	}
	handler, err := scim.New(config)
	if err != nil {
		return nil, err
	}
	if async != nil {
		carryOut(ctx, handler, tenants)
	}
	mux := http.NewServeMux()
	mux.Handle(pattern, handler)
	return mux, nil
}

// newTokens accepts the token of each tenant, and the one that can only read.
func newTokens(o *options) (*scim.BearerTokens, error) {
	var tokens []scim.Token
	for _, t := range o.tenants {
		tokens = append(tokens, scim.Token{ID: "token" + dash(t.name), Hash: scim.HashToken(t.token), Tenant: store.TenantID(t.name), Debug: true})
	}
	if o.readonly != "" {
		tokens = append(tokens, scim.Token{ID: "readonly", Hash: scim.HashToken(o.readonly), ReadOnly: true})
	}
	return scim.NewBearerTokens(tokens...)
}

func dash(name string) string {
	if name == "" {
		return ""
	}
	return "-" + name
}

// tenantStores opens the store of each tenant.
func tenantStores(o *options, base string, open func(store.TenantID) store.Store) map[string]scim.Tenant {
	tenants := map[string]scim.Tenant{}
	for _, t := range o.tenants {
		id := store.TenantID(t.name)
		tenants[t.name] = scim.Tenant{ID: id, Store: open(id), BaseURL: base + t.path()}
	}
	return tenants
}

// tenantFor finds the tenant by the first segment of the path.
func tenantFor(tenants map[string]scim.Tenant) func(*http.Request, *scim.Actor) (scim.Tenant, error) {
	return func(r *http.Request, _ *scim.Actor) (scim.Tenant, error) {
		t, ok := tenants[r.PathValue("tenant")]
		if !ok {
			return t, store.ErrNotFound
		}
		return t, nil
	}
}
