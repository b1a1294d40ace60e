package scim

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// paging is the method by which a list is paged.
type paging uint8

const (
	byIndex paging = iota
	byCursor
)

// paging chooses the method: what the request names, else the default (RFC
// 9865 §2.4).
func (c *call) paging() paging {
	if c.params.hasCursor || c.h.cfg.CursorDefault && !c.params.hasIndex {
		return byCursor
	}
	return byIndex
}

// pageSize is the number of resources on the page: what the client asks for,
// clamped (B13, B14).
func (c *call) pageSize() int {
	if c.params.count < 0 {
		return c.defaultPage()
	}
	return min(c.params.count, c.maxPage())
}

// place sets where in the order the page of q is.
func (c *call) place(q *store.Query, bound binding) error {
	q.Count = c.pageSize()
	if c.paging() == byIndex {
		q.Offset = c.params.startIndex - 1
		return nil
	}
	if c.params.cursor == "" {
		return nil
	}
	at, err := c.h.cursors.open(c.params.cursor, bound)
	if err != nil {
		return err
	}
	if c.params.count >= 0 && q.Count != at.count {
		return badRequest(InvalidCount, fmt.Sprintf("count must stay %d, as in the first request", at.count))
	}
	q.After, q.Count = store.Position(at.position), at.count
	return nil
}

// nextCursor seals the position after page, or returns "" after the last one.
func (c *call) nextCursor(q store.Query, page store.Page) string {
	if page.Next == "" {
		return ""
	}
	return c.h.cursors.seal(cursor{position: string(page.Next), count: q.Count}, c.binding(q))
}

// binding is what a cursor belongs to: tenant, actor and query. The projection
// is part of it, because RFC 9865 §2 asks for all parameters to be repeated.
func (c *call) binding(q store.Query) binding {
	var b binding
	b.add("v1", string(c.tenant.ID), c.actorID(), q.Type)
	if q.Filter != nil {
		b.add("filter", q.Filter.String())
	}
	b.add("sort", q.Sort.By.String(), strconv.FormatBool(q.Sort.Descending))
	b.add(strings.Join(c.params.attributes, ","), strings.Join(c.params.excluded, ","))
	return b
}

func (c *call) actorID() string {
	if c.actor == nil {
		return ""
	}
	return c.actor.ID
}

// decodedFilter is the filter of the request, percent-decoded once more.
func (c *call) decodedFilter(t *schema.ResourceType) (*filter.Filter, bool) {
	text, err := url.PathUnescape(c.params.filter)
	if err != nil || text == c.params.filter {
		return nil, false
	}
	f, err := filter.Parse(t, c.mapped(t, text), c.filterOptions())
	return f, err == nil
}

// appendPath adds p if it is not there yet.
func appendPath(paths []schema.Path, p schema.Path) []schema.Path {
	for _, known := range paths {
		if known == p {
			return paths
		}
	}
	return append(paths, p)
}
