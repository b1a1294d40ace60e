// Package ratelimit limits how many requests each actor may make, as
// scim.Config.RateLimit, by token buckets in memory (golang.org/x/time/rate).
//
// It is a module of its own, so that services which limit elsewhere do not
// depend on it.
package ratelimit
