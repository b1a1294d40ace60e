package scim

import (
	"net/http"
	"strconv"
)

// The headers by which an actor with Debug learns what was done to its request.
// A request with Muster-Debug gets the other two, as far as there is something
// to say.
const (
	debugHeader    = "Muster-Debug"
	rewritesHeader = "Muster-Rewrites"
	ignoredHeader  = "Muster-Ignored"
)

// maxDebugHeader bounds the length of a debug header; what does not fit is only
// counted.
const maxDebugHeader = 4 << 10

// debugHeaders adds what was tolerated and what was ignored, as structured lists
// (RFC 9651), if the actor asks for it and may know it.
func (x *exchange) debugHeaders(header http.Header) {
	c := &x.call
	if c.actor == nil || !c.actor.Debug || x.r.Header.Get(debugHeader) == "" {
		return
	}
	var rewrites, ignored []string
	for _, r := range c.report.Rewrites {
		item := r.Tolerance.String()
		if r.Path != "" {
			item += ";path=" + strconv.QuoteToASCII(r.Path)
		}
		rewrites = append(rewrites, item)
	}
	for _, path := range c.report.Ignored {
		ignored = append(ignored, strconv.QuoteToASCII(path))
	}
	setList(header, rewritesHeader, rewrites)
	setList(header, ignoredHeader, ignored)
}

// setList joins items until the header is full.
func setList(header http.Header, name string, items []string) {
	var list []byte
	for i, item := range items {
		if len(list)+len(item) > maxDebugHeader {
			list = append(list, ", more;n="+strconv.Itoa(len(items)-i)...)
			break
		}
		if i > 0 {
			list = append(list, ", "...)
		}
		list = append(list, item...)
	}
	if len(list) > 0 {
		header.Set(name, string(list))
	}
}
