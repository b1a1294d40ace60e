package scim

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// search answers POST on /.search, of one type or of all (RFC 7644 §3.4.3).
func (c *call) search(ctx context.Context) (response, error) {
	params, err := parseSearch(c.body)
	if err != nil {
		return response{}, err
	}
	c.params, c.inURL = params, false
	if c.route.typ != nil {
		return c.list(ctx)
	}
	return c.searchAll(ctx)
}

// searchAll answers a query over the resources of all types (RFC 7644
// §3.4.2.1). Without sortBy the types come one after the other, and pages of
// them too; with sortBy their resources are merged.
func (c *call) searchAll(ctx context.Context) (response, error) {
	queries, err := c.queries(ctx)
	if err != nil {
		return response{}, err
	}
	switch {
	case c.paging() == byCursor && c.params.sortBy != "":
		return c.searchSorted(ctx, queries)
	case c.paging() == byCursor:
		return c.searchByCursor(ctx, queries)
	default:
		return c.searchByIndex(ctx, queries)
	}
}

// queries makes one query for each type that the filter can match and that the
// actor may list.
func (c *call) queries(ctx context.Context) ([]store.Query, error) {
	types := slices.Collect(c.h.registry.Types())
	filters, err := c.filtersOf(types)
	if err != nil {
		return nil, err
	}
	var queries []store.Query
	var refused error
	for _, t := range types {
		f, ok := filters[t]
		if !ok {
			continue
		}
		q, err := c.queryAcross(ctx, t, f)
		switch {
		case err == nil:
			queries = append(queries, q)
		case wireError(ctx, err).Status == http.StatusForbidden:
			refused = err
		default:
			return nil, err
		}
	}
	if len(queries) == 0 && refused != nil {
		return nil, refused
	}
	return queries, nil
}

// filtersOf binds the filter to each type; a type that it cannot match is left
// out.
func (c *call) filtersOf(types []*schema.ResourceType) (map[*schema.ResourceType]*filter.Filter, error) {
	filters := make(map[*schema.ResourceType]*filter.Filter, len(types))
	if !c.params.hasFilter {
		for _, t := range types {
			filters[t] = nil
		}
		return filters, nil
	}
	if c.profile.mapping != nil {
		return c.filtersMapped(types)
	}
	across, err := filter.ParseAcross(types, c.params.filter, c.filterOptions())
	if err != nil {
		return nil, err
	}
	for t, f := range across.Filters() {
		filters[t] = f
		c.report.Rewrites = append(c.report.Rewrites, f.Rewrites()...)
	}
	return filters, nil
}

func (c *call) queryAcross(ctx context.Context, t *schema.ResourceType, f *filter.Filter) (store.Query, error) {
	q := store.Query{Type: t.Name(), Filter: f, Total: true, MaxScan: c.profile.limits.Scan}
	if c.params.sortBy != "" {
		if s, err := c.parseSort(t); err == nil {
			q.Sort = s
		} else if !c.sortsSomewhere() {
			return q, err
		}
	}
	access, err := c.authorize(ctx, OpList, t, "", queryPaths(q))
	if err != nil {
		return q, err
	}
	q.Projection, err = c.projection(t, access)
	return q, err
}

// sortsSomewhere reports whether sortBy means something to any type; those that
// lack it then count as having no value.
func (c *call) sortsSomewhere() bool {
	for t := range c.h.registry.Types() {
		if _, err := c.parseSort(t); err == nil {
			return true
		}
	}
	return false
}

