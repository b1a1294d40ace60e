package sqltest

import (
	"context"
	"errors"
	"testing"

	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/store/sqlstore/sqltest/internal/owned"
	"github.com/muster-scim/muster/storetest"
)

// countedSchema are tables of a service with ids that the database counts, rows
// that are only marked as deleted, and nothing made for SCIM but one column each.
const countedSchema = `
CREATE TABLE people (id SERIAL_, email NAME_ NOT NULL, first NAME_ NOT NULL DEFAULT '', status NAME_, mobile NAME_, joined TIME_, deleted_at TIME_, extra JSON_);
CREATE UNIQUE INDEX people_email ON people (email);
CREATE TABLE crews (id SERIAL_, label NAME_ NOT NULL, extra JSON_);
CREATE TABLE crew_people (id SERIAL_, crew bigint NOT NULL, person bigint NOT NULL);
CREATE UNIQUE INDEX crew_people_once ON crew_people (crew, person);
CREATE TABLE crew_crews (id SERIAL_, crew bigint NOT NULL, part bigint NOT NULL);
CREATE UNIQUE INDEX crew_crews_once ON crew_crews (crew, part)`

func countedMapping() *sqlstore.Mapping {
	id := sqlstore.ID{Column: "id", Kind: sqlstore.IntegerID, Generated: true}
	crews := id
	crews.Prefix = "c"
	return &sqlstore.Mapping{
		Tables: []sqlstore.Table{
			{
				Type: storetest.UserType(), Name: "people", ID: id, Overflow: "extra", Created: sqlstore.Stamp{Column: "joined"},
				Columns: []sqlstore.Column{
					{Path: "userName", Column: "email", Fold: sqlstore.FoldStored, Unique: true},
					{Path: "name.givenName", Column: "first", NotNull: true},
					{Path: "active", Column: "status", As: sqlstore.Enum(map[string]string{"true": "on", "false": "off"}, "")},
					{Path: "phoneNumbers", Column: "mobile", As: sqlstore.Single(map[string]string{"type": "mobile"})},
				},
			},
			{Type: storetest.GroupType(), Name: "crews", ID: crews, Overflow: "extra", Columns: []sqlstore.Column{{Path: "displayName", Column: "label"}}},
		},
		Joins: []sqlstore.Join{{Members: []sqlstore.Members{
			{Type: "User", Table: "crew_people", Holder: "crew", Member: "person", Order: "id"},
			{Type: "Group", Table: "crew_crews", Holder: "crew", Member: "part", Order: "id"},
		}}},
	}
}

// openCounted makes a deployment with a database for each tenant.
func (e engine) openCounted(context.Context) (*storetest.Deployment, error) {
	var removes []func() error
	return &storetest.Deployment{
		Tenant: func(ctx context.Context, _ store.TenantID) (store.Store, error) {
			pool, remove, err := e.fresh(ctx)
			if err != nil {
				return nil, err
			}
			removes = append(removes, remove)
			if err := owned.Run(ctx, pool, owned.Types[e.dialect].Replace(countedSchema)); err != nil {
				return nil, err
			}
			db, err := sqlstore.NewOwnTables(pool, e.dialect, countedMapping())
			if err == nil {
				err = db.Check(ctx)
			}
			if err != nil {
				return nil, err
			}
			return db.Tenant("")
		},
		Close: func() error {
			var errs []error
			for _, remove := range removes {
				errs = append(errs, remove())
			}
			return errors.Join(errs...)
		},
	}, nil
}

// Tables with ids that the database counts keep the contract too.
func TestOwnCountedConformance(t *testing.T) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			storetest.Run(t, e.openCounted, &storetest.Options{Quick: testing.Short(), WithoutProbe: true})
		})
	}
}
