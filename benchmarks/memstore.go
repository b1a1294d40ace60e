package benchmarks

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

func memstoreGoals() []Goal {
	return []Goal{
		{Name: "find by userName, growth from few users to many over that of a Go map", Limit: 1, Unit: Times, Measure: measureFind("userName")},
		{Name: "find by externalId, growth from few users to many over that of a Go map", Limit: 1, Unit: Times, Measure: measureFind("externalId")},
		{Name: "add and remove a member, group of all users over group of ten", Limit: 2, Unit: Times, Measure: measureMember},
		{Name: "the same, allocations of both", Limit: 2, Unit: Times, Measure: measureMemberAllocations},
		{Name: "page of 100 by cursor, at the end over the beginning", Limit: 1.5, Unit: Times, Measure: measurePage},
		{Name: "memory of a user with its indexes, over its JSON", Limit: 1.5, Unit: Times, Measure: measureMemory},
		{Name: "memory of everything, groups and both ends of memberships included, over its JSON", Limit: 1.5, Unit: Times, Measure: measureMemoryAll},
		{Name: "filter of three terms without an index, a million users", Limit: 5e8, Unit: Nanoseconds, Measure: measureScan},
		{Name: "8 goroutines of mixed work, over what the cores give to plain computation", Limit: 0.8, AtLeast: true, Unit: Times, Measure: measureScaling},
		{Name: "99th percentile of a point read while a group is patched, over the median", Limit: 10, Unit: Times, Measure: measureTail},
		{Name: "the same over what it is while a goroutine computes", Limit: 2, Unit: Times, Measure: measureTailOver},
	}
}

// findBy looks users up by an attribute, another one each time: it parses the
// filter and runs the query.
func findBy(attribute string) func(*directory) (Work, error) {
	return func(d *directory) (Work, error) {
		texts := make([]string, 1024)
		for i := range texts {
			id := d.ids[rand.IntN(len(d.ids))]
			r, err := d.store.Get(context.Background(), store.Ref{Type: "User", ID: id})
			if err != nil {
				return nil, err
			}
			texts[i] = fmt.Sprintf("%s eq %q", attribute, r.Get(userType.MustPath(attribute)).Text())
		}
		i := 0
		return func() error {
			i++
			f, err := filter.Parse(userType, texts[i%len(texts)], nil)
			if err != nil {
				return err
			}
			return d.query(store.Query{Type: "User", Filter: f, Count: 1, Total: true}, 1)
		}, nil
	}
}

// measureFind compares with the least that a lookup can be: both fetch memory
// that the caches hold in the small directory and not in the large one.
func measureFind(attribute string) func(*Lab) (Measurement, error) {
	return func(l *Lab) (Measurement, error) {
		ours, err := l.growth(findBy(attribute))
		if err != nil {
			return ours, err
		}
		plain, err := l.growth(lookUp(attribute))
		note := fmt.Sprintf("%.2f× (%s) : %.2f× (%s)", ours.Value, ours.Note, plain.Value, plain.Note)
		return Measurement{ours.Value / plain.Value, note}, err
	}
}

// lookUp finds the same users in a Go map and reads the attribute.
func lookUp(attribute string) func(*directory) (Work, error) {
	return func(d *directory) (Work, error) {
		users, keys, err := d.byKey(attribute)
		if err != nil {
			return nil, err
		}
		i, p := 0, userType.MustPath(attribute)
		return func() error {
			i++
			key := keys[i%len(keys)]
			if r := users[key]; r == nil || r.Get(p).Text() != key {
				return errors.New("not in the map")
			}
			return nil
		}, nil
	}
}

// byKey returns a Go map of the users by an attribute, and some of its keys.
func (d *directory) byKey(attribute string) (users map[string]*schema.Resource, keys []string, err error) {
	p := userType.MustPath(attribute)
	users, keys = make(map[string]*schema.Resource), make([]string, 1024)
	for r, err := range d.store.Scan(context.Background(), "User", "") {
		if err != nil {
			return nil, nil, err
		}
		users[r.Get(p).Text()] = r
	}
	for i := range keys {
		keys[i] = strings.Clone(users[anyKey(users)].Get(p).Text())
	}
	return users, keys, nil
}

// anyKey returns one key of a map, mostly another one each time.
func anyKey(users map[string]*schema.Resource) string {
	for key := range users {
		return key
	}
	return ""
}

