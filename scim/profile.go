package scim

import (
	"slices"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// Profile settles what clients disagree about: the switches for which the same
// bytes mean different things to different clients, or for which clients
// expect different answers. It is plain data that can be written as JSON. The
// zero Profile is the default, and right unless a client is known to need
// another; no switch relaxes a security decision.
//
// A profile is chosen by the host per service, tenant or actor, never by
// guessing from a User-Agent. Codes such as A6 are rows of docs/disagreements.md. It must not be changed while a Handler uses it.
type Profile struct {
	// Name is for logs and documentation.
	Name string `json:"name,omitempty"`
	// Version tells apart what was tested and pinned under one name.
	Version string `json:"version,omitempty"`
	// Strict turns every tolerance off: requests are held to the letter of the
	// RFCs.
	Strict bool `json:"strict,omitempty"`
	// Off turns single tolerances off.
	Off schema.ToleranceSet `json:"off,omitempty"`
	// Unknown says what happens to attributes that no schema knows: ignored and
	// reported, kept, or refused. A PATCH keeps them only within the values of
	// lists, and a path to one is an error under every policy.
	Unknown schema.UnknownPolicy `json:"unknown,omitempty"`
	// UniqueGroupName refuses a second group of the same displayName, in any
	// letter case (A6).
	UniqueGroupName bool `json:"uniqueGroupName,omitempty"`
	// SkipUnknownMembers drops members that do not exist, with a report, instead
	// of refusing the request (A5).
	SkipUnknownMembers bool `json:"skipUnknownMembers,omitempty"`
	// RetryDecodedFilter decodes a filter in a URL once more if it matches
	// nothing as it is (A7).
	RetryDecodedFilter bool `json:"retryDecodedFilter,omitempty"`
	// SchemaAliases maps the URNs that a client uses to those that are served
	// (A8).
	SchemaAliases map[string]string `json:"schemaAliases,omitempty"`
	// AcceptSCIM11GroupPatch accepts SCIM 1.1 changes of members (A9).
	AcceptSCIM11GroupPatch bool `json:"acceptSCIM11GroupPatch,omitempty"`
	// PutMerge keeps what a PUT leaves out, instead of clearing it (A2). What it
	// sets to null, "" or [] is cleared.
	PutMerge bool `json:"putMerge,omitempty"`
	// RemoveValue says what a PATCH remove with a value means (A1).
	RemoveValue patch.RemoveValueMode `json:"removeValue,omitempty"`
	// PatchBody says which types answer a PATCH with the resource: 200 rather
	// than 204 (B2).
	PatchBody PatchBody `json:"patchBody,omitempty"`
	// ReturnExisting answers the creation of a resource that exists with that
	// resource instead of 409 (B6). It may hide that an account was taken over.
	ReturnExisting bool `json:"returnExisting,omitempty"`
	// NoEmptyGroups answers 404 for /Groups where no Group type is served,
	// instead of an empty list (B5).
	NoEmptyGroups bool `json:"noEmptyGroups,omitempty"`
	// EnforceCanonicalValues refuses values that canonicalValues does not list
	// (B16).
	EnforceCanonicalValues bool `json:"enforceCanonicalValues,omitempty"`
	// Primary says what several primary values in one list mean (C20).
	Primary schema.PrimaryMode `json:"primary,omitempty"`
	// MaxPageSize overrides the PageSize of Config.Limits if it is not 0; it is at
	// most 10,000 (B13).
	MaxPageSize int `json:"maxPageSize,omitempty"`
	// RefuseRemoveAll answers a PATCH that clears the members of a group without
	// naming them, and a PUT that leaves none of them, with 403 (A1).
	RefuseRemoveAll bool `json:"refuseRemoveAll,omitempty"`
	// Limits are the smaller limits of this client; 0 keeps that of the service,
	// and a larger one than the service's has no effect.
	Limits Limits `json:"limits,omitzero"`
	// Mapping translates what the client calls differently.
	Mapping Mapping `json:"mapping,omitzero"`
}

// PatchBody says which types answer a PATCH with the resource (B2). A request
// with attributes or excludedAttributes always gets it (RFC 7644 §3.5.2).
type PatchBody string

// The answers of B2.
const (
	BodyExceptGroups PatchBody = ""       // all but types with members
	BodyAlways       PatchBody = "always" // all types
	BodyNever        PatchBody = "never"  // none
)

// off returns the tolerances that are off.
func (p *Profile) off() schema.ToleranceSet {
	if p.Strict {
		return schema.Strict
	}
	return p.Off
}

// oneLoginURNs are the enterprise URNs that OneLogin templates use.
var oneLoginURNs = map[string]string{
	"urn:scim:schemas:extension:enterprise:1.0": schema.EnterpriseUserURN,
	"urn:scim:schemas:extension:enterprise:2.0": schema.EnterpriseUserURN,
}

// profiles are the presets, in the order of their names, with "default" and
// "strict" first.
func profiles() []Profile {
	return []Profile{
		{Name: "default"},
		{Name: "strict", Strict: true, Unknown: schema.RejectUnknown, Primary: schema.RejectPrimary, NoEmptyGroups: true, PatchBody: BodyAlways},
		{Name: "authentik", UniqueGroupName: true},
		{Name: "connid", MaxPageSize: 1000},
		{Name: "entra", UniqueGroupName: true},
		{Name: "entra-validator", UniqueGroupName: true, RetryDecodedFilter: true},
		{Name: "google"},
		{Name: "jumpcloud"},
		{Name: "keycloak", SkipUnknownMembers: true},
		{Name: "midpoint", PutMerge: true, PatchBody: BodyAlways},
		{Name: "okta", SkipUnknownMembers: true},
		{Name: "onelogin", SkipUnknownMembers: true, SchemaAliases: oneLoginURNs, AcceptSCIM11GroupPatch: true},
		{Name: "ping", SkipUnknownMembers: true, PatchBody: BodyAlways},
		{Name: "sailpoint", MaxPageSize: 500, PatchBody: BodyAlways},
	}
}

// ProfileNamed returns the preset with the given name: default, strict, or the
// name of an identity provider.
func ProfileNamed(name string) (Profile, bool) {
	all := profiles()
	i := slices.IndexFunc(all, func(p Profile) bool { return p.Name == name })
	if i < 0 {
		return Profile{}, false
	}
	return all[i], true
}

// ProfileNames lists the presets.
func ProfileNames() []string {
	var names []string
	for _, p := range profiles() {
		names = append(names, p.Name)
	}
	return names
}
