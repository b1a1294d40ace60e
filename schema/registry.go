package schema

import (
	"bytes"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Registry is the set of resource types of one service, free of clashes. It is
// immutable and safe for concurrent use.
type Registry struct {
	types      []*ResourceType
	schemas    []*Schema
	byName     map[string]*ResourceType // by name
	byEndpoint map[string]*ResourceType // by endpoint without slash
	byURI      map[string]*Schema       // by URI; all three as written and in lower case
}

// reservedEndpoints are those that RFC 7644 §3.2 gives a meaning of their own,
// in lower case.
var reservedEndpoints = []string{"serviceproviderconfig", "resourcetypes", "schemas", "me", "bulk", ".search"}

// NewRegistry collects resource types, in the order in which discovery lists
// them. The *DefinitionError reports every clash: two types with the same name,
// id or endpoint in any letter case, an endpoint that RFC 7644 §3.2 reserves,
// and two different schemas under one URI. Types may share schemas that are
// equal in content.
func NewRegistry(types ...*ResourceType) (*Registry, error) {
	r := &Registry{
		types: slices.Clone(types), byName: map[string]*ResourceType{},
		byEndpoint: map[string]*ResourceType{}, byURI: map[string]*Schema{},
	}
	var found problems
	ids := map[string]*ResourceType{}
	for i, t := range types {
		where := "/resourceTypes/" + strconv.Itoa(i)
		if t == nil {
			found.add(where, "is nil")
			continue
		}
		enlist(&found, r.byName, t, where+"/name", t.Name())
		enlist(&found, r.byEndpoint, t, where+"/endpoint", bare(t.Endpoint()))
		enlist(&found, ids, t, where+"/id", t.ID())
		if slices.Contains(reservedEndpoints, strings.ToLower(bare(t.Endpoint()))) {
			found.add(where+"/endpoint", t.Endpoint()+" is reserved by RFC 7644 §3.2")
		}
		r.addSchemas(&found, t, where)
	}
	if err := found.err(); err != nil {
		return nil, err
	}
	return r, nil
}

func bare(endpoint string) string { return strings.TrimPrefix(endpoint, "/") }

// enlist adds t to index unless another type is there.
func enlist(found *problems, index map[string]*ResourceType, t *ResourceType, pointer, key string) {
	folded := strings.ToLower(key)
	if other := index[folded]; other != nil {
		found.add(pointer, fmt.Sprintf("%q is taken by the resource type %s", key, other.Name()))
		return
	}
	index[key], index[folded] = t, t
}

func (r *Registry) addSchemas(found *problems, t *ResourceType, where string) {
	for s := range t.Schemas() {
		folded := strings.ToLower(s.ID)
		other := r.byURI[folded]
		switch {
		case other == nil:
			r.byURI[s.ID], r.byURI[folded] = s, s
			r.schemas = append(r.schemas, s)
		case other != s && !bytes.Equal(other.AppendJSON(nil, ""), s.AppendJSON(nil, "")):
			found.add(where, fmt.Sprintf("uses another schema under the URI %s than the types before it", s.ID))
		}
	}
}

// ByName returns the type with the given name in any letter case.
func (r *Registry) ByName(name string) (*ResourceType, bool) { return find(r.byName, name) }

// ByEndpoint returns the type with the given endpoint in any letter case, with
// or without the leading slash.
func (r *Registry) ByEndpoint(endpoint string) (*ResourceType, bool) {
	return find(r.byEndpoint, bare(endpoint))
}

// Schema returns the schema with the given URI in any letter case. It must not
// be changed.
func (r *Registry) Schema(uri string) (*Schema, bool) { return find(r.byURI, uri) }

// Types iterates over the types in the order given to NewRegistry.
func (r *Registry) Types() iter.Seq[*ResourceType] { return slices.Values(r.types) }

// Schemas iterates over all distinct schemas of all types, in order of their
// first use. They must not be changed.
func (r *Registry) Schemas() iter.Seq[*Schema] { return slices.Values(r.schemas) }

func find[T any](index map[string]*T, key string) (*T, bool) {
	v, ok := index[key] // the usual case, without allocation
	if !ok {
		v, ok = index[strings.ToLower(key)]
	}
	return v, ok
}
