package scim

import (
	"context"
	"slices"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Operation is what an actor wants to do.
type Operation string

// The operations that Config.Authorize decides about. Bulk and /Me are not
// among them: what they do is authorised one by one.
const (
	OpRead    Operation = "read"    // one resource
	OpList    Operation = "list"    // resources of a type, also by /.search
	OpCreate  Operation = "create"  // POST
	OpReplace Operation = "replace" // PUT
	OpModify  Operation = "modify"  // PATCH
	OpDelete  Operation = "delete"  // DELETE
	OpRestore Operation = "restore" // Handler.Restore; Authorize is not asked
	OpPurge   Operation = "purge"   // Handler.Purge; Authorize is not asked
	OpRelease Operation = "release" // Handler.Release, of no resource; Authorize is not asked
)

// writes reports whether the operation changes something.
func (o Operation) writes() bool { return o != OpRead && o != OpList }

// Access is one operation that Config.Authorize decides about: it returns nil
// to allow it, ErrForbidden or an *Error to refuse it. Searches over several
// types are one Access per type; a type that is refused there is left out.
type Access struct {
	// Actor is who asks; nil if Config.AllowAnonymous is set.
	Actor *Actor
	// Tenant is the ID of the tenant.
	Tenant store.TenantID
	// Operation is what is asked for.
	Operation Operation
	// Type is the type of the resource or resources.
	Type *schema.ResourceType
	// ID is the resource, or "" for lists and creation.
	ID schema.ID
	// Paths are the attributes that the operation is about, without repetition.
	// Of writes those that are written, of lists those that the filter and
	// sortBy look at. For a PATCH or PUT they are what the client sent, whether
	// it changes anything or not.
	Paths []schema.Path
	// InURL says that a list's filter came in the URL, where logs and proxies
	// see it. A host that does not want personal data there refuses it with an
	// *Error of status 403 and type Sensitive; the client can then use /.search
	// (RFC 7644 §7.5.2).
	InURL bool

	hidden []schema.Path
}

// Hide keeps attributes from the actor, with everything below them: they are
// not returned, a filter or sortBy that looks at them is refused, so that they
// cannot be guessed, and they can neither be written nor be lost by a PUT.
func (a *Access) Hide(paths ...schema.Path) { a.hidden = append(a.hidden, paths...) }

// hides reports whether p must not be seen.
func (a *Access) hides(p schema.Path) bool {
	return slices.ContainsFunc(a.hidden, func(h schema.Path) bool { return !h.IsZero() && h.Contains(p) })
}

// hidesPart reports whether p or something below it must not be seen.
func (a *Access) hidesPart(p schema.Path) bool {
	return slices.ContainsFunc(a.hidden, func(h schema.Path) bool { return !h.IsZero() && (h.Contains(p) || p.Contains(h)) })
}

// authorize asks whether the actor may do op with the attributes in paths.
func (c *call) authorize(ctx context.Context, op Operation, t *schema.ResourceType, id schema.ID, paths []schema.Path) (*Access, error) {
	a := &Access{Actor: c.actor, Tenant: c.tenant.ID, Operation: op, Type: t, ID: id, Paths: paths, InURL: op == OpList && c.inURL, hidden: c.profile.hidden[t]}
	if c.actor != nil && c.actor.ReadOnly && op.writes() {
		return nil, errReadOnly()
	}
	if c.h.cfg.Authorize != nil {
		if err := c.h.cfg.Authorize(ctx, a); err != nil {
			return nil, err
		}
	}
	c.unseen = a.hidden
	for _, p := range paths {
		if a.hidesPart(p) {
			return nil, errHidden(p)
		}
	}
	return a, nil
}

func (c *call) authorizeResource(ctx context.Context, op Operation, paths []schema.Path) (*Access, error) {
	return c.authorize(ctx, op, c.route.typ, schema.ID(c.route.name), paths)
}

// pathsOf returns the top-level attributes that r has values for, and of
// complex ones the sub-attributes, without schemas, id and meta.
func pathsOf(r *schema.Resource) []schema.Path {
	var paths []schema.Path
	for p := range r.Type().Paths() {
		if !p.IsCommon() && !r.Get(p).IsZero() {
			paths = append(paths, assigned(r, p)...)
		}
	}
	if r.ExternalID() != "" {
		paths = append(paths, r.Type().ExternalIDPath())
	}
	return paths
}

// assigned returns p, or for a complex attribute what is assigned below it.
func assigned(r *schema.Resource, p schema.Path) []schema.Path {
	var paths []schema.Path
	for sub := range p.Subs() {
		for range r.Values(sub) {
			paths = append(paths, assigned(r, sub)...)
			break
		}
	}
	if len(paths) == 0 {
		return []schema.Path{p}
	}
	return paths
}

// refOf names the resource that the request is about.
func (c *call) ref() store.Ref {
	return store.Ref{Type: c.route.typ.Name(), ID: schema.ID(c.route.name)}
}
