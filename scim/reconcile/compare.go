package reconcile

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Options adjust a comparison. The zero value and nil mean the defaults.
type Options struct {
	// Key is the attribute by which resources are matched, such as externalId.
	// The default is the first unique one of the type, or displayName.
	Key string
	// SkipMalformed goes on after a row that cannot be understood, and yields a
	// finding for it; otherwise the comparison ends there with a *RowError.
	SkipMalformed bool
	// Memory is how much of each list is kept in memory: 64 MiB by default.
	Memory int
	// TempDir is where the rest goes; "" is the system's directory.
	TempDir string
	// Progress is told now and then how many rows were read; nil tells nobody.
	Progress func(rows int)
}

const (
	defaultMemory = 64 << 20
	progressEvery = 1000
)

// Compare yields what differs between two lists of resources of one type, in
// the order of the key. Attributes that only the service provider writes, and
// those that are never returned, are not compared.
func Compare(ctx context.Context, t *schema.ResourceType, expected, actual Rows, o *Options) iter.Seq2[Finding, error] {
	if o == nil {
		o = &Options{}
	}
	return func(yield func(Finding, error) bool) {
		c := comparison{ctx: ctx, typ: t, options: o, yield: yield}
		if err := c.run(expected, actual); err != nil && !errors.Is(err, errStopped) {
			yield(Finding{}, err)
		}
	}
}

// errStopped ends a comparison whose caller has seen enough.
var errStopped = errors.New("stopped")

// comparison is one Compare on its way.
type comparison struct {
	ctx     context.Context
	typ     *schema.ResourceType
	options *Options
	yield   func(Finding, error) bool
	key     schema.Path
	columns []schema.Path
	rows    int
}

func (c *comparison) run(expected, actual Rows) (err error) {
	if c.key, err = keyOf(c.typ, c.options.Key); err != nil {
		return err
	}
	want, have := c.sorter(), c.sorter()
	defer want.close()
	defer have.close()
	if err := c.load(want, expected, true); err != nil {
		return err
	}
	if err := c.load(have, actual, false); err != nil {
		return err
	}
	return c.merge(want, have)
}

func (c *comparison) sorter() *sorter {
	s := &sorter{limit: c.options.Memory, dir: c.options.TempDir}
	if s.limit <= 0 {
		s.limit = defaultMemory
	}
	return s
}

// keyOf finds the attribute by which resources are matched.
func keyOf(t *schema.ResourceType, name string) (schema.Path, error) {
	if name != "" {
		p, err := t.Path(name)
		if err == nil && (p.MultiValued() || p.Parent().MultiValued() || p.Kind() == schema.KindComplex) {
			err = fmt.Errorf("reconcile: %s cannot be a key, because it is not a single value", p)
		}
		return p, err
	}
	for p := range t.Paths() {
		if p.Uniqueness() != schema.UniquenessNone && p != t.IDPath() && !p.IsExtension() {
			return p, nil
		}
	}
	return t.Path("displayName")
}

// load sorts a list by the key.
func (c *comparison) load(s *sorter, list Rows, expected bool) error {
	for row, err := range list {
		if err := c.ctx.Err(); err != nil {
			return err
		}
		if err == nil {
			err = c.add(s, row, expected)
		}
		var malformed *RowError
		switch {
		case errors.As(err, &malformed) && c.options.SkipMalformed:
			err = c.found(Finding{Kind: Malformed, Line: malformed.Line, Err: malformed.Err})
		case err == nil && expected:
			c.columns = row.Columns
		}
		if err != nil {
			return err
		}
		if c.rows++; c.options.Progress != nil && c.rows%progressEvery == 0 {
			c.options.Progress(c.rows)
		}
	}
	return nil
}

func (c *comparison) add(s *sorter, row Row, expected bool) error {
	key := c.key.FoldValue(row.Resource.Get(c.key))
	if key == "" && expected {
		return &RowError{row.Line, fmt.Errorf("%s, by which rows are matched, has no value", c.key)}
	}
	data, err := row.Resource.AppendJSON(nil, &schema.Encoding{All: true})
	if err != nil {
		return &RowError{row.Line, err}
	}
	return s.add(item{key: key, line: row.Line, data: data})
}

// found yields a finding.
func (c *comparison) found(f Finding) error {
	if !c.yield(f, nil) {
		return errStopped
	}
	return nil
}

// merge walks both lists at once.
func (c *comparison) merge(want, have *sorter) error {
	nextWant, stopWant := iter.Pull2(want.sorted())
	defer stopWant()
	nextHave, stopHave := iter.Pull2(have.sorted())
	defer stopHave()
	w, wantErr, moreWant := nextWant()
	h, haveErr, moreHave := nextHave()
	last := ""
	for moreWant || moreHave {
		if err := errors.Join(wantErr, haveErr, c.ctx.Err()); err != nil {
			return err
		}
		takeWant := moreWant && (!moreHave || w.key <= h.key)
		takeHave := moreHave && (!moreWant || h.key <= w.key)
		var err error
		switch {
		case takeWant && w.key == last:
			takeHave = false
			err = c.found(Finding{Kind: Duplicate, Key: w.key, Line: w.line})
		case takeWant && takeHave:
			err = c.both(w, h)
		case takeWant:
			err = c.missing(w)
		default:
			err = c.extra(h)
		}
		if err != nil {
			return err
		}
		if takeWant {
			last = w.key
			w, wantErr, moreWant = nextWant()
		}
		if takeHave {
			h, haveErr, moreHave = nextHave()
		}
	}
	return nil
}

