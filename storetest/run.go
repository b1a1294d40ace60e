package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/muster-scim/muster/store"
)

// Run runs every case as a subtest, first on the store as it is and then with
// every upgrade hidden. A case that the store does not claim is skipped with
// the reason.
func Run(t *testing.T, open Open, o *Options) {
	t.Helper()
	for _, hidden := range []bool{false, true} {
		t.Run(mode(hidden), func(t *testing.T) {
			for _, c := range selected(o) {
				t.Run(c.name, func(t *testing.T) { report(t, c, open, o, hidden) })
			}
		})
	}
}

func report(t *testing.T, c testCase, open Open, o *Options, hidden bool) {
	skipped, err := execute(t.Context(), c, open, o, hidden)
	switch {
	case err != nil:
		t.Error(err)
	case skipped != "":
		t.Skip(skipped)
	}
}

// Check runs every case and returns the failures joined, each a *Failure, or
// nil. It is Run for programs, and for testing the suite itself.
func Check(ctx context.Context, open Open, o *Options) error {
	var failures []error
	for _, hidden := range []bool{false, true} {
		for _, c := range selected(o) {
			if _, err := execute(ctx, c, open, o, hidden); err != nil {
				failures = append(failures, err)
			}
		}
	}
	return errors.Join(failures...)
}

// Cases lists the name of every case with the sentence that it enforces.
func Cases() map[string]string {
	all := map[string]string{}
	for _, c := range cases() {
		all[c.name] = c.clause
	}
	return all
}

func mode(hidden bool) string {
	if hidden {
		return "Hidden"
	}
	return "Native"
}

func selected(o *Options) []testCase {
	if o == nil || len(o.Only) == 0 {
		return cases()
	}
	return slices.DeleteFunc(cases(), func(c testCase) bool {
		return !slices.ContainsFunc(o.Only, func(prefix string) bool { return strings.HasPrefix(c.name, prefix) })
	})
}

// execute runs one case on a fresh deployment, in a goroutine of its own so
// that the case can end anywhere.
func execute(ctx context.Context, c testCase, open Open, o *Options, hidden bool) (skipped string, err error) {
	r := &run{ctx: ctx, hidden: hidden}
	if o != nil {
		r.opts = *o
	}
	failure := func() *Failure { return &Failure{Case: c.name, Hidden: hidden, Clause: c.clause, Problems: r.problem} }
	if err := r.start(open); err != nil {
		r.errorf("the deployment does not open: %v", err)
		return "", failure()
	}
	defer r.close()
	if c.needs != nil && !c.needs(r) {
		return "the store does not claim this", nil
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer r.recoverPanic()
		c.run(r)
	}()
	<-done
	if !r.failed() && r.skipped == "" {
		r.checkTwins()
	}
	if r.failed() {
		return "", failure()
	}
	return r.skipped, nil
}

func (r *run) recoverPanic() {
	if p := recover(); p != nil {
		r.errorf("panic: %v", p)
	}
}

func (r *run) start(open Open) (err error) {
	if r.depl, err = open(r.ctx); err != nil {
		return err
	}
	return r.connect()
}

// connect asks for the stores of both tenants.
func (r *run) connect() error {
	for name, s := range map[store.TenantID]*store.Store{"acme": &r.store, "zenith": &r.other} {
		tenant, err := r.depl.Tenant(r.ctx, name)
		if err != nil {
			return fmt.Errorf("tenant %s: %w", name, err)
		}
		r.caps = store.CapabilitiesOf(tenant)
		if r.hidden {
			tenant = store.Basic(tenant)
		}
		*s = tenant
	}
	return nil
}

func (r *run) close() {
	if r.depl.Close == nil {
		return
	}
	if err := r.depl.Close(); err != nil {
		r.errorf("the deployment does not close: %v", err)
	}
}
