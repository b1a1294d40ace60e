// Package entitlement has the resource types Role and Entitlement: what a
// service offers for the roles and entitlements of its users, so that a client
// need not guess the values.
//
// Experimental: it follows draft-ietf-scim-roles-entitlements-01, which has
// expired. All attributes are read-only; clients can only list and get them,
// and the service writes them to its store itself.
package entitlement
