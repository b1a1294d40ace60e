// Package routers mounts a SCIM handler in net/http and in the routers that Go
// services use most. Each function is what a service would write; docs/mount.md
// shows them, and the tests send the same requests through all of them.
package routers
