package scim

import "github.com/muster-scim/muster/schema"

type mapper struct{}

func newMapper(m *Mapping, r *schema.Registry, e *ProfileError) *mapper { return nil }
