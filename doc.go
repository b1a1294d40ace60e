// Package muster lets any Go service expose SCIM 2.0 endpoints.
package muster
