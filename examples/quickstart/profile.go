package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
)

// switches are the names by which the traces of package scimtest ask for a
// single switch.
var switches = map[string]scim.Profile{
	"group-displayname-unique": {UniqueGroupName: true},
	"unknown-members-skip":     {SkipUnknownMembers: true},
	"scim11-group-patch":       {AcceptSCIM11GroupPatch: true},
	"put-merge":                {PutMerge: true},
	"urn-aliases": {SchemaAliases: map[string]string{
		"urn:scim:schemas:extension:enterprise:1.0": schema.EnterpriseUserURN,
		"urn:scim:schemas:extension:enterprise:2.0": schema.EnterpriseUserURN,
	}},
}

// readProfile returns the preset of that name, the switch, or the profile in
// that file.
func readProfile(name string) (scim.Profile, error) {
	if p, ok := scim.ProfileNamed(name); ok {
		return p, nil
	}
	if p, ok := switches[name]; ok {
		p.Name = name
		return p, nil
	}
	if !strings.HasSuffix(name, ".json") {
		return scim.Profile{}, fmt.Errorf("%q is neither a .json file nor one of %s", name, strings.Join(scim.ProfileNames(), ", "))
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return scim.Profile{}, err
	}
	p, err := scim.ParseProfile(data)
	if err != nil {
		return p, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}
