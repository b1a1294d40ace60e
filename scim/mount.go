package scim

import (
	"net/http"
	"net/url"
	"strings"
)

// mount finds out where in the URL space the request met the handler: the
// prefix before the SCIM endpoints, and the rest, both as sent (escaped).
//
// Nothing has to be configured for it. http.StripPrefix leaves the full path
// in RequestURI; a ServeMux leaves its pattern, whose segments count the
// prefix, wildcards included; and where neither is in use, the path of the
// base URL is the prefix.
func mount(r *http.Request, basePath string) (prefix, rest string) {
	path := r.URL.EscapedPath()
	if full, ok := requestPath(r); ok && len(full) > len(path) && strings.HasSuffix(full, path) {
		return strings.TrimSuffix(full[:len(full)-len(path)], "/"), rooted(path)
	}
	if n := patternSegments(r.Pattern); n > 0 {
		return cutSegments(path, n)
	}
	if tail, ok := strings.CutPrefix(path, basePath); ok && basePath != "" && (tail == "" || tail[0] == '/') {
		return basePath, rooted(tail)
	}
	return "", rooted(path)
}

// requestPath returns the path as it was on the request line.
func requestPath(r *http.Request) (string, bool) {
	path, _, _ := strings.Cut(r.RequestURI, "?")
	return path, strings.HasPrefix(path, "/")
}

// patternSegments counts the segments of a ServeMux pattern for a subtree,
// such as "GET example.com/{tenant}/scim/v2/".
func patternSegments(pattern string) int {
	i := strings.IndexByte(pattern, '/')
	if i < 0 || pattern[len(pattern)-1] != '/' {
		return 0
	}
	return strings.Count(pattern[i:], "/") - 1
}

// cutSegments splits a path after n segments.
func cutSegments(path string, n int) (prefix, rest string) {
	at := 0
	for range n {
		next := strings.IndexByte(path[min(at+1, len(path)):], '/')
		if next < 0 {
			return path, "/"
		}
		at += 1 + next
	}
	return path[:at], rooted(path[at:])
}

func rooted(path string) string {
	if path == "" || path[0] != '/' {
		return "/" + path
	}
	return path
}

// baseOf returns the base URL of the responses to r. A configured one wins.
// Otherwise it is built from the Host header if the host trusts that name, and
// is just the prefix, making locations relative references, if not: a Host
// header is the client's to choose.
func (h *Handler) baseOf(r *http.Request, t *Tenant, prefix string) string {
	switch {
	case t.BaseURL != "":
		return strings.TrimSuffix(t.BaseURL, "/")
	case h.cfg.BaseURL != "":
		return h.cfg.BaseURL
	case h.trusted[strings.ToLower(r.Host)]:
		scheme := "http://"
		if r.TLS != nil {
			scheme = "https://"
		}
		return scheme + r.Host + prefix
	case prefix == "":
		return ""
	default:
		return "/" + strings.TrimLeft(prefix, `/\`) // "//host/…" would name another host
	}
}

// appendLocation appends the URL of a resource.
func appendLocation(dst []byte, base, endpoint, id string) []byte {
	dst = append(append(dst, base...), endpoint...)
	if id == "" {
		return dst
	}
	return append(append(dst, '/'), url.PathEscape(id)...)
}
