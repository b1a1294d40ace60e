package benchmarks

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/muster-scim/muster/scim/reconcile"
)

func reconcileGoals() []Goal {
	return []Goal{
		{Name: "memory in use while all users are compared, over that for 10,000, with 4 MiB for each list", Limit: 1.5, Unit: Times, Measure: measureReconcileMemory},
		{Name: "time per row, all users over 10,000", Limit: 2, Unit: Times, Measure: measureReconcileTime},
	}
}

// fewRows is the small list; it is too much for the memory that it is given.
const (
	fewRows         = 10_000
	reconcileMemory = 4 << 20
)

// reconciled is what comparing two lists took.
type reconciled struct {
	rows, findings int
	took           time.Duration
	peak           int64 // bytes in use beyond those before
}

func (r reconciled) perRow() float64 { return float64(r.took.Nanoseconds()) / float64(r.rows) }

// compared is what comparing the large and the small lists took. The small ones
// are compared again and again while the large ones are, so that what else the
// machine does slows both down.
type compared struct {
	large, small reconciled
	beside       series // time per row of the small ones
}

// compared compares the lists, once.
func (l *Lab) compared() (*compared, error) {
	if l.comparison != nil {
		return l.comparison, nil
	}
	few := min(fewRows, l.Large)
	var c compared
	var err error
	if c.small, err = compareLists(few, nil); err != nil {
		return nil, err
	}
	c.large, err = compareLists(l.Large, func() error {
		r, err := compareLists(few, nil)
		c.beside = append(c.beside, r.perRow())
		return err
	})
	l.comparison = &c
	return &c, err
}

// compareLists reads both lists from generators, in different orders. One user
// in a hundred is missing in one, and one has another title. At ten points on
// the way it calls beside, whose time does not count.
func compareLists(users int, beside func() error) (r reconciled, err error) {
	r.rows = 2 * users
	before, aside := heap(), time.Duration(0)
	sample := func() {
		began := time.Now()
		r.peak = max(r.peak, heap()-before)
		aside += time.Since(began)
	}
	options := &reconcile.Options{Memory: reconcileMemory, Progress: func(rows int) {
		if rows%max(r.rows/10, 1) != 0 {
			return
		}
		sample()
		if began := time.Now(); beside != nil {
			err = errors.Join(err, beside())
			aside += time.Since(began)
		}
	}}
	began := time.Now()
	expected := reconcile.FromJSONLines(&userLines{users: users, step: 1}, userType)
	actual := reconcile.FromJSONLines(&userLines{users: users, step: 7919, changed: true}, userType)
	for _, failed := range reconcile.Compare(context.Background(), userType, expected, actual, options) {
		if failed != nil {
			return r, failed
		}
		if r.findings++; r.findings%max(users/200, 1) == 0 {
			sample()
		}
	}
	r.took = time.Since(began) - aside
	return r, err
}

// userLines generates users, one to a line, without keeping them. step has no
// factor in common with the number of users.
type userLines struct {
	users, step int
	changed     bool
	next        int
	rest        []byte
}

func (u *userLines) Read(p []byte) (int, error) {
	for len(u.rest) == 0 {
		if u.next == u.users {
			return 0, io.EOF
		}
		u.rest = u.line(u.next * u.step % u.users)
		u.next++
	}
	n := copy(p, u.rest)
	u.rest = u.rest[n:]
	return n, nil
}

// line returns the line of a user, or nothing if it is missing.
func (u *userLines) line(i int) []byte {
	body := userBody(i)
	switch {
	case u.changed && i%100 == 0:
		return nil
	case u.changed && i%100 == 50:
		body = bytes.Replace(body, []byte(`"title":"Engineer`), []byte(`"title":"Architect`), 1)
	}
	return append(body, '\n')
}

func measureReconcileMemory(l *Lab) (Measurement, error) {
	c, err := l.compared()
	if err != nil {
		return Measurement{}, err
	}
	return Measurement{
		float64(c.large.peak) / float64(max(c.small.peak, 1)),
		fmt.Sprintf("%d rows and %s, %d rows and %s", c.large.rows, mebibytes(c.large.peak), c.small.rows, mebibytes(c.small.peak)),
	}, nil
}

func measureReconcileTime(l *Lab) (Measurement, error) {
	c, err := l.compared()
	if err != nil {
		return Measurement{}, err
	}
	few := c.small.perRow()
	if len(c.beside) > 0 {
		few = c.beside.median()
	}
	return Measurement{
		c.large.perRow() / few,
		fmt.Sprintf("%.0f : %.0f rows a second, %d findings", 1e9/c.large.perRow(), 1e9/few, c.large.findings),
	}, nil
}

func mebibytes(n int64) string { return Mebibytes.Text(float64(n) / (1 << 20)) }
