package store

import (
	"context"
	"errors"

	"github.com/muster-scim/muster/schema"
)

// Holder is a resource that has some other one as a member.
type Holder struct {
	Ref
	// Display names the holder, as Relation.Name says.
	Display string
}

// InverseStore is implemented by a Store that finds the holders of many
// members at once, with an index or in one query.
type InverseStore interface {
	Store
	// Inverse returns, for each of ids that is a direct member of anything in
	// rel, what holds it, ordered by the holder's id. An id that is not, or that
	// does not exist, has no entry. The caller owns the result.
	Inverse(ctx context.Context, rel Relation, ids []schema.ID) (map[schema.ID][]Holder, error)
}

// Inverse returns for each of ids the resources that list it in rel, such as
// the groups of a page of users. Without an InverseStore, or if it declines,
// every resource of rel.Type is scanned once, however many ids there are.
func Inverse(ctx context.Context, s Store, rel Relation, ids []schema.ID) (map[schema.ID][]Holder, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if inverter, ok := s.(InverseStore); ok {
		held, err := inverter.Inverse(ctx, rel, ids)
		if !errors.Is(err, errors.ErrUnsupported) {
			return held, err
		}
	}
	return scanInverse(ctx, s, rel, ids)
}

func scanInverse(ctx context.Context, s Store, rel Relation, ids []schema.ID) (map[schema.ID][]Holder, error) {
	wanted := make(map[schema.ID]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	held := map[schema.ID][]Holder{}
	for r, err := range s.Scan(ctx, rel.Type, "") {
		if err != nil {
			return nil, err
		}
		addHolder(held, wanted, rel, r)
	}
	return held, nil
}

// addHolder notes r for each wanted id in its list. The list may repeat an id,
// if the store does not keep the relation itself.
func addHolder(held map[schema.ID][]Holder, wanted map[schema.ID]bool, rel Relation, r *schema.Resource) {
	links, ok := LinksOf(r.Type(), rel.Attribute)
	if !ok {
		return
	}
	var display string
	for e := range r.Values(links.List) {
		id := links.ID(e)
		if !wanted[id] {
			continue
		}
		if last := len(held[id]) - 1; last >= 0 && held[id][last].ID == r.ID() {
			continue
		}
		if display == "" {
			display = rel.Name(r)
		}
		held[id] = append(held[id], Holder{Ref: RefOf(r), Display: display})
	}
}
