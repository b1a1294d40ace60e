package sqlstore

import (
	"errors"
	"time"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// Unix keeps a dateTime as seconds since 1970.
func Unix() Conversion { return instant{unit: time.Second} }

// UnixMilli keeps a dateTime as milliseconds since 1970.
func UnixMilli() Conversion { return instant{unit: time.Millisecond} }

// Date keeps a dateTime as a date in UTC.
func Date() Conversion { return instant{date: true} }

// instant keeps a dateTime: as a number of units since 1970, as a date, or as a
// time of the database.
type instant struct {
	notNull
	unit time.Duration // 0: not as a number
	date bool
}

func (instant) fits(p schema.Path) string { return single(p, schema.KindDateTime) }

func (i instant) encode(_ schema.Path, v schema.Value, at writing) (any, error) {
	t, _ := v.Time()
	switch {
	case i.unit > 0:
		return i.count(t), nil
	case i.date:
		return t.UTC().Format(time.DateOnly), nil
	}
	return timeCell(t, at.dialect), nil
}

// count returns the last whole unit that is not after t.
func (i instant) count(t time.Time) int64 {
	if i.unit == time.Second {
		return t.Unix()
	}
	return t.UnixMilli()
}

// timeCell is a time as a parameter. No database here keeps more than
// microseconds. SQLite gets a text that its own functions and all drivers read.
func timeCell(t time.Time, d Dialect) any {
	t = t.UTC().Truncate(time.Microsecond)
	switch { // of what every database has a notation for
	case t.Year() < 1:
		t = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	case t.Year() > 9999:
		t = time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC)
	}
	if d == SQLite {
		return t.Format("2006-01-02 15:04:05.999999")
	}
	return t
}

func (i instant) decode(_ schema.Path, cell any) schema.Value {
	if i.unit > 0 {
		n, ok := cellInt(cell)
		if !ok {
			return schema.Value{}
		}
		if i.unit == time.Second {
			return schema.DateTime(time.Unix(n, 0).UTC())
		}
		return schema.DateTime(time.UnixMilli(n).UTC())
	}
	t, ok := cellTime(cell)
	if !ok {
		return schema.Value{}
	}
	if i.date {
		t = time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	}
	return schema.DateTime(t)
}

func (i instant) holds() []class {
	if i.unit > 0 {
		return []class{integers}
	}
	return []class{times, texts}
}

// test compares whole units, or microseconds. Where the column shows less than
// the value has, the condition is loose by one unit or day.
func (i instant) test(c *clause, f *field, column string, e *filter.Compare) (loose bool, err error) {
	t, ok := e.Value.Time()
	if !ok || operators[e.Op] == "" {
		return false, errors.ErrUnsupported
	}
	switch {
	case i.unit > 0:
		return true, around(c, column, e.Op, i.count(t)-1, i.count(t)+1)
	case i.date || f.dialect == SQLite:
		return true, around(c, column, e.Op, day(t, -2), day(t, 3))
	case f.spare:
		return true, around(c, column, e.Op, timeCell(t.Add(-time.Second), f.dialect), timeCell(t.Add(time.Second), f.dialect))
	}
	return false, exactly(c, column, e.Op, t, f.dialect)
}

// day returns the date n days after t, within what databases have dates for.
func day(t time.Time, n int) string {
	switch d := t.UTC().AddDate(0, 0, n); {
	case d.Year() > 9999:
		return "9999-12-31"
	case d.Year() < 1:
		return "0001-01-01"
	default:
		return d.Format(time.DateOnly)
	}
}

// around adds a range that holds everything that fulfils a comparison.
func around(c *clause, column string, op filter.Op, low, high any) error {
	switch op {
	case filter.Gt, filter.Ge:
		c.add(column+" >= ?", low)
	case filter.Lt, filter.Le:
		if high != "9999-12-31" {
			c.add(column+" <= ?", high)
		} else {
			c.add("1 = 1") // a text of that day may be greater
		}
	default:
		c.add(column+" BETWEEN ? AND ?", low, high)
	}
	return nil
}

// exactly compares with times of whole microseconds.
func exactly(c *clause, column string, op filter.Op, t time.Time, d Dialect) error {
	floor := t.UTC().Truncate(time.Microsecond)
	between := !floor.Equal(t)
	switch {
	case between && op == filter.Eq:
		c.add("1 = 0")
		return nil
	case between && op == filter.Ge:
		op = filter.Gt
	case between && op == filter.Lt:
		op = filter.Le
	}
	c.add(column+operators[op], timeCell(floor, d))
	return nil
}