// query runs q and expects n resources.
func (d *directory) query(q store.Query, n int) error {
	page, err := store.RunQuery(context.Background(), d.store, q)
	if err == nil && len(page.Resources) != n {
		err = fmt.Errorf("%d resources, want %d", len(page.Resources), n)
	}
	return err
}

func measureMember(l *Lab) (Measurement, error) {
	all, ten, err := l.memberWorks()
	if err != nil {
		return Measurement{}, err
	}
	return l.ratio(all, ten)
}

func measureMemberAllocations(l *Lab) (Measurement, error) {
	all, ten, err := l.memberWorks()
	if err != nil {
		return Measurement{}, err
	}
	a, err := allocations(all)
	if err != nil {
		return a, err
	}
	b, err := allocations(ten)
	return Measurement{a.Value / b.Value, fmt.Sprintf("%.0f : %.0f", a.Value, b.Value)}, err
}

// memberWorks change the large group and the one of ten, in the same store.
func (l *Lab) memberWorks() (all, ten Work, err error) {
	_, d, err := l.directories()
	if err != nil {
		return nil, nil, err
	}
	if all, err = d.changeMember(d.all); err != nil {
		return nil, nil, err
	}
	ten, err = d.changeMember(d.ten)
	return all, ten, err
}

// changeMember removes a member and adds it again, from the bodies of the
// requests.
func (d *directory) changeMember(group store.Ref) (Work, error) {
	return changeMember(d.store, group, d.ids[5])
}

func changeMember(s store.Store, group store.Ref, member schema.ID) (Work, error) {
	without, err := groupType.NewProjection(nil, []string{"members"})
	if err != nil {
		return nil, err
	}
	bodies := [][]byte{
		request(`{"op":"remove","path":"members[value eq \"` + string(member) + `\"]"}`),
		request(`{"op":"add","path":"members","value":[{"value":"` + string(member) + `"}]}`),
	}
	return func() error {
		for _, body := range bodies {
			changes, err := compile(groupType, body)
			if err != nil {
				return err
			}
			out, err := store.ApplyPatch(context.Background(), s, store.Patch{Ref: group, Changes: changes, Projection: without}, store.Write{})
			if err == nil && !out.Changed {
				err = errors.New("nothing changed")
			}
			if err != nil {
				return err
			}
		}
		return nil
	}, nil
}

func measurePage(l *Lab) (Measurement, error) {
	_, d, err := l.directories()
	if err != nil {
		return Measurement{}, err
	}
	n := min(100, len(d.ids)/4)
	page := func(after schema.ID) Work {
		q := store.Query{Type: "User", Count: n, Total: true, After: store.Position(after)}
		return func() error { return d.query(q, n) }
	}
	return l.ratio(page(d.ids[len(d.ids)-n-2]), page(d.ids[0]))
}

func measureMemory(l *Lab) (Measurement, error) {
	_, d, err := l.directories()
	if err != nil {
		return Measurement{}, err
	}
	n := int64(len(d.ids))
	return Measurement{float64(d.memory) / float64(d.json), fmt.Sprintf("%d : %d bytes", d.memory/n, d.json/n)}, nil
}

func measureMemoryAll(l *Lab) (Measurement, error) {
	_, d, err := l.directories()
	if err != nil {
		return Measurement{}, err
	}
	return Measurement{float64(d.memoryAll) / float64(d.jsonAll), fmt.Sprintf("%d : %d MB", d.memoryAll/1e6, d.jsonAll/1e6)}, nil
}

// measureScan measures what there is and states it for a million users.
func measureScan(l *Lab) (Measurement, error) {
	_, d, err := l.directories()
	if err != nil {
		return Measurement{}, err
	}
	f := filter.MustParse(userType, `title sw "Engineer 1" and active eq true and emails.value co "99@example"`)
	m, err := l.fastest(func() error {
		return d.query(store.Query{Type: "User", Filter: f, Total: true}, 0)
	})
	m.Value *= 1e6 / float64(len(d.ids))
	return m, err
}

// patchUser sets active of some user to its opposite.
func (d *directory) patchUser(toggle [2]*patch.Changes) error {
	ref := store.Ref{Type: "User", ID: d.ids[rand.IntN(len(d.ids))]}
	_, err := store.ApplyPatch(context.Background(), d.store, store.Patch{Ref: ref, Changes: toggle[rand.IntN(2)]}, store.Write{})
	return err
}

func (d *directory) readUser() error {
	_, err := d.store.Get(context.Background(), store.Ref{Type: "User", ID: d.ids[rand.IntN(len(d.ids))]})
	return err
}
