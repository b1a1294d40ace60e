package benchmarks

import (
	"fmt"

	"github.com/muster-scim/muster/store/sqlstore"
)

// Goal is one number to reach.
type Goal struct {
	Area string // what it is about, such as "filter"
	Name string
	// Limit is what Measure must return at most, or at least if AtLeast is set.
	Limit   float64
	AtLeast bool
	Unit    Unit
	Measure func(*Lab) (Measurement, error)
}

// Measurement is what came out, in the unit of the goal.
type Measurement struct {
	Value float64
	Note  string // the numbers behind the value
}

// Met reports whether a measurement reaches the goal.
func (g Goal) Met(m Measurement) bool {
	if g.AtLeast {
		return m.Value >= g.Limit
	}
	return m.Value <= g.Limit
}

// LimitText is the limit as a table shows it.
func (g Goal) LimitText() string {
	if g.AtLeast {
		return "≥ " + g.Unit.Text(g.Limit)
	}
	return "≤ " + g.Unit.Text(g.Limit)
}

// Unit is what a number counts.
type Unit string

// The units of goals.
const (
	Times       Unit = "×"
	Nanoseconds Unit = "ns"
	Allocations Unit = "allocs"
	Mebibytes   Unit = "MiB"
)

// Text formats a number, which for Nanoseconds may read better in another
// unit.
func (u Unit) Text(v float64) string {
	switch {
	case u == Times:
		return fmt.Sprintf("%.2f×", v)
	case u == Nanoseconds && v >= 1e6:
		return fmt.Sprintf("%.0f ms", v/1e6)
	case u == Nanoseconds && v >= 1e3:
		return fmt.Sprintf("%.2f µs", v/1e3)
	case u == Mebibytes:
		return fmt.Sprintf("%.1f MiB", v)
	default:
		return fmt.Sprintf("%.0f %s", v, string(u))
	}
}

// Goals returns all goals of a lab in the order of the layers.
func (l *Lab) Goals() []Goal {
	var all []Goal
	type area struct {
		name  string
		goals []Goal
	}
	areas := []area{
		{"schema", schemaGoals()},
		{"filter", filterGoals()},
		{"patch", patchGoals()},
		{"memstore", memstoreGoals()},
		{"scim", handlerGoals()},
		{"reconcile", reconcileGoals()},
		{"SQLite", sqlGoals(sqlstore.SQLite)},
		{"own tables in SQLite", ownGoals(sqlstore.SQLite)},
	}
	if l.Postgres != "" {
		areas = append(areas, area{"PostgreSQL", sqlGoals(sqlstore.PostgreSQL)}, area{"own tables in PostgreSQL", ownGoals(sqlstore.PostgreSQL)})
	}
	for _, area := range areas {
		for _, g := range area.goals {
			g.Area = area.name
			all = append(all, g)
		}
	}
	return all
}
