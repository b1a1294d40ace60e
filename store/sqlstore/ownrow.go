package sqlstore

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"github.com/muster-scim/muster/schema"
)

// load reads the resources that c finds, which selects what with says, and of
// what relations derive just that.
func (s ownRows) load(ctx context.Context, c *clause, with *reading) (list []*schema.Resource, err error) {
	var read []readRow
	err = s.sel(ctx, c, func(scan func(...any) error) error {
		cells, err := scanned(scan, s.width()+len(with.lists)+len(with.roles))
		if err != nil {
			return err
		}
		row, err := s.readWith(cells, with)
		read = append(read, row)
		list = append(list, row.Resource)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, l := range s.lists {
		if slices.Contains(with.lists, l) {
			continue
		}
		if err := s.addList(ctx, l, list, with.suffix); err != nil {
			return nil, err
		}
	}
	for i, r := range list {
		if list[i], err = read[i].finished(r, with.roles); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// read begins a resource from the cells of a row. base is what the overflow has
// of it, tag the content of the version column.
func (s ownRows) read(cells []any) (b *schema.Builder, base *schema.Resource, tag string, err error) {
	id, cells := s.ID.text(cells[0]), cells[1:]
	rest := cells[len(s.fields):]
	if base, err = s.base(rest); err != nil {
		return nil, nil, "", fmt.Errorf("sqlstore: the overflow of %s %s cannot be read: %w", s.Type.Name(), id, err)
	}
	b = base.Edit()
	for i, f := range s.fields {
		v, spare := f.decode(cells[i]), base.Get(f.path)
		if v.Equal(spare) || !f.ReadOnly && !spare.IsZero() && f.shows(spare).Equal(v) {
			continue
		}
		if err := b.Set(f.path, v); err != nil {
			return nil, nil, "", err
		}
	}
	b.SetID(id)
	created, updated, tag := s.meta(base, rest)
	b.SetMeta(created, updated, "")
	return b, base, tag, nil
}

// width is the number of expressions in s.selects.
func (t *ownTable) width() int {
	n := 1 + len(t.fields)
	for _, more := range []bool{t.created != nil, t.updated != nil, t.Version != "", t.Overflow != ""} {
		if more {
			n++
		}
	}
	return n
}

// scanned reads the cells of a row.
func scanned(scan func(...any) error, n int) ([]any, error) {
	cells, into := make([]any, n), make([]any, n)
	for i := range cells {
		into[i] = &cells[i]
	}
	return cells, scan(into...)
}

// base is what the overflow column holds, which is the last one.
func (t *ownTable) base(cells []any) (*schema.Resource, error) {
	if t.Overflow == "" {
		return t.Type.New().Resource(), nil
	}
	text, _ := cellText(cells[len(cells)-1])
	if text == "" || text == "{}" {
		return t.Type.New().Resource(), nil
	}
	return t.Type.DecodeStored([]byte(text))
}

// meta reads the times and what stands for the version: from their columns,
// otherwise from the overflow.
func (t *ownTable) meta(base *schema.Resource, cells []any) (created, updated time.Time, tag string) {
	created, updated, tag = base.Created(), base.LastModified(), base.Version()
	if t.created != nil {
		created, _ = t.created.decode(cells[0]).Time()
		cells = cells[1:]
	}
	if t.updated != nil {
		updated, _ = t.updated.decode(cells[0]).Time()
		cells = cells[1:]
	}
	if t.Version != "" {
		tag, _ = cellText(cells[0])
	}
	return created, updated, tag
}

// finished gives r, which was made of the row, the version that follows from its
// content and the tag, so that whatever changes a mapped value, also without the
// store, changes the version. Then it adds the holders.
func (row readRow) finished(r *schema.Resource, roles []*ownRole) (*schema.Resource, error) {
	text, err := r.AppendJSON(append(make([]byte, 0, 1024), row.tag+"\n"...), &schema.Encoding{All: true})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	b := r.Edit()
	b.SetMeta(r.Created(), r.LastModified(), `W/"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`)
	r = b.Resource()
	for i, role := range roles {
		r = with(r, role.links, row.holders[i])
	}
	return r, nil
}
