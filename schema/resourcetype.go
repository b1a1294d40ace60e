package schema

import (
	"iter"
	"slices"
	"sync"
)

// ResourceType is a compiled Definition: the attributes of a resource with
// every name resolved. It is immutable and safe for concurrent use.
type ResourceType struct {
	def        Definition
	root       *attr // its children are the top-level attributes
	byURN      []*attr
	attributes []*attr // see Attributes
	id         *attr
	externalID *attr
	schemas    *attr
	meta       *attr
	created    *attr
	modified   *attr
	version    *attr
	metaType   *attr
	location   *attr
	plans      sync.Map // of *structPlan by reflect.Type; filled as they are used
	all        []*attr  // every attribute below root, parents first
	words      []string // texts that values share
	keys       []*attr  // those with unique values
	onRequest  []*attr  // those that only a request for them returns
	shown      []bool   // by ord: what a response holds without a projection
}

// Name returns the type's name, as in meta.resourceType.
func (t *ResourceType) Name() string { return t.def.Name }

// ID returns the identifier under /ResourceTypes.
func (t *ResourceType) ID() string { return t.def.ID }

// Endpoint returns the path of the collection, such as "/Users".
func (t *ResourceType) Endpoint() string { return t.def.Endpoint }

// Description returns the human-readable description.
func (t *ResourceType) Description() string { return t.def.Description }

// Schema returns the base schema. It must not be changed.
func (t *ResourceType) Schema() *Schema { return t.def.Schema }

// Extensions returns the extensions in order. They must not be changed.
func (t *ResourceType) Extensions() []Extension { return t.def.Extensions }

// Schemas iterates over the base schema and those of all extensions, nested
// ones included. They must not be changed.
func (t *ResourceType) Schemas() iter.Seq[*Schema] { return slices.Values(t.def.schemas()) }

// Paths iterates over the top-level attributes: the common ones, those of the
// base schema, then the extensions as wholes. Use Path.Subs to go deeper.
func (t *ResourceType) Paths() iter.Seq[Path] {
	return func(yield func(Path) bool) { yieldAll(t.root.subs, yield) }
}

// Attributes iterates over the same attributes as Paths, but in place of each
// extension over its attributes.
func (t *ResourceType) Attributes() iter.Seq[Path] {
	return func(yield func(Path) bool) { yieldAll(t.attributes, yield) }
}

// AllPaths iterates over every attribute and sub-attribute, parents first.
func (t *ResourceType) AllPaths() iter.Seq[Path] {
	return func(yield func(Path) bool) { walk(t.root.subs, yield) }
}

// IDPath is the path of "id".
func (t *ResourceType) IDPath() Path { return Path{t.id} }

// ExternalIDPath is the path of "externalId".
func (t *ResourceType) ExternalIDPath() Path { return Path{t.externalID} }

// SchemasPath is the path of "schemas".
func (t *ResourceType) SchemasPath() Path { return Path{t.schemas} }

// MetaPath is the path of "meta".
func (t *ResourceType) MetaPath() Path { return Path{t.meta} }

func walk(attrs []*attr, yield func(Path) bool) bool {
	for _, a := range attrs {
		if !yield(Path{a}) || !walk(a.subs, yield) {
			return false
		}
	}
	return true
}
