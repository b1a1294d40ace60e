package store

import (
	"slices"

	"github.com/muster-scim/muster/schema"
)

// Pager gathers the page of a query from resources that come in the order of
// their ids: from Scan, or from whatever an index of a store yields. It must
// not be used concurrently.
type Pager struct {
	q     Query
	want  int // matches to keep: those before the page, the page, and one more
	total int
	kept  []*schema.Resource
	start *place // where q.After is
}

// NewPager returns a Pager for q. MaxScan is left to the caller.
func NewPager(q Query) *Pager {
	q = q.bounded()
	return &Pager{q: q, want: max(q.Offset, 0) + max(q.Count, 0) + 1}
}

// Add looks at one resource and reports whether another one is needed. The
// error is an ErrPosition.
func (p *Pager) Add(r *schema.Resource) (more bool, err error) {
	if p.q.Filter != nil && !p.q.Filter.Match(r) {
		return true, nil
	}
	return p.AddMatch(r)
}

// AddMatch is Add for a resource that is known to match.
func (p *Pager) AddMatch(r *schema.Resource) (more bool, err error) {
	p.total++
	after, err := p.after(r)
	if err != nil || !after || p.q.Count <= 0 {
		return p.q.Total || p.q.Count > 0, err
	}
	if !p.q.Sort.By.IsZero() {
		p.insert(r)
		return true, nil
	}
	if len(p.kept) < p.want {
		p.kept = append(p.kept, r)
	}
	return p.q.Total || len(p.kept) < p.want, nil
}

// after reports whether r comes after the position of the query.
func (p *Pager) after(r *schema.Resource) (bool, error) {
	if p.q.After == "" {
		return true, nil
	}
	if p.start == nil {
		id, value, err := p.q.After.Parse(p.q.Sort)
		if err != nil {
			return false, err
		}
		p.start = &place{p.q.Sort, id, value}
	}
	return p.start.before(r), nil
}

// insert keeps the first matches in sorted order. They are sorted whenever
// twice as many have come together as are wanted, so that memory is bounded by
// the page, and the work by the number of matches times a logarithm.
func (p *Pager) insert(r *schema.Resource) {
	p.kept = append(p.kept, r)
	if len(p.kept) >= 2*p.want+64 {
		p.cut()
	}
}

func (p *Pager) cut() {
	if !p.q.Sort.By.IsZero() {
		slices.SortFunc(p.kept, p.q.Sort.Compare)
	}
	if len(p.kept) > p.want {
		clear(p.kept[p.want:])
		p.kept = p.kept[:p.want]
	}
}

// Page returns the page, once all resources have been looked at or Add
// reported that no more are needed.
func (p *Pager) Page() (Page, error) {
	p.cut()
	page := Page{Total: -1}
	if p.q.Total {
		page.Total = p.total
	}
	if p.q.Count <= 0 {
		return page, nil
	}
	page.Resources = p.kept[min(max(p.q.Offset, 0), len(p.kept)):]
	if len(page.Resources) <= p.q.Count {
		return page, nil
	}
	page.Resources = page.Resources[:p.q.Count]
	var err error
	page.Next, err = PositionAfter(p.q.Sort, page.Resources[p.q.Count-1])
	return page, err
}
