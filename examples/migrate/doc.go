// Package migrate is one service twice: its people are served over SCIM by
// github.com/elimity-com/scim in before.go, and by Muster in after.go. The data,
// directory.go, is the same and knows neither. docs/migrate.md explains the
// steps; the tests send both the same requests and hold what they answer
// against the table there.
package migrate
