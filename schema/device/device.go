package device

import (
	_ "embed"

	"github.com/muster-scim/muster/schema"
)

// The URNs of the schemas (RFC 9944 §9.2).
const (
	DeviceURN            = "urn:ietf:params:scim:schemas:core:2.0:Device"
	EndpointAppURN       = "urn:ietf:params:scim:schemas:core:2.0:EndpointApp"
	BLEURN               = "urn:ietf:params:scim:schemas:extension:ble:2.0:Device"
	PairingNullURN       = "urn:ietf:params:scim:schemas:extension:pairingNull:2.0:Device"
	PairingJustWorksURN  = "urn:ietf:params:scim:schemas:extension:pairingJustWorks:2.0:Device"
	PairingPassKeyURN    = "urn:ietf:params:scim:schemas:extension:pairingPassKey:2.0:Device"
	PairingOOBURN        = "urn:ietf:params:scim:schemas:extension:pairingOOB:2.0:Device"
	DPPURN               = "urn:ietf:params:scim:schemas:extension:dpp:2.0:Device"
	EthernetMABURN       = "urn:ietf:params:scim:schemas:extension:ethernet-mab:2.0:Device"
	FIDODeviceOnboardURN = "urn:ietf:params:scim:schemas:extension:fido-device-onboard:2.0:Device"
	ZigbeeURN            = "urn:ietf:params:scim:schemas:extension:zigbee:2.0:Device"
	EndpointAppsURN      = "urn:ietf:params:scim:schemas:extension:endpointAppsExt:2.0:Device"
)

// The definitions of RFC 9944, Appendix A, corrected. See NOTICE for their
// licence.
//
//go:embed device.json
var document []byte

// DeviceDefinition returns a fresh definition of the resource type Device with all
// extensions of RFC 9944, none of them required, under /Devices.
func DeviceDefinition() schema.Definition { return mustParse()[0] }

// EndpointAppDefinition returns a fresh definition of the resource type EndpointApp under
// /EndpointApps: an application that controls devices or receives their
// telemetry.
func EndpointAppDefinition() schema.Definition { return mustParse()[1] }

// GroupDefinition returns a fresh definition of the core Group whose members can also be
// devices and endpoint applications (RFC 9944 §4).
func GroupDefinition(extensions ...schema.Extension) schema.Definition {
	d := schema.GroupDefinition(extensions...)
	for i := range d.Schema.Attributes {
		if d.Schema.Attributes[i].Name == "members" {
			widen(d.Schema.Attributes[i].SubAttributes)
		}
	}
	return d
}

// widen adds the types of this package to what members can be.
func widen(members []schema.Attribute) {
	for i := range members {
		switch members[i].Name {
		case "type":
			members[i].CanonicalValues = append(members[i].CanonicalValues, "Device", "EndpointApp")
		case "$ref":
			members[i].ReferenceTypes = append(members[i].ReferenceTypes, "Device", "EndpointApp")
		}
	}
}

func mustParse() []schema.Definition {
	definitions, err := schema.ParseDefinitions(document, nil)
	if err != nil {
		panic(err)
	}
	return definitions
}
