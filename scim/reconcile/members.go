package reconcile

import (
	"context"
	"errors"
	"iter"
	"strconv"
	"strings"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Members yields the memberships in a list of groups that should not be there,
// in the order of the members' ids: of members that are in none of the lists of
// accounts, and of those that are deactivated. The groups themselves can be
// members. attribute is the list, such as "members".
func Members(ctx context.Context, groups Rows, attribute string, o *Options, accounts ...Rows) iter.Seq2[Finding, error] {
	if o == nil {
		o = &Options{}
	}
	return func(yield func(Finding, error) bool) {
		m := memberships{comparison: comparison{ctx: ctx, options: o, yield: yield}, attribute: attribute}
		if err := m.run(groups, accounts); err != nil && !errors.Is(err, errStopped) {
			yield(Finding{}, err)
		}
	}
}

// memberships is one Members on its way. Everything is sorted by id in one
// list: what exists before the memberships of the same id.
type memberships struct {
	comparison
	attribute string
	all       *sorter
}

// What the data of an item starts with.
const (
	isActive     = 'a'
	isInactive   = 'i'
	isMembership = 'm'
)

func (m *memberships) run(groups Rows, accounts []Rows) error {
	m.all = m.sorter()
	defer m.all.close()
	for _, list := range accounts {
		if err := m.loadAccounts(list); err != nil {
			return err
		}
	}
	if err := m.loadGroups(groups); err != nil {
		return err
	}
	var account byte
	id, first := "", true
	for it, err := range m.all.sorted() {
		if err == nil {
			err = m.ctx.Err()
		}
		if err != nil {
			return err
		}
		if first || it.key != id {
			id, account, first = it.key, 0, false
		}
		if it.data[0] != isMembership {
			account = it.data[0]
			continue
		}
		if err := m.judge(it, account); err != nil {
			return err
		}
	}
	return nil
}

func (m *memberships) loadAccounts(list Rows) error {
	for row, err := range list {
		if err != nil {
			return err
		}
		if err := m.exists(row.Resource); err != nil {
			return err
		}
	}
	return nil
}

// exists notes a resource that can be a member. Line 0 sorts it before its
// memberships.
func (m *memberships) exists(r *schema.Resource) error {
	state := byte(isActive)
	if p, err := r.Type().Path("active"); err == nil && r.Get(p).Kind() == schema.KindBoolean && !r.Get(p).Bool() {
		state = isInactive
	}
	return m.all.add(item{key: string(r.ID()), data: []byte{state}})
}

func (m *memberships) loadGroups(groups Rows) error {
	for row, err := range groups {
		if err != nil {
			return err
		}
		if err := m.exists(row.Resource); err != nil {
			return err
		}
		links, ok := store.LinksOf(row.Resource.Type(), m.attribute)
		if !ok {
			return errors.New("reconcile: " + m.attribute + " is no list of members of " + row.Resource.Type().Name())
		}
		holder := string(isMembership) + store.RefOf(row.Resource).String()
		for e := range row.Resource.Values(links.List) {
			if err := m.all.add(item{key: string(links.ID(e)), line: 1, data: []byte(holder)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// judge yields a finding for a membership, if there is something wrong with it.
func (m *memberships) judge(it item, account byte) error {
	if account == isActive {
		return nil
	}
	kind := OrphanedMember
	if account == isInactive {
		kind = InactiveMember
	}
	typ, id, _ := strings.Cut(string(it.data[1:]), "/")
	return m.found(Finding{
		Kind: kind, Key: it.key, Ref: store.Ref{Type: typ, ID: schema.ID(id)},
		Patch: &patch.Request{Operations: []patch.Operation{{Op: patch.Remove, Path: m.attribute + "[value eq " + strconv.Quote(it.key) + "]"}}},
	})
}
