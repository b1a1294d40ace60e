// Package device has the resource types of RFC 9944: Device, with the
// extensions for the ways in which devices are onboarded, and EndpointApp,
// and Group with devices as members.
//
// They are definitions like any others and need nothing but package schema:
//
//	types := []*schema.ResourceType{device.DeviceDefinition().MustCompile(), device.EndpointAppDefinition().MustCompile()}
//
// Where the prose, the tables and the appendix of the RFC disagree, the safer
// reading is taken: keys and vouchers (irk, bootstrapKey, fdoVoucher) are
// writeOnly and never returned, and applicationType is immutable. A service that
// reads the RFC differently, or that supports fewer extensions, changes the
// Definition before compiling it.
//
// Pairing methods lie inside the data of the BLE extension. They are not named
// in "schemas", and a PATCH addresses them through the BLE extension.
//
// Check holds the rules of the RFC that a schema cannot say, such as the form
// of an address.
package device
