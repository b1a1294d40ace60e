package storetest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// query runs a query that has to succeed.
func (r *run) query(q store.Query) store.Page {
	page, err := store.RunQuery(r.ctx, r.store, q)
	r.ok("RunQuery", err)
	return page
}

func ids(resources []*schema.Resource) []schema.ID {
	out := make([]schema.ID, len(resources))
	for i, res := range resources {
		out[i] = res.ID()
	}
	return out
}

// probes stores n random resources and returns them.
func (r *run) probes(n int, rnd random) []*schema.Resource {
	all := make([]*schema.Resource, n)
	for i := range all {
		all[i] = r.create(r.draft(ProbeType(), "%s", rnd.resource(i)))
	}
	return all
}

// matching is what a query has to return, worked out the plain way.
func matching(all []*schema.Resource, f *filter.Filter, order filter.Sort) []schema.ID {
	var hits []*schema.Resource
	for _, res := range all {
		if f == nil || f.Match(res) {
			hits = append(hits, res)
		}
	}
	slices.SortFunc(hits, order.Compare)
	return ids(hits)
}

var queryCases = []testCase{
	{
		name:   "Query/EveryOperator",
		clause: "the filter means what Filter.Match says",
		needs:  probe,
		run: func(r *run) {
			rnd := newRandom(1)
			all := r.probes(40, rnd)
			for _, o := range operands {
				for _, op := range o.operators {
					for range r.rounds(5) {
						r.compare(all, o.path+" "+op+" "+o.value(rnd))
					}
				}
				r.compare(all, o.path+" pr")
				r.compare(all, "not ("+o.path+" pr)")
				r.compare(all, o.path+" eq null")
			}
		},
	},
	{
		name:   "Query/RandomFilters",
		clause: "the filter means what Filter.Match says",
		needs:  probe,
		run: func(r *run) {
			rnd := newRandom(2)
			all := r.probes(60, rnd)
			for range r.rounds(250) {
				r.compare(all, rnd.filter(3))
			}
		},
	},
	{
		name:   "Query/UniqueKeys",
		clause: "the filter means what Filter.Match says",
		run: func(r *run) {
			users := []*schema.Resource{r.newUser("Ann"), r.newUser("bob"), r.newUser("Bobby")}
			for text, want := range map[string][]schema.ID{
				`userName eq "ann"`:                              {users[0].ID()},
				`userName eq "BOB"`:                              {users[1].ID()},
				`userName sw "BOB"`:                              {users[1].ID(), users[2].ID()},
				`externalId eq "ext-bob"`:                        {users[1].ID()},
				`externalId eq "EXT-bob"`:                        nil,
				`userName eq "ann" and externalId eq "ext-bob"`:  nil,
				`userName eq "ann" or externalId eq "ext-Bobby"`: {users[0].ID(), users[2].ID()},
				`id eq "` + string(users[2].ID()) + `"`:          {users[2].ID()},
				`userName eq "ann" and active eq true`:           nil,
				`userName ne "ann"`:                              {users[1].ID(), users[2].ID()},
			} {
				slices.Sort(want)
				got := ids(r.query(store.Query{Type: "User", Filter: r.filter(UserType(), text), Count: 10}).Resources)
				if !slices.Equal(got, want) {
					r.errorf("%s: got %v, want %v", text, got, want)
				}
			}
		},
	},
	{
		name:   "Query/SeesWrites",
		clause: "A write that returned nil is never lost, and is seen by every read that starts later.",
		run: func(r *run) {
			find := func(name string) int {
				q := store.Query{Type: "User", Filter: r.filter(UserType(), fmt.Sprintf("userName eq %q", name)), Count: 5, Total: true}
				return r.query(q).Total
			}
			user := r.newUser("ann")
			before := find("ann")
			_, err := r.store.Replace(r.ctx, r.edit(user, "userName", schema.String("zoe")), store.Write{})
			r.ok("Replace", err)
			renamed, old := find("zoe"), find("ann")
			r.ok("Delete", r.store.Delete(r.ctx, store.RefOf(user), store.Write{}))
			if before != 1 || renamed != 1 || old != 0 || find("zoe") != 0 {
				r.errorf("found %d after Create, %d and %d under the new and old name, %d after Delete", before, renamed, old, find("zoe"))
			}
		},
	},
	{
		name:   "Query/Sort",
		clause: "the order is that of Sort.Compare",
		needs:  probe,
		run: func(r *run) {
			all := r.probes(40, newRandom(3))
			for _, o := range operands {
				for _, direction := range []string{"ascending", "descending"} {
					order, _, err := filter.ParseSort(ProbeType(), o.path, direction, nil)
					if err != nil {
						continue // an attribute without an order
					}
					got := ids(r.query(store.Query{Type: "Probe", Sort: order, Count: 100}).Resources)
					if want := matching(all, nil, order); !slices.Equal(got, want) {
						r.errorf("sorted by %s %s:\n\t got %v\n\twant %v", o.path, direction, r.values(order, got), r.values(order, want))
					}
				}
			}
		},
	},
	{
		name:   "Query/ScanLimit",
		clause: "at most q.MaxScan of them, otherwise the result is an ErrScanLimit",
		needs:  func(r *run) bool { return r.hidden },
		run: func(r *run) {
			r.newUsers(12)
			q := store.Query{Type: "User", Filter: r.filter(UserType(), `title pr`), Count: 5, Total: true, MaxScan: 10}
			if _, err := store.RunQuery(r.ctx, r.store, q); !errors.Is(err, store.ErrScanLimit) {
				r.errorf("12 resources with MaxScan 10: %v", err)
			}
		},
	},
	{
		name:   "Query/OnlyThatType",
		clause: "RunQuery returns one page of the resources that q selects",
		run: func(r *run) {
			r.newUser("ann")
			r.newGroup("g")
			for _, f := range []*filter.Filter{nil, r.filter(UserType(), `id pr`)} {
				page := r.query(store.Query{Type: "User", Filter: f, Count: 5, Total: true})
				if page.Total != 1 || len(page.Resources) != 1 || page.Resources[0].Type() != UserType() {
					r.errorf("one user and one group: got %d of %d", len(page.Resources), page.Total)
				}
			}
		},
	},
}

// compare runs a filter on the store and checks the hits and the total.
func (r *run) compare(all []*schema.Resource, text string) {
	f := r.filter(ProbeType(), text)
	page := r.query(store.Query{Type: "Probe", Filter: f, Count: len(all), Total: true})
	got, want := ids(page.Resources), matching(all, f, filter.Sort{})
	if !slices.Equal(got, want) || page.Total != len(want) {
		r.errorf("%s: got %d resources and total %d, want %d", text, len(got), page.Total, len(want))
		for _, res := range all {
			if slices.Contains(got, res.ID()) != slices.Contains(want, res.ID()) {
				r.errorf("  wrong about %s", show(res))
			}
		}
	}
}

// values shows the sort values of resources, for reports.
func (r *run) values(order filter.Sort, ids []schema.ID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = order.Value(r.get(store.Ref{Type: "Probe", ID: id})).Text() + "/" + string(id[max(0, len(id)-4):])
	}
	return out
}
