package main

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/scimtest"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// newTarget is the quickstart with a profile, as a target for scimtest.
func newTarget(t *testing.T, profile string, more ...string) scimtest.Target {
	t.Helper()
	o, err := parseFlags(append([]string{"-db", "memory", "-token", "secret", "-profile", profile}, more...), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	const base = "http://scim.test"
	handler, err := newHandler(t.Context(), o, base, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return scimtest.Target{Handler: handler, BaseURL: base + "/scim/v2", Token: "secret"}
}

// presets are the profiles that have the switches which traces ask for.
var presets = map[string]string{
	"group-displayname-unique": "entra",
	"unknown-members-skip":     "okta",
	"entra-validator":          "entra-validator",
	"urn-aliases":              "onelogin",
	"scim11-group-patch":       "onelogin",
	"put-merge":                "midpoint",
}

// TestWire checks the server with everything that package scimtest knows: what
// the RFCs ask for and what identity providers send.
func TestWire(t *testing.T) {
	scimtest.Run(t, newTarget(t, "default"), nil)
}

// TestWireAsync does the same where requests may be carried out later.
func TestWireAsync(t *testing.T) {
	scimtest.Run(t, newTarget(t, "default", "-async", "a secret"), &scimtest.Options{IdPs: []string{}})
}

// TestWireProfiles replays the traces that need a switch with that switch alone,
// and with the preset of a client that has it.
func TestWireProfiles(t *testing.T) {
	for _, trace := range scimtest.Traces() {
		if trace.Profile == "" {
			continue
		}
		preset, ok := presets[trace.Profile]
		if !ok {
			t.Fatalf("no preset is known to turn on %q", trace.Profile)
		}
		for _, profile := range []string{trace.Profile, preset} {
			t.Run(trace.Scenario+"/"+profile, func(t *testing.T) {
				scimtest.Run(t, newTarget(t, profile), &scimtest.Options{
					Traces: []scimtest.Trace{trace}, Profiles: []string{trace.Profile},
					Match: func(c scimtest.Case) bool { return strings.HasPrefix(c.Name, "trace/") },
				})
			})
		}
	}
}

// Every preset holds what the RFCs require, apart from what its switches change
// on purpose.
func TestWirePresets(t *testing.T) {
	for _, name := range scim.ProfileNames() {
		t.Run(name, func(t *testing.T) {
			var on []string
			for tag, preset := range switches {
				if p, _ := scim.ProfileNamed(name); hasSwitch(p, preset) {
					on = append(on, tag)
				}
			}
			scimtest.Run(t, newTarget(t, name), &scimtest.Options{IdPs: []string{}, Profiles: on, Rounds: 1})
		})
	}
}

// hasSwitch reports whether p turns on what one turns on.
func hasSwitch(p, one scim.Profile) bool {
	return p.UniqueGroupName && one.UniqueGroupName || p.SkipUnknownMembers && one.SkipUnknownMembers || p.PutMerge && one.PutMerge
}

// Every profile still passes the traces of its own client.
func TestWireClients(t *testing.T) {
	clients := []string{"okta", "entra", "onelogin", "jumpcloud", "google", "authentik", "keycloak", "sailpoint", "ping", "connid", "midpoint"}
	for _, client := range clients {
		t.Run(client, func(t *testing.T) {
			traces := slices.DeleteFunc(slices.Clone(scimtest.Traces()), func(tr scimtest.Trace) bool {
				return tr.IdP != client || tr.Profile != ""
			})
			scimtest.Run(t, newTarget(t, client), &scimtest.Options{
				Traces: traces,
				Match:  func(c scimtest.Case) bool { return strings.HasPrefix(c.Name, "trace/") },
			})
		})
	}
}

// A store that has nothing but the five methods serves the same protocol.
func TestWireBasicStore(t *testing.T) {
	target := newTarget(t, "default")
	types, err := resourceTypes(&options{})
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := scim.NewBearerTokens(scim.Token{ID: "test", Hash: scim.HashToken(target.Token)})
	if err != nil {
		t.Fatal(err)
	}
	target.Handler, err = scim.New(scim.Config{
		Types: types, BaseURL: target.BaseURL, Authenticate: tokens.Authenticate,
		Store: store.Basic(memstore.New(&memstore.Config{Relations: []store.Relation{}})),
	})
	if err != nil {
		t.Fatal(err)
	}
	scimtest.Run(t, target, nil)
}
