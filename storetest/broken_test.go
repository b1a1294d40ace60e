package storetest_test

import (
	"context"
	"errors"
	"iter"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
	"github.com/muster-scim/muster/storetest"
)

// broken is a correct store in which single methods are replaced by wrong ones.
// A nil field leaves the method as it is.
type broken struct {
	store.Forward
	get     func(ctx context.Context, ref store.Ref) (*schema.Resource, error)
	create  func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error)
	replace func(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error)
	remove  func(ctx context.Context, ref store.Ref, w store.Write) error
	scan    func(ctx context.Context, typ string, after schema.ID) iter.Seq2[*schema.Resource, error]
	query   func(ctx context.Context, q store.Query) (store.Page, error)
	patch   func(ctx context.Context, p store.Patch, w store.Write) (*store.Outcome, error)
	read    func(ctx context.Context, ref store.Ref, p *schema.Projection) (*schema.Resource, error)
	values  func(ctx context.Context, ref store.Ref, p schema.Path) iter.Seq2[schema.Value, error]
	inverse func(ctx context.Context, rel store.Relation, ids []schema.ID) (map[schema.ID][]store.Holder, error)
	inTx    func(ctx context.Context, fn func(context.Context, store.Store) error) error
	journal store.Log
	trash   store.Bin
}

func (b *broken) Get(ctx context.Context, ref store.Ref) (*schema.Resource, error) {
	if b.get != nil {
		return b.get(ctx, ref)
	}
	return b.Inner.Get(ctx, ref)
}

func (b *broken) Create(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
	if b.create != nil {
		return b.create(ctx, r, w)
	}
	return b.Inner.Create(ctx, r, w)
}

func (b *broken) Replace(ctx context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
	if b.replace != nil {
		return b.replace(ctx, r, w)
	}
	return b.Inner.Replace(ctx, r, w)
}

func (b *broken) Delete(ctx context.Context, ref store.Ref, w store.Write) error {
	if b.remove != nil {
		return b.remove(ctx, ref, w)
	}
	return b.Inner.Delete(ctx, ref, w)
}

func (b *broken) Scan(ctx context.Context, typ string, after schema.ID) iter.Seq2[*schema.Resource, error] {
	if b.scan != nil {
		return b.scan(ctx, typ, after)
	}
	return b.Inner.Scan(ctx, typ, after)
}

func (b *broken) Query(ctx context.Context, q store.Query) (store.Page, error) {
	if b.query != nil {
		return b.query(ctx, q)
	}
	if b.scan != nil { // so that the broken Scan is what queries see
		return store.Page{}, errors.ErrUnsupported
	}
	return b.Forward.Query(ctx, q)
}

func (b *broken) Patch(ctx context.Context, p store.Patch, w store.Write) (*store.Outcome, error) {
	if b.patch != nil {
		return b.patch(ctx, p, w)
	}
	if b.replace != nil || b.get != nil { // likewise
		return nil, errors.ErrUnsupported
	}
	return b.Forward.Patch(ctx, p, w)
}

func (b *broken) ReadProjected(ctx context.Context, ref store.Ref, p *schema.Projection) (*schema.Resource, error) {
	if b.read != nil {
		return b.read(ctx, ref, p)
	}
	return b.Forward.ReadProjected(ctx, ref, p)
}

func (b *broken) ReadValues(ctx context.Context, ref store.Ref, p schema.Path) iter.Seq2[schema.Value, error] {
	if b.values != nil {
		return b.values(ctx, ref, p)
	}
	return b.Forward.ReadValues(ctx, ref, p)
}

func (b *broken) Inverse(ctx context.Context, rel store.Relation, ids []schema.ID) (map[schema.ID][]store.Holder, error) {
	if b.inverse != nil {
		return b.inverse(ctx, rel, ids)
	}
	return b.Forward.Inverse(ctx, rel, ids)
}

func (b *broken) InTx(ctx context.Context, fn func(context.Context, store.Store) error) error {
	if b.inTx != nil {
		return b.inTx(ctx, fn)
	}
	return b.Forward.InTx(ctx, fn)
}

func (b *broken) Journal() (store.Log, error) {
	if b.journal != nil {
		return b.journal, nil
	}
	return b.Forward.Journal()
}

func (b *broken) Trash() (store.Bin, error) {
	if b.trash != nil {
		return b.trash, nil
	}
	return b.Forward.Trash()
}

// deployment breaks the memory store of each tenant in the same way. Config
// adjusts the memory store.
func deployment(config memstore.Config, breakIt func(*broken)) *storetest.Deployment {
	tenants := &memstore.Tenants{Config: config}
	stores := map[store.TenantID]store.Store{}
	return &storetest.Deployment{
		Tenant: func(_ context.Context, name store.TenantID) (store.Store, error) {
			if stores[name] == nil {
				b := &broken{Forward: store.Forward{Inner: tenants.Tenant(name)}}
				breakIt(b)
				stores[name] = b
			}
			return stores[name], nil
		},
		Restart: func(context.Context) error { return nil }, // nothing is lost
	}
}
