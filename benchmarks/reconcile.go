package benchmarks

import (
	"bytes"
	"context"
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

// reconciled compares two lists with so many users each, once.
func (l *Lab) reconciled(users int) (reconciled, error) {
	if r, ok := l.comparisons[users]; ok {
		return r, nil
	}
	r, err := compareLists(users)
	if err != nil {
		return r, err
	}
	if l.comparisons == nil {
		l.comparisons = map[int]reconciled{}
	}
	l.comparisons[users] = r
	return r, nil
}

// compareLists reads both lists from generators, in different orders. One user
// in a hundred is missing in one, and one has another title.
func compareLists(users int) (reconciled, error) {
	r, before, sampling := reconciled{rows: 2 * users}, heap(), time.Duration(0)
	sample := func() {
		began := time.Now()
		r.peak = max(r.peak, heap()-before)
		sampling += time.Since(began)
	}
	options := &reconcile.Options{Memory: reconcileMemory, Progress: func(rows int) {
		if rows%max(r.rows/10, 1) == 0 {
			sample()
		}
	}}
	began := time.Now()
	expected := reconcile.FromJSONLines(&userLines{users: users, step: 1}, userType)
	actual := reconcile.FromJSONLines(&userLines{users: users, step: 7919, changed: true}, userType)
	for _, err := range reconcile.Compare(context.Background(), userType, expected, actual, options) {
		if err != nil {
			return r, err
		}
		if r.findings++; r.findings%max(users/200, 1) == 0 {
			sample()
		}
	}
	r.took = time.Since(began) - sampling
	return r, nil
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
	small, large, err := l.reconciledBoth()
	if err != nil {
		return Measurement{}, err
	}
	return Measurement{
		float64(large.peak) / float64(small.peak),
		fmt.Sprintf("%d rows and %s, %d rows and %s", large.rows, mebibytes(large.peak), small.rows, mebibytes(small.peak)),
	}, nil
}

func measureReconcileTime(l *Lab) (Measurement, error) {
	small, large, err := l.reconciledBoth()
	if err != nil {
		return Measurement{}, err
	}
	return Measurement{
		large.perRow() / small.perRow(),
		fmt.Sprintf("%.0f rows a second, %d findings", 1e9/large.perRow(), large.findings),
	}, nil
}

func (l *Lab) reconciledBoth() (small, large reconciled, err error) {
	if small, err = l.reconciled(min(fewRows, l.Large)); err == nil {
		large, err = l.reconciled(l.Large)
	}
	return small, large, err
}

func mebibytes(n int64) string { return Mebibytes.Text(float64(n) / (1 << 20)) }
