package scim

import (
	"net/http"
	"slices"
	"strings"
)

// service says what an endpoint does: its verbs by method, and its name in
// logs and metrics.
type service struct {
	name  string
	verbs map[string]verb
	allow string // sorted methods, for Allow
}

// services lists the verbs of every endpoint (RFC 7644 §3.2). The methods HEAD
// and OPTIONS follow from the others.
func services() map[endpoint]*service {
	all := map[endpoint]*service{
		atRoot:       {name: "/", verbs: map[string]verb{http.MethodGet: (*call).searchAll}},
		atCollection: {verbs: map[string]verb{http.MethodGet: (*call).list, http.MethodPost: (*call).create}},
		atItem: {verbs: map[string]verb{
			http.MethodGet: (*call).read, http.MethodPut: (*call).replace,
			http.MethodPatch: (*call).patch, http.MethodDelete: (*call).delete,
		}},
		atSearch:   {verbs: map[string]verb{http.MethodPost: (*call).search}},
		atBulk:     {name: "/Bulk", verbs: map[string]verb{http.MethodPost: (*call).bulk}},
		atMe:       {name: "/Me", verbs: meVerbs()},
		atConfig:   {name: "/ServiceProviderConfig", verbs: map[string]verb{http.MethodGet: (*call).serviceProviderConfig}},
		atTypes:    {name: "/ResourceTypes", verbs: map[string]verb{http.MethodGet: (*call).resourceTypes}},
		atType:     {name: "/ResourceTypes/{name}", verbs: map[string]verb{http.MethodGet: (*call).resourceType}},
		atSchemas:  {name: "/Schemas", verbs: map[string]verb{http.MethodGet: (*call).schemas}},
		atSchema:   {name: "/Schemas/{urn}", verbs: map[string]verb{http.MethodGet: (*call).schema}},
		atAsync:    {name: asyncPath + "/{result}", verbs: map[string]verb{http.MethodGet: (*call).asyncResult}},
		atNoGroups: {name: "/Groups", verbs: noGroupsVerbs()},
		atNoGroup:  {name: "/Groups/{id}", verbs: noGroupVerbs()},
	}
	for _, s := range all {
		s.finish()
	}
	return all
}

func (s *service) finish() {
	methods := []string{http.MethodOptions}
	if get, ok := s.verbs[http.MethodGet]; ok {
		s.verbs[http.MethodHead] = get
	}
	for method := range s.verbs {
		methods = append(methods, method)
	}
	slices.Sort(methods)
	s.allow = strings.Join(methods, ", ")
}

// hasBody reports whether requests with this method carry a message.
func hasBody(method string) bool {
	return method == http.MethodPost || method == http.MethodPut || method == http.MethodPatch
}

// routeName is the endpoint in logs and metrics, without ids.
func (r *route) routeName(s *service) string {
	switch {
	case r.typ == nil && r.at == atSearch:
		return "/.search"
	case r.typ == nil:
		return s.name
	case r.at == atItem:
		return r.typ.Endpoint() + "/{id}"
	case r.at == atSearch:
		return r.typ.Endpoint() + "/.search"
	default:
		return r.typ.Endpoint()
	}
}
