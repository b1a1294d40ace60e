package scim

import (
	"context"
	"errors"
	"net/http"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// list answers GET on a collection (RFC 7644 §3.4.2).
func (c *call) list(ctx context.Context) (response, error) {
	q, access, err := c.query(ctx, c.route.typ)
	if err != nil {
		return response{}, err
	}
	page, err := c.runQuery(ctx, c.route.typ, q, access)
	if err != nil {
		return response{}, err
	}
	return c.listPage(q, page)
}

// query binds the parameters to a type and asks whether the actor may know the
// answer.
func (c *call) query(ctx context.Context, t *schema.ResourceType) (store.Query, *Access, error) {
	q := store.Query{Type: t.Name(), Total: true, MaxScan: c.profile.limits.Scan}
	var err error
	if c.params.hasFilter {
		if q.Filter, err = c.parseFilter(t, c.params.filter); err != nil {
			return q, nil, err
		}
	}
	if q.Sort, err = c.parseSort(t); err != nil {
		return q, nil, err
	}
	access, err := c.authorize(ctx, OpList, t, "", queryPaths(q))
	if err != nil {
		return q, nil, err
	}
	if q.Projection, err = c.projection(t, access); err != nil {
		return q, nil, err
	}
	return q, access, c.place(&q, c.binding(q))
}

func (c *call) filterOptions() *filter.Options {
	limits := &c.profile.limits
	return &filter.Options{MaxBytes: limits.FilterBytes, MaxDepth: limits.FilterDepth, MaxTerms: limits.FilterTerms, Off: c.profile.off()}
}

func (c *call) parseFilter(t *schema.ResourceType, text string) (*filter.Filter, error) {
	f, err := filter.Parse(t, c.mapped(t, text), c.filterOptions())
	if err == nil {
		c.report.Rewrites = append(c.report.Rewrites, f.Rewrites()...)
	}
	return f, err
}

// parseSort binds sortBy; without it the order is the store's own.
func (c *call) parseSort(t *schema.ResourceType) (filter.Sort, error) {
	if c.params.sortBy == "" {
		return filter.Sort{}, nil
	}
	order := "ascending"
	if c.params.descending {
		order = "descending"
	}
	s, rewrites, err := filter.ParseSort(t, c.mapped(t, c.params.sortBy), order, c.filterOptions())
	c.report.Rewrites = append(c.report.Rewrites, rewrites...)
	return s, err
}

// queryPaths lists the attributes that the answer could give away.
func queryPaths(q store.Query) []schema.Path {
	var paths []schema.Path
	if q.Filter != nil {
		for p := range q.Filter.Paths() {
			paths = appendPath(paths, p)
		}
	}
	if !q.Sort.By.IsZero() {
		paths = appendPath(paths, q.Sort.By)
	}
	return paths
}

// runQuery asks the store, and once more with the filter decoded again if the
// profile allows that and nothing was found (A7).
func (c *call) runQuery(ctx context.Context, t *schema.ResourceType, q store.Query, access *Access) (store.Page, error) {
	page, err := store.RunQuery(ctx, c.tenant.Store, q)
	if errors.Is(err, store.ErrScanLimit) && c.paging() == byCursor {
		q.Total = false // the page alone may be found; its total is left out (RFC 9865 §2)
		return store.RunQuery(ctx, c.tenant.Store, q)
	}
	if err != nil || page.Total != 0 || !c.profile.RetryDecodedFilter {
		return page, err
	}
	again, ok := c.decodedFilter(t)
	if !ok {
		return page, nil
	}
	for p := range again.Paths() {
		if access.hidesPart(p) {
			return page, nil
		}
	}
	q.Filter = again
	c.report.Rewrites = append(c.report.Rewrites, schema.Rewrite{Tolerance: schema.FilterDecodedAgain})
	return store.RunQuery(ctx, c.tenant.Store, q)
}

// listPage makes the response of one page of one type.
func (c *call) listPage(q store.Query, page store.Page) (response, error) {
	buf := bodies.Get().(*[]byte)
	list := newListResponse((*buf)[:0])
	encoding := &schema.Encoding{Projection: q.Projection, Location: c.resourceLocation}
	for _, r := range page.Resources {
		var err error
		if list.buf, err = c.appendResource(list.next(), r, encoding); err != nil {
			return response{}, err
		}
	}
	start := 0
	next := ""
	if c.paging() == byCursor {
		next = c.nextCursor(q, page)
	} else {
		start = c.params.startIndex
	}
	body := list.finish(page.Total, start, next)
	*buf = body
	return response{status: http.StatusOK, body: body, pooled: buf}, nil
}
