package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/muster-scim/muster/scim"
)

// readProfile returns the preset of that name, or the profile in that file.
func readProfile(name string) (scim.Profile, error) {
	if p, ok := scim.ProfileNamed(name); ok {
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
