package schema

import (
	"regexp"
	"strings"
)

// The syntax of names. All of them are ASCII, so folding ASCII letters is
// enough to compare them.
var (
	// AttributeName is ATTRNAME of RFC 7643 §2.1, with "$" first as well because
	// "$ref" is a name; only "$" alone is none.
	attributeName = regexp.MustCompile(`^(?:[A-Za-z]|\$[A-Za-z0-9$_-])[A-Za-z0-9$_-]*$`)
	// TypeName needs no escaping in a URL or a filter.
	typeName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._-]*$`)
	// Endpoint is one path segment of unreserved characters (RFC 3986 §2.3).
	endpoint = regexp.MustCompile(`^/[A-Za-z0-9._~-]*[A-Za-z0-9_~-][A-Za-z0-9._~-]*$`)
	// AnyURI is an absolute URI without the characters that delimit paths,
	// filters and JSON around it.
	anyURI = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?@!$&'*+,;=%-]*[A-Za-z0-9._~/@!$&'*+,;=%-]$`)
	// AnyURN is RFC 8141: the namespace is 2 to 32 letters, digits and hyphens.
	anyURN = regexp.MustCompile(`^(?i:urn:[a-z0-9][a-z0-9-]{0,30}[a-z0-9]:)`)
)

// messagePrefix is the name space of RFC 7644 §3.1 messages, in which no
// schema can lie (RFC 7643 §10.2.1).
const messagePrefix = "urn:ietf:params:scim:api:"

// maxURI is the length in bytes that the URI of a schema can have. It is part of
// every qualified path.
const maxURI = 1000

// isSchemaURI reports whether text can be the id of a schema.
func isSchemaURI(text string) bool {
	folded := strings.ToLower(text[:min(len(text), maxURI)])
	switch {
	case len(text) > maxURI || !anyURI.MatchString(text) || strings.HasPrefix(folded, messagePrefix):
		return false
	case strings.HasPrefix(folded, "urn:"):
		return anyURN.MatchString(text)
	default:
		return true
	}
}
