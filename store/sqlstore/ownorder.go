package sqlstore

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/muster-scim/muster/schema"
)

// inOrder reads the resources that fulfil a condition in the byte order of
// their ids, from after on.
func (s ownRows) inOrder(ctx context.Context, where *clause, after schema.ID, offset, limit int) ([]*schema.Resource, error) {
	rest, ok := s.ID.after(after)
	if !ok {
		return nil, nil
	}
	if s.ID.Kind == IntegerID {
		return s.countedInOrder(ctx, where, rest, offset, limit)
	}
	c := s.byWhere(where, s.inBulk())
	s.ID.later(c, s.tx.dialect, rest)
	c.add(" ORDER BY "+s.ID.ordered(s.tx.dialect, "r")+" LIMIT ? OFFSET ?", limit, offset)
	return s.load(ctx, c, s.inBulk())
}

// after returns the content of the column after which ids begin that come after
// a text, and false if none does.
func (id ID) after(afterID schema.ID) (rest string, ok bool) {
	text := string(sanitized(afterID))
	if rest, ok := strings.CutPrefix(text, id.Prefix); ok {
		return rest, true
	}
	return "", text < id.Prefix
}

// later adds that a row comes after a text.
func (id ID) later(c *clause, d Dialect, rest string) {
	if rest == "" {
		return
	}
	column := id.ordered(d, "r")
	if _, ok := id.param(schema.ID(id.Prefix + rest)); id.Kind == UUIDID && d == PostgreSQL && !ok {
		column = "CAST(r." + d.quote(id.Column) + ` AS text) COLLATE "C"`
	}
	c.add(" AND "+column+" > ?", rest)
}

// countedInOrder reads rows with integers as ids. Texts of equally many digits
// are in the order of their numbers, so each number of digits is a range of the
// index, and the ranges are merged.
func (s ownRows) countedInOrder(ctx context.Context, where *clause, after string, offset, limit int) ([]*schema.Resource, error) {
	var greatest *int64
	if _, err := s.one(ctx, "SELECT MAX("+s.id("r")+") FROM "+s.from("r"), nil, &greatest); err != nil || greatest == nil {
		return nil, err
	}
	c := &clause{}
	for digits := 1; digits <= len(strconv.FormatInt(*greatest, 10)); digits++ {
		low, high, ok := rangeAfter(after, digits)
		if !ok {
			continue
		}
		if len(c.args) > 0 {
			c.add(" UNION ALL ")
		}
		c.add("SELECT * FROM (SELECT "+s.id("r")+" FROM "+s.from("r")+" WHERE "+where.String(), where.args...)
		c.add(" AND "+s.id("r")+" BETWEEN ? AND ? ORDER BY "+s.id("r")+" LIMIT ?) d"+strconv.Itoa(digits), low, high, offset+limit)
	}
	if len(c.args) == 0 {
		return nil, nil
	}
	var found []schema.ID
	c.once = where.once
	err := s.sel(ctx, c, func(scan func(...any) error) error {
		var cell any
		err := scan(&cell)
		found = append(found, s.ID.text(cell))
		return err
	})
	slices.Sort(found)
	found = found[min(offset, len(found)):]
	if err != nil {
		return nil, err
	}
	return s.byID(ctx, found[:min(limit, len(found))])
}

// rangeAfter returns the numbers with so many digits whose texts come after a
// text, as a range.
func rangeAfter(after string, digits int) (low, high int64, ok bool) {
	first := int64(math.Pow10(digits - 1))
	high = math.MaxInt64
	if digits < 19 {
		high = first*10 - 1
	}
	head := after[:min(digits, len(after))]
	same := 0
	for same < len(head) && head[same] >= '0' && head[same] <= '9' {
		same++
	}
	n, _ := strconv.ParseUint("0"+head[:same], 10, 64)
	if same == digits || same < len(head) && head[same] > '9' {
		n++ // whatever begins like the text comes before it, or is it
	}
	for range digits - same {
		if n > math.MaxInt64/10 {
			return 0, 0, false
		}
		n *= 10
	}
	if n > uint64(high) {
		return 0, 0, false
	}
	return max(int64(n), first), high, true
}

// byID reads the resources with ids, in the order of the ids. What is not there
// is left out.
func (s ownRows) byID(ctx context.Context, wanted []schema.ID) ([]*schema.Resource, error) {
	found := map[schema.ID]*schema.Resource{}
	err := argChunks(s.ID.params(wanted), func(args []any) error {
		where := &clause{}
		s.visible(where, "r", s.tenant)
		where.add(" AND "+s.id("r")+" IN "+marks(len(args)), args...)
		list, err := s.load(ctx, s.byWhere(where, s.inBulk()), s.inBulk())
		for _, r := range list {
			found[r.ID()] = r
		}
		return err
	})
	var list []*schema.Resource
	for _, id := range wanted {
		if r := found[id]; r != nil {
			list = append(list, r)
		}
	}
	return list, err
}

// argChunks calls fn with a part of the parameters at a time.
func argChunks(args []any, fn func(args []any) error) error {
	const most = 500
	for chunk := range slices.Chunk(args, most) {
		if err := fn(slices.Clip(chunk)); err != nil {
			return err
		}
	}
	return nil
}
