package scim

import (
	"strconv"
)

const listURN = "urn:ietf:params:scim:api:messages:2.0:ListResponse"

// listResponse builds a list message (RFC 7644 §3.4.2) as its resources come.
// Clients expect totalResults, itemsPerPage, startIndex and Resources always
// to be there, Resources as [] if need be (AMB-14).
type listResponse struct {
	buf   []byte
	items int
}

func newListResponse(dst []byte) *listResponse {
	dst = append(dst, `{"schemas":["`+listURN+`"],"Resources":[`...)
	return &listResponse{buf: dst}
}

// next separates the resource to come from the one before.
func (l *listResponse) next() []byte {
	if l.items > 0 {
		l.buf = append(l.buf, ',')
	}
	l.items++
	return l.buf
}

// finish closes the message. A negative total is unknown, a zero start is not
// sent, an empty cursor says that there is no further page.
func (l *listResponse) finish(total, start int, nextCursor string) []byte {
	l.buf = append(l.buf, ']')
	if total >= 0 {
		l.buf = appendNumber(l.buf, "totalResults", total)
	}
	l.buf = appendNumber(l.buf, "itemsPerPage", l.items)
	if start > 0 {
		l.buf = appendNumber(l.buf, "startIndex", start)
	}
	if nextCursor != "" {
		l.buf = appendMember(l.buf, "nextCursor", nextCursor)
	}
	return append(l.buf, '}')
}

func appendNumber(dst []byte, name string, n int) []byte {
	dst = append(append(append(dst, ',', '"'), name...), '"', ':')
	return strconv.AppendInt(dst, int64(n), 10)
}
