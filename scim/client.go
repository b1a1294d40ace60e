package scim

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// This file keeps the externalIds of provisioning clients apart (RFC 7643 §3.1,
// §9.3): for a client with a name, externalId is its attribute in the schema
// schema.ExternalIDs; everything else is the work of the mapping.

// externalID is the attribute that each client has its own value of.
const externalID = "externalId"

// ownExternalID returns where a type keeps the externalId of a client. It
// reports false for a type that keeps one for all clients.
func ownExternalID(t *schema.ResourceType, client string) (p schema.Path, separate bool, err error) {
	if _, err := t.Path(schema.ExternalIDsURN); err != nil {
		return p, false, nil
	}
	p, err = t.Path(schema.ExternalIDsURN + ":" + client)
	return p, true, err
}

// forClient adds to a mapping that externalId is the client's own, and adds to e
// if there is no place for it.
func (h *Handler) forClient(m Mapping, client string, e *ProfileError) Mapping {
	if client == "" {
		return m
	}
	types := maps.Clone(m.Types)
	if types == nil {
		types = map[string]TypeMapping{}
	}
	found := false
	for t := range h.registry.Types() {
		own, separate, err := ownExternalID(t, client)
		switch {
		case err != nil:
			e.add("Actor.Client", fmt.Sprintf("%q is not in the schema ExternalIDs of type %s", client, t.Name()), "name the client in schema.ExternalIDs")
		case separate:
			found = true
			types[t.Name()] = types[t.Name()].withExternalID(own.String())
		}
	}
	if !found && len(e.Problems) == 0 {
		e.add("Actor.Client", fmt.Sprintf("is %q, and no type has the schema ExternalIDs", client), "add schema.ExternalIDs to the extensions of a type")
	}
	m.Types = types
	return m
}

// withExternalID returns t with own in the place of the externalId of the
// service.
func (t TypeMapping) withExternalID(own string) TypeMapping {
	named := func(name string) string {
		if strings.EqualFold(name, externalID) {
			return own
		}
		return name
	}
	attributes, taken := map[string]string{}, false
	for client, served := range t.Attributes {
		attributes[client] = named(served)
		taken = taken || strings.EqualFold(client, externalID) || strings.EqualFold(served, externalID)
	}
	if !taken {
		attributes[externalID] = own
	}
	copies := map[string]string{}
	for to, from := range t.Copies {
		copies[named(to)] = named(from)
	}
	constants := maps.Clone(t.Constants)
	for at, value := range t.Constants {
		if named(at) == own {
			delete(constants, at)
			constants[own] = value
		}
	}
	return TypeMapping{Attributes: attributes, Copies: copies, Constants: constants}
}

// hiddenFrom lists by type what belongs to other clients. The lists must not be
// changed.
func (h *Handler) hiddenFrom(client string) map[*schema.ResourceType][]schema.Path {
	hidden := map[*schema.ResourceType][]schema.Path{}
	for t := range h.registry.Types() {
		all, err := t.Path(schema.ExternalIDsURN)
		if err != nil {
			continue
		}
		if client == "" {
			hidden[t] = []schema.Path{all}
			continue
		}
		own, _, _ := ownExternalID(t, client)
		list := []schema.Path{t.ExternalIDPath()}
		for p := range all.Subs() {
			if p != own {
				list = append(list, p)
			}
		}
		hidden[t] = slices.Clip(list)
	}
	return hidden
}

// shownRegistry is the registry without the schema ExternalIDs.
func shownRegistry(registry *schema.Registry) (*schema.Registry, error) {
	var types []*schema.ResourceType
	for t := range registry.Types() {
		if _, err := t.Path(schema.ExternalIDsURN); err == nil {
			d := definitionOf(t)
			d.Extensions = slices.DeleteFunc(d.Extensions, func(x schema.Extension) bool { return x.Schema.ID == schema.ExternalIDsURN })
			if t, err = d.Compile(); err != nil {
				return nil, err
			}
		}
		types = append(types, t)
	}
	return schema.NewRegistry(types...)
}

// asExternalID names a conflict about a client's own externalId as the client
// does.
func asExternalID(err error) error {
	var conflict *store.ConflictError
	if !errors.As(err, &conflict) || !strings.HasPrefix(conflict.Path, schema.ExternalIDsURN) {
		return err
	}
	return &store.ConflictError{Path: externalID, Existing: conflict.Existing}
}
