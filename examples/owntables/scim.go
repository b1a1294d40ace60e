package main

import (
	"context"
	"net/http"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store/sqlstore"
)

// This file is all that SCIM needed: three columns, a mapping, a handler.

const scimColumns = `
ALTER TABLE users ADD COLUMN external_id text;
ALTER TABLE users ADD COLUMN scim_extra text;
ALTER TABLE teams ADD COLUMN scim_extra text;`

var (
	userType  = schema.UserDefinition().MustCompile()
	groupType = schema.GroupDefinition().MustCompile()
)

var mapping = sqlstore.Mapping{
	Tables: []sqlstore.Table{
		{
			Type: userType, Name: "users",
			ID: sqlstore.ID{Column: "id", Kind: sqlstore.IntegerID, Generated: true},
			Columns: []sqlstore.Column{
				{Path: "userName", Column: "email", Unique: true}, // by the index on lower(email)
				{Path: "externalId", Column: "external_id"},
				{Path: "name.givenName", Column: "first_name", NotNull: true},
				{Path: "name.familyName", Column: "last_name", NotNull: true},
				{Path: "active", Column: "disabled_at", As: sqlstore.WhenNull()},
			},
			Overflow: "scim_extra",
			Created:  sqlstore.Stamp{Column: "created_at"},
			Updated:  sqlstore.Stamp{Column: "updated_at"},
		},
		{
			Type: groupType, Name: "teams",
			ID:       sqlstore.ID{Column: "id", Kind: sqlstore.IntegerID, Generated: true, Prefix: "team-"},
			Columns:  []sqlstore.Column{{Path: "displayName", Column: "name"}},
			Overflow: "scim_extra",
			Updated:  sqlstore.Stamp{Column: "updated_at"},
		},
	},
	Joins: []sqlstore.Join{{Members: []sqlstore.Members{
		{Type: "User", Table: "team_users", Holder: "team_id", Member: "user_id"},
		{Type: "Group", Table: "team_teams", Holder: "team_id", Member: "part_id"},
	}}},
}

// addSCIM mounts /scim/v2/ beside the handlers of the service.
func (c *crew) addSCIM(ctx context.Context, mux *http.ServeMux, baseURL, token string) error {
	tables, err := sqlstore.NewOwnTables(c.db, sqlstore.SQLite, &mapping)
	if err != nil {
		return err
	}
	if err := tables.Check(ctx); err != nil {
		return err // names every column that is missing or does not fit
	}
	users, err := tables.Tenant("")
	if err != nil {
		return err
	}
	tokens, err := scim.NewBearerTokens(scim.Token{ID: "idp", Hash: scim.HashToken(token)})
	if err != nil {
		return err
	}
	handler, err := scim.New(scim.Config{
		Types: []*schema.ResourceType{userType, groupType}, Store: users,
		Authenticate: tokens.Authenticate, BaseURL: baseURL + "/scim/v2",
	})
	if err == nil {
		mux.Handle("/scim/v2/", handler)
	}
	return err
}
