package scim

import (
	"net/url"
	"strings"

	"github.com/muster-scim/muster/schema"
)

// endpoint is a kind of URL below the base (RFC 7644 §3.2, Tables 1 and 2).
type endpoint uint8

const (
	atNothing endpoint = iota
	atRoot
	atCollection
	atItem
	atSearch // of one type, or of all if there is no type
	atBulk
	atMe
	atConfig
	atTypes
	atType
	atSchemas
	atSchema
	atNoGroups // /Groups where no type is served there
	atNoGroup
	atVersion // a version segment that is not ours
	atAsync   // the result of an asynchronous request
)

// route is where a request goes.
type route struct {
	at   endpoint
	typ  *schema.ResourceType // of collections, items and searches
	name string               // id of an item, name of a type, URN of a schema
}

// router finds routes. It is immutable.
type router struct {
	types    map[string]*schema.ResourceType // by endpoint
	noGroups bool                            // nothing is served at /Groups
	async    bool                            // requests can be asynchronous
}

// groupsPath is where some clients look even if a service has no groups.
const groupsPath = "/Groups"

func newRouter(registry *schema.Registry, async bool) router {
	rt := router{types: map[string]*schema.ResourceType{}, async: async}
	for t := range registry.Types() {
		rt.types[t.Endpoint()] = t
	}
	rt.noGroups = rt.types[groupsPath] == nil
	return rt
}

var fixedRoutes = map[string]endpoint{
	"/": atRoot, "/.search": atSearch, "/Bulk": atBulk, "/Me": atMe,
	"/ServiceProviderConfig": atConfig, "/ResourceTypes": atTypes, "/Schemas": atSchemas,
}

var itemRoutes = map[string]endpoint{"/ResourceTypes": atType, "/Schemas": atSchema}

// find routes an escaped path below the base URL. A slash at the end is
// ignored.
func (rt *router) find(path string) route {
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	if at, ok := fixedRoutes[path]; ok {
		return route{at: at}
	}
	if t, ok := rt.types[path]; ok {
		return route{at: atCollection, typ: t}
	}
	if rt.noGroups && path == groupsPath {
		return route{at: atNoGroups}
	}
	i := strings.LastIndexByte(path, '/')
	return rt.below(path[:i], path[i+1:])
}

// below routes the last segment of a path.
func (rt *router) below(parent, segment string) route {
	name, err := unescape(segment)
	if err != nil {
		return route{}
	}
	if t, ok := rt.types[parent]; ok {
		if name == ".search" {
			return route{at: atSearch, typ: t}
		}
		return route{at: atItem, typ: t, name: name}
	}
	if at, ok := itemRoutes[parent]; ok {
		return route{at: at, name: name}
	}
	if rt.async && parent == asyncPath {
		return route{at: atAsync, name: name}
	}
	if rt.noGroups && parent == groupsPath {
		return route{at: atNoGroup, name: name}
	}
	if isVersion(parent + "/" + segment) {
		return route{at: atVersion}
	}
	return route{}
}

func unescape(segment string) (string, error) {
	if strings.IndexByte(segment, '%') < 0 {
		return segment, nil
	}
	return url.PathUnescape(segment)
}

// isVersion reports whether path starts with a version segment, "v" and a
// number (RFC 7644 §3.13). The version that is served is part of the prefix
// and no longer there.
func isVersion(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if len(first) < 2 || first[0] != 'v' {
		return false
	}
	return strings.Trim(first[1:], "0123456789") == ""
}
