// Package oidc authenticates SCIM requests by JSON Web Tokens of an OpenID
// Connect provider, as scim.Config.Authenticate. Keys are found by discovery and
// follow the provider's rotation (github.com/coreos/go-oidc).
//
// It is a module of its own, so that services with other credentials do not
// depend on it.
//
// Entra ID sends such tokens by itself if the secret token of its provisioning
// configuration is left empty; their issuer is
// https://sts.windows.net/{tenant}/ and their audience
// 8adf8e6e-67b2-4cf2-a259-e3dc5476c621.
package oidc