// searchByIndex collects the page from the types in turn, or merges them.
func (c *call) searchByIndex(ctx context.Context, queries []store.Query) (response, error) {
	skip, want := c.params.startIndex-1, c.pageSize()
	var found []store.Page
	total, merged := 0, c.params.sortBy != ""
	for i := range queries {
		q := &queries[i]
		q.Offset, q.Count = max(skip, 0), want
		if merged {
			q.Offset, q.Count = 0, min(skip+want, maxMerged)
		}
		page, err := store.RunQuery(ctx, c.tenant.Store, *q)
		if err != nil {
			return response{}, err
		}
		total += page.Total
		if !merged {
			skip -= page.Total
			want -= len(page.Resources)
		}
		found = append(found, page)
	}
	if !merged {
		return c.searchPage(collect(queries, found), total, c.params.startIndex, "")
	}
	if skip+want > maxMerged {
		return response{}, badRequest(TooMany, "by index a sorted search over several types ends after "+strconv.Itoa(maxMerged)+
			" resources; page by cursor or make the filter narrower")
	}
	list := merge(queries, found, skip+want).list
	return c.searchPage(list[min(skip, len(list)):], total, c.params.startIndex, "")
}

// maxMerged is how far into a sorted search over several types a page by index
// may lie.
const maxMerged = 10_000

// match is one resource of a search over several types.
type match struct {
	resource   *schema.Resource
	projection *schema.Projection
}

func collect(queries []store.Query, pages []store.Page) []match {
	var list []match
	for i, page := range pages {
		for _, r := range page.Resources {
			list = append(list, match{r, queries[i].Projection})
		}
	}
	return list
}

// searchByCursor goes through the types one after the other; the position says
// in which.
func (c *call) searchByCursor(ctx context.Context, queries []store.Query) (response, error) {
	start, bound := store.Query{}, c.searchBinding()
	if err := c.place(&start, bound); err != nil {
		return response{}, err
	}
	at, position, err := splitPosition(start.After, queries)
	if err != nil {
		return response{}, err
	}
	pages := make([]store.Page, len(queries))
	total, want, next := 0, start.Count, ""
	for i := range queries {
		q := queries[i]
		if i == at {
			q.After = position
		}
		if i >= at && next == "" {
			q.Count = want
		}
		if pages[i], err = store.RunQuery(ctx, c.tenant.Store, q); err != nil {
			return response{}, err
		}
		total += pages[i].Total
		if i < at || next != "" {
			continue
		}
		want -= len(pages[i].Resources)
		next = nextPosition(queries, i, pages[i], want)
	}
	if next != "" && start.Count > 0 {
		next = c.h.cursors.seal(cursor{position: next, count: start.Count}, bound)
	} else {
		next = ""
	}
	return c.searchPage(collect(queries, pages), total, 0, next)
}

// searchBinding is what a cursor of a search over several types belongs to.
func (c *call) searchBinding() binding {
	var b binding
	b.add("v1", string(c.tenant.ID), c.actorID(), "/", c.params.filter, c.params.sortBy, strconv.FormatBool(c.params.descending))
	b.add(strings.Join(c.params.attributes, ","), strings.Join(c.params.excluded, ","))
	return b
}

// nextPosition says where the next page starts if this one ends in type i, or
// "" if it does not end there.
func nextPosition(queries []store.Query, i int, page store.Page, want int) string {
	switch {
	case page.Next != "":
		return queries[i].Type + "/" + string(page.Next)
	case want <= 0 && i+1 < len(queries):
		return queries[i+1].Type + "/"
	default:
		return ""
	}
}

// splitPosition finds the type that a position is in.
func splitPosition(p store.Position, queries []store.Query) (at int, position store.Position, err error) {
	if p == "" {
		return 0, "", nil
	}
	name, rest, _ := strings.Cut(string(p), "/")
	at = slices.IndexFunc(queries, func(q store.Query) bool { return q.Type == name })
	if at < 0 {
		return 0, "", errCursor()
	}
	return at, store.Position(rest), nil
}

// searchPage makes the response of a search over several types.
func (c *call) searchPage(list []match, total, start int, next string) (response, error) {
	buf := bodies.Get().(*[]byte)
	out := newListResponse((*buf)[:0])
	for _, m := range list {
		var err error
		encoding := &schema.Encoding{Projection: m.projection, Location: c.resourceLocation}
		if out.buf, err = c.appendResource(out.next(), m.resource, encoding); err != nil {
			return response{}, err
		}
	}
	*buf = out.finish(total, start, next)
	return response{status: http.StatusOK, body: *buf, pooled: buf}, nil
}
