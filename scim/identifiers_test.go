package scim_test

import (
	"reflect"
	"testing"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/schema/coretypes"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
	"github.com/muster-scim/muster/store/sqlstore"
)

// AssignableTo is the rule of the compiler: where it says no, mixing two
// identifiers does not build.
func TestIdentifiersDoNotMix(t *testing.T) {
	identifiers := []reflect.Type{
		reflect.TypeFor[schema.ID](), reflect.TypeFor[schema.ExternalID](), reflect.TypeFor[store.TenantID](), reflect.TypeFor[string](),
	}
	for _, a := range identifiers {
		for _, b := range identifiers {
			if a.AssignableTo(b) != (a == b) {
				t.Errorf("%s can be assigned to %s: %t", a, b, a.AssignableTo(b))
			}
		}
	}
}

func TestIdentifiersHaveTheirTypes(t *testing.T) {
	for what, is := range map[string]struct {
		value any
		want  reflect.Type
	}{
		"Resource.ID":            {(*schema.Resource).ID, reflect.TypeFor[func(*schema.Resource) schema.ID]()},
		"Resource.ExternalID":    {(*schema.Resource).ExternalID, reflect.TypeFor[func(*schema.Resource) schema.ExternalID]()},
		"Builder.SetID":          {(*schema.Builder).SetID, reflect.TypeFor[func(*schema.Builder, schema.ID)]()},
		"Builder.SetExternalID":  {(*schema.Builder).SetExternalID, reflect.TypeFor[func(*schema.Builder, schema.ExternalID)]()},
		"Common.ID":              {coretypes.Common{}.ID, reflect.TypeFor[schema.ID]()},
		"Common.ExternalID":      {coretypes.Common{}.ExternalID, reflect.TypeFor[schema.ExternalID]()},
		"Member.Value":           {coretypes.Member{}.Value, reflect.TypeFor[schema.ID]()},
		"Ref.ID":                 {store.Ref{}.ID, reflect.TypeFor[schema.ID]()},
		"MemberError.ID":         {store.MemberError{}.ID, reflect.TypeFor[schema.ID]()},
		"NewID":                  {store.NewID, reflect.TypeFor[func() schema.ID]()},
		"Links.ID":               {store.Links.ID, reflect.TypeFor[func(store.Links, schema.Value) schema.ID]()},
		"scim.Tenant.ID":         {scim.Tenant{}.ID, reflect.TypeFor[store.TenantID]()},
		"Actor.Tenant":           {scim.Actor{}.Tenant, reflect.TypeFor[store.TenantID]()},
		"Token.Tenant":           {scim.Token{}.Tenant, reflect.TypeFor[store.TenantID]()},
		"Event.Tenant":           {scim.Event{}.Tenant, reflect.TypeFor[store.TenantID]()},
		"Record.Tenant":          {scim.Record{}.Tenant, reflect.TypeFor[store.TenantID]()},
		"Record.ResourceID":      {scim.Record{}.ResourceID, reflect.TypeFor[schema.ID]()},
		"Record.ExternalID":      {scim.Record{}.ExternalID, reflect.TypeFor[schema.ExternalID]()},
		"memstore.Tenant":        {(*memstore.Tenants).Tenant, reflect.TypeFor[func(*memstore.Tenants, store.TenantID) *memstore.Store]()},
		"sqlstore.Tenant":        {(*sqlstore.DB).Tenant, reflect.TypeFor[func(*sqlstore.DB, store.TenantID) *sqlstore.Store]()},
		"ToleranceCounts.Tenant": {(*scim.ToleranceCounts).Tenants, reflect.TypeFor[func(*scim.ToleranceCounts) []store.TenantID]()},
	} {
		if got := reflect.TypeOf(is.value); got != is.want {
			t.Errorf("%s is a %s, not a %s", what, got, is.want)
		}
	}
}
