package sqlstore

import (
	"context"
	"errors"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Inverse looks the holders up from the members' side, in one query for each
// type of member.
func (h ownHandle) Inverse(ctx context.Context, rel store.Relation, ids []schema.ID) (map[schema.ID][]store.Holder, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, j := range h.own.joins {
		if keyOf(j.Relation) == keyOf(rel) {
			return h.inverse(ctx, j, ids)
		}
	}
	return nil, errors.ErrUnsupported
}

func (h ownHandle) inverse(ctx context.Context, j *ownJoin, ids []schema.ID) (all map[schema.ID][]store.Holder, err error) {
	err = h.read(ctx, len(j.parts) > 1, func(t *tx) error {
		all = map[schema.ID][]store.Holder{}
		for _, part := range j.parts {
			held, err := h.rows(t, part.target).holders(ctx, j, part.Type, ids)
			if err != nil {
				return err
			}
			for id, list := range held {
				all[id] = append(all[id], list...)
			}
		}
		return nil
	})
	return all, err
}