func (c *comparison) missing(w item) error {
	r, err := c.typ.DecodeStored(w.data)
	if err != nil {
		return &RowError{w.line, err}
	}
	return c.found(Finding{Kind: Missing, Key: w.key, Line: w.line, Expected: r})
}

func (c *comparison) extra(h item) error {
	r, err := c.typ.DecodeStored(h.data)
	if err != nil {
		return err
	}
	return c.found(Finding{Kind: Extra, Key: h.key, Ref: store.RefOf(r), Actual: r})
}

// both compares what is there with what is expected.
func (c *comparison) both(w, h item) error {
	expected, err := c.typ.DecodeStored(w.data)
	if err != nil {
		return &RowError{w.line, err}
	}
	actual, err := c.typ.DecodeStored(h.data)
	if err != nil {
		return err
	}
	mended, paths, err := c.mend(expected, actual)
	if err != nil || len(paths) == 0 {
		return err
	}
	request := patch.Diff(actual, mended)
	if len(request.Operations) == 0 {
		return nil
	}
	return c.found(Finding{
		Kind: Different, Key: w.key, Line: w.line, Ref: store.RefOf(actual),
		Expected: expected, Actual: actual, Patch: request, Paths: paths,
	})
}

// mend returns actual with the expected values of the attributes that the list
// is about.
func (c *comparison) mend(expected, actual *schema.Resource) (*schema.Resource, []string, error) {
	b := actual.Edit()
	var paths []string
	for _, p := range c.compared(expected) {
		old := actual.Get(p)
		v := overlay(p, expected.Get(p), old)
		if same(p, v, old) {
			continue
		}
		if p == c.typ.ExternalIDPath() {
			b.SetExternalID(schema.ExternalID(v.Text()))
		} else if err := b.Set(p, v); err != nil {
			return nil, nil, err
		}
		paths = append(paths, p.String())
	}
	return b.Resource(), paths, nil
}

// same reports whether two values mean the same: letter case counts only where
// the schema says so.
func same(p schema.Path, v, old schema.Value) bool {
	if v.IsZero() || old.IsZero() || p.MultiValued() || p.Kind() == schema.KindComplex {
		return v.Equal(old)
	}
	return v.Equal(old) || p.FoldValue(v) == p.FoldValue(old)
}

// overlay keeps of the elements that are there what the expected ones do not
// mention, and their order.
func overlay(p schema.Path, v, old schema.Value) schema.Value {
	if !p.MultiValued() || p.Kind() != schema.KindComplex || v.Len() == 0 {
		return v
	}
	wanted := map[string][]schema.Value{} // by key, in order
	for _, e := range v.All() {
		key := p.ElementKey(e)
		wanted[key] = append(wanted[key], e)
	}
	var list []schema.Value
	for _, e := range old.All() {
		key := p.ElementKey(e)
		if queue := wanted[key]; len(queue) > 0 {
			list = append(list, overlayElement(p, queue[0], e))
			wanted[key] = queue[1:]
		}
	}
	for _, e := range v.All() {
		key := p.ElementKey(e)
		if queue := wanted[key]; len(queue) > 0 {
			list = append(list, queue[0])
			wanted[key] = queue[1:]
		}
	}
	return schema.List(list...)
}

func overlayElement(p schema.Path, want, e schema.Value) schema.Value {
	for sub := range p.Subs() {
		if part := want.Get(sub); !part.IsZero() {
			e = e.With(sub, part)
		}
	}
	return e
}

// compared returns the attributes to compare: the columns, where lists are
// compared as a whole, or what the row has values for.
func (c *comparison) compared(expected *schema.Resource) (paths []schema.Path) {
	if c.columns == nil {
		return assignedPaths(expected)
	}
	seen := map[schema.Path]bool{}
	for _, p := range c.columns {
		if p.Parent().MultiValued() {
			p = p.Parent()
		}
		if isComparable(p) && !seen[p] {
			paths, seen[p] = append(paths, p), true
		}
	}
	return paths
}

// isComparable reports whether a list can say what the value of p is.
func isComparable(p schema.Path) bool {
	return p.Mutability() == schema.ReadWrite && p.Returned() != schema.ReturnedNever && p != p.Owner().SchemasPath()
}

// assignedPaths returns the attributes that r has values for, and of single
// complex ones their parts, so that what the row does not mention stays.
func assignedPaths(r *schema.Resource) (paths []schema.Path) {
	var add func(p schema.Path)
	add = func(p schema.Path) {
		if r.Get(p).IsZero() && !p.IsExtension() {
			return
		}
		if p.Kind() == schema.KindComplex && !p.MultiValued() {
			for sub := range p.Subs() {
				add(sub)
			}
		} else if isComparable(p) {
			paths = append(paths, p)
		}
	}
	for p := range r.Type().Paths() {
		add(p)
	}
	return paths
}
