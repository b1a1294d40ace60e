package patch

import (
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/muster-scim/muster/schema"
)

// Compile fits the request to a resource type: paths are bound, values take the
// types of their attributes, what clients send beside the RFC is normalised,
// and whatever can be refused without a resource is refused. o may be nil; it
// should be the one that Parse got.
//
// The error is an *Error that names the operation and the path. The Changes do
// not refer to the request.
func (r *Request) Compile(t *schema.ResourceType, o *Options) (*Changes, error) {
	o = o.orDefault()
	if len(r.Operations) == 0 {
		return nil, &Error{Operation: -1, Reason: InvalidSyntax, Detail: "Operations must have at least one operation", Err: schema.ErrSyntax}
	}
	if len(r.Operations) > o.maxOperations() {
		return nil, &Error{Operation: o.maxOperations(), Reason: TooLarge, Detail: fmt.Sprintf("more than %d operations", o.maxOperations()), Err: schema.ErrLimit}
	}
	c := compiler{typ: t, o: o, decode: o.decodeOptions()}
	c.report.Merge(&r.report)
	for i := range r.Operations {
		c.index, c.op = i, r.Operations[i].Op
		if err := c.operation(&r.Operations[i], r.parsed); err != nil {
			return nil, err
		}
	}
	return &Changes{typ: t, steps: coalesce(c.steps), report: c.report, fold: r.letterCase(o), pass: o.Primary == schema.PassPrimary}, nil
}

// letterCase is how spellings are treated: a request that Diff made is about
// them.
func (r *Request) letterCase(o *Options) LetterCaseMode {
	if r.exact && o.LetterCase == CaseByUniqueness {
		return CaseStored
	}
	return o.LetterCase
}

// compiler turns operations into steps.
type compiler struct {
	typ    *schema.ResourceType
	o      *Options
	decode *schema.DecodeOptions
	report schema.Report
	steps  []step

	filters int // keys with a value filter so far

	index int  // of the current operation
	op    Op   // of the current operation
	inner bool // the target comes from a key inside the value, not from a path
}

func (c *compiler) operation(op *Operation, parsed bool) error {
	if !parsed {
		if err := op.check(c.index); err != nil {
			return err
		}
		if op.Value != nil && !op.Value.IsValid() {
			return c.fail(op.Path, InvalidSyntax, "the value is not valid JSON", schema.ErrSyntax)
		}
	}
	if c.inner = op.Path == ""; c.inner {
		return c.resource(op.Value)
	}
	t, err := c.target(op.Path)
	if err != nil {
		return err
	}
	return c.at(t, op.Value)
}

// at compiles the current operation for one target.
func (c *compiler) at(t target, raw jsontext.Value) error {
	switch {
	case t.attr == c.typ.SchemasPath():
		return c.schemas(t, raw)
	case readOnly(t.deepest()):
		return c.readOnly(t.deepest())
	case c.op == Remove:
		return c.remove(t, raw)
	case t.selects():
		return c.selected(t, c.unwrap(t.attr, raw))
	case t.attr.MultiValued():
		return c.list(t.attr, c.unwrap(t.attr, raw))
	case t.attr.Kind() == schema.KindComplex:
		return c.complex(t.attr, c.unwrap(t.attr, raw))
	}
	return c.scalar(t.attr, c.unwrap(t.attr, raw))
}

// readOnly refuses a target that a path names; inside a value it is ignored,
// because clients send back what they have read.
func (c *compiler) readOnly(p schema.Path) error {
	if !c.inner || c.o.Off.Has(schema.ReadOnlyIgnored) {
		return c.fail(p.String(), Mutability, "is readOnly", schema.ErrMutability)
	}
	c.rewrite(schema.ReadOnlyIgnored, p)
	c.report.Ignored = append(c.report.Ignored, p.String())
	return nil
}

// readOnly reports whether p or what it is part of is readOnly.
func readOnly(p schema.Path) bool {
	for ; !p.IsZero(); p = p.Parent() {
		if p.Mutability() == schema.ReadOnly {
			return true
		}
	}
	return false
}

func (c *compiler) emit(e Edit) { c.steps = append(c.steps, step{edit: e, index: c.index}) }

func (c *compiler) rewrite(t schema.Tolerance, p schema.Path) {
	c.report.Rewrites = append(c.report.Rewrites, schema.Rewrite{Tolerance: t, Path: p.String()})
}

// tolerate reports the use of t on p, or fails if it is off.
func (c *compiler) tolerate(t schema.Tolerance, p schema.Path, reason Reason, otherwise string) error {
	if c.o.Off.Has(t) {
		return c.fail(p.String(), reason, otherwise, nil)
	}
	c.rewrite(t, p)
	return nil
}

func (c *compiler) fail(path string, reason Reason, detail string, cause error) error {
	return &Error{Operation: c.index, Path: path, Reason: reason, Detail: detail, Err: cause}
}

// wrap makes an *Error of one that came from package filter or schema.
func (c *compiler) wrap(path string, err error) error {
	return c.fail(path, reasonOf(err), detailOf(err), err)
}

// value decodes the whole value of p, and takes over the report.
func (c *compiler) value(p schema.Path, raw jsontext.Value) (schema.Value, error) {
	v, report, err := p.DecodeValue(raw, c.decode)
	return c.decoded(p, v, report, err)
}

// oneValue decodes a single value of p, and takes over the report.
func (c *compiler) oneValue(p schema.Path, raw jsontext.Value) (schema.Value, error) {
	v, report, err := p.DecodeElement(raw, c.decode)
	return c.decoded(p, v, report, err)
}

// decoded takes over the report of a decoder, or wraps its error.
func (c *compiler) decoded(p schema.Path, v schema.Value, report *schema.Report, err error) (schema.Value, error) {
	if err != nil {
		return schema.Value{}, c.wrap(p.String(), err)
	}
	c.report.Merge(report)
	return v, nil
}

// detailOf is the text of err without the path, which Error has already.
func detailOf(err error) string {
	var one *schema.PathError
	var all *schema.ValidationError
	if errors.As(err, &all) || !errors.As(err, &one) || one.Detail == "" {
		return err.Error()
	}
	return one.Detail
}
