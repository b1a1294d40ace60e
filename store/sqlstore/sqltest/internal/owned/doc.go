// Package owned has the tables of a service that had its users before it had
// SCIM, for tests and programs.
package owned
