package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
)

// tenant is one customer, as the file describes it.
type tenant struct {
	ID      store.TenantID   `json:"id"`      // also the first segment of its URLs
	Profile json.RawMessage  `json:"profile"` // as scim.ParseProfile reads it
	Tokens  []scim.TokenHash `json:"tokens"`  // more than one while a client moves to a new token
}

func parseTenants(data []byte) (list []tenant, err error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	return list, decoder.Decode(&list)
}

// path is where the tenant's endpoints are.
func (t tenant) path() string { return "/" + string(t.ID) + "/scim/v2" }

// bearer returns the tokens, bound to the tenant.
func (t tenant) bearer() (tokens []scim.Token) {
	for i, hash := range t.Tokens {
		tokens = append(tokens, scim.Token{ID: string(t.ID) + "-" + strconv.Itoa(i), Hash: hash, Tenant: t.ID})
	}
	return tokens
}

// compile checks a tenant, and opens its store.
func (s *service) compile(t tenant) (scim.Tenant, error) {
	if t.ID == "" || strings.ContainsAny(string(t.ID), "/%?# ") {
		return scim.Tenant{}, fmt.Errorf("tenant %q: the id must be a segment of a path", t.ID)
	}
	if len(t.Profile) == 0 {
		t.Profile = json.RawMessage("{}")
	}
	profile, err := scim.ParseProfile(t.Profile)
	if err == nil {
		err = s.scim.Check(&profile)
	}
	if err != nil {
		return scim.Tenant{}, fmt.Errorf("tenant %q: %w", t.ID, err)
	}
	return scim.Tenant{ID: t.ID, Store: s.stores.Tenant(t.ID), BaseURL: s.base + t.path(), Profile: &profile}, nil
}
