package benchmarks

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
)

// directory is a memory store with users, a group of all of them, a group of
// ten, and more groups.
type directory struct {
	store        *memstore.Store
	ids          []schema.ID
	all, ten     store.Ref
	memory, json int64 // bytes of the users, in memory and as JSON
	// The same with the groups and, in memory, both ends of all memberships.
	memoryAll, jsonAll int64
}

// directories returns the small and the large directory.
func (l *Lab) directories() (small, large *directory, err error) {
	if l.small == nil {
		if l.small, err = newDirectory(l.Small, 10); err != nil {
			return nil, nil, err
		}
	}
	if l.large == nil {
		l.large, err = newDirectory(l.Large, l.Groups)
	}
	return l.small, l.large, err
}

func newDirectory(users, groups int) (*directory, error) {
	before := heap()
	d := &directory{store: memstore.New(nil)}
	for i := range users {
		if err := d.addUser(i); err != nil {
			return nil, err
		}
	}
	d.memory = heap() - before
	if err := d.addGroups(groups); err != nil {
		return nil, err
	}
	d.memoryAll = heap() - before
	return d, nil
}

func (d *directory) addUser(i int) error {
	r, _, err := userType.Decode(userBody(i), nil)
	if err != nil {
		return err
	}
	if r, err = d.store.Create(context.Background(), r, store.Write{}); err != nil {
		return err
	}
	text, err := r.AppendJSON(nil, &schema.Encoding{All: true})
	d.json += int64(len(text))
	return err
}

func (d *directory) addGroups(more int) (err error) {
	for r, err := range d.store.Scan(context.Background(), "User", "") {
		if err != nil {
			return err
		}
		d.ids = append(d.ids, r.ID())
	}
	d.jsonAll = d.json
	if d.all, err = d.addGroup(d.ids); err == nil {
		d.ten, err = d.addGroup(d.ids[:10])
	}
	for range more {
		if err == nil {
			_, err = d.addGroup(d.someIDs(20))
		}
	}
	return err
}

// someIDs returns ids of different users, less than there are.
func (d *directory) someIDs(n int) []schema.ID {
	some := make([]schema.ID, n)
	from, step := rand.IntN(len(d.ids)), 1+rand.IntN(len(d.ids)/n)
	for i := range some {
		some[i] = d.ids[(from+i*step)%len(d.ids)]
	}
	return some
}

func (d *directory) addGroup(ids []schema.ID) (store.Ref, error) {
	r, err := addGroup(d.store, ids)
	if err != nil {
		return store.Ref{}, err
	}
	text, err := r.AppendJSON(nil, &schema.Encoding{All: true})
	d.jsonAll += int64(len(text))
	return store.RefOf(r), err
}

func addGroup(s store.Store, ids []schema.ID) (*schema.Resource, error) {
	links, _ := store.LinksOf(groupType, "members")
	members := make([]schema.Value, len(ids))
	for i, id := range ids {
		members[i] = links.Element(id, "", "")
	}
	g := groupType.New()
	if err := g.Set(groupType.MustPath("displayName"), schema.String(fmt.Sprintf("group of %d", len(ids)))); err != nil {
		return nil, err
	}
	if err := g.Set(links.List, schema.List(members...)); err != nil {
		return nil, err
	}
	return s.Create(context.Background(), g.Resource(), store.Write{})
}

// userBody is the JSON of a usual enterprise user.
func userBody(i int) []byte {
	return fmt.Appendf(nil, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],`+
		`"userName":"first.last%d@example.com","externalId":"00u%015d","name":{"formatted":"First%d Last%d","familyName":"Last%d","givenName":"First%d"},`+
		`"displayName":"First%d Last%d","title":"Engineer %d","active":true,"preferredLanguage":"en-US","timezone":"Europe/Berlin",`+
		`"emails":[{"value":"first.last%d@example.com","type":"work","primary":true},{"value":"private%d@example.org","type":"home"}],`+
		`"phoneNumbers":[{"value":"+49 30 %07d","type":"work"}],`+
		`"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"%d","costCenter":"CC-%d","organization":"Example","department":"Dept %d"}}`,
		i, i, i, i, i, i, i, i, i%40, i, i, i, i, i%100, i%300)
}

// heap is the memory that is in use.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
