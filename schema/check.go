package schema

import (
	"fmt"
	"slices"
	"strings"
	"unsafe"
)

// PrimaryMode says what a check does with several primary values in one
// multi-valued attribute, of which RFC 7643 §2.4 allows one.
type PrimaryMode uint8

const (
	// NormalizePrimary keeps the last one primary and sets the others to false;
	// the report says so. With the tolerance SecondPrimary off it rejects them.
	NormalizePrimary PrimaryMode = iota
	// RejectPrimary makes them a problem.
	RejectPrimary
	// PassPrimary leaves them as they are.
	PassPrimary
)

// CheckOptions changes what is checked before a resource is written. The zero
// value and a nil pointer are the defaults for identity providers.
type CheckOptions struct {
	// Off lists the tolerances that are turned off: DuplicateValue and
	// SecondPrimary are used here.
	Off ToleranceSet
	// EnforceCanonical refuses strings that are not among the canonicalValues of
	// their attribute; otherwise these are suggestions (RFC 7643 §7).
	EnforceCanonical bool
	// Primary says what happens to several primary values.
	Primary PrimaryMode
}

// CheckCreate checks a resource that is about to be created: every required
// attribute has a value, also within complex values and extensions; at most
// one value of a list is primary; no list has a value twice. It returns the
// resource with the corrections that o asks for, and their report. The error
// is a *ValidationError with every problem. o may be nil.
//
// Attributes that the service provider assigns (readOnly ones) are not asked
// for.
func CheckCreate(r *Resource, o *CheckOptions) (*Resource, *Report, error) {
	return check(nil, r, o)
}

// CheckReplace checks a resource that is about to take the place of old, as
// CheckCreate does, and that no immutable attribute has changed since it got
// its value (RFC 7643 §7). Elements of lists may come and go; those that stay,
// which their "value" tells, keep their immutable sub-attributes. What a PUT
// does not mention is unassigned in r: see Replacement.
func CheckReplace(old, r *Resource, o *CheckOptions) (*Resource, *Report, error) {
	return check(old, r, o)
}

func check(old, r *Resource, o *CheckOptions) (*Resource, *Report, error) {
	var steps [8]step // deeper than most types
	c := checker{report: &Report{}, trail: trail{typ: r.typ, steps: steps[:0]}}
	if o != nil {
		c.opts = *o
	}
	var before []Value
	if old != nil {
		before = old.fields
	}
	fields := c.record(r.typ.root, before, r.fields)
	if len(c.problems) > 0 {
		return nil, c.report, &ValidationError{Problems: c.problems}
	}
	if sameRecord(fields, r.fields) {
		return r, c.report, nil
	}
	return &Resource{typ: r.typ, fields: fields}, c.report, nil
}

// checker walks over a resource next to the one that it replaces. Its methods
// return what they were given, or a corrected copy.
type checker struct {
	opts     CheckOptions
	report   *Report
	problems []*PathError
	trail
}

func (c *checker) problem(path string, err error, characteristic, detail string) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, &PathError{Path: path, Offset: -1, Err: err, Characteristic: characteristic, Detail: detail})
	}
}

// record checks the members of a complex value or of the resource.
func (c *checker) record(a *attr, old, record []Value) []Value {
	for _, sub := range a.required {
		if v := field(record, sub.index); v.IsZero() || v.kind == KindString && v.size == 0 {
			c.problem(c.placeOf(sub.def.Name), ErrRequired, "required", "is required")
		}
	}
	for _, before := range old {
		if before.kind != KindRaw {
			c.unchanged(a.subs[before.attr], before, field(record, before.attr))
		}
	}
	out := record
	for i, f := range record {
		if f.kind == KindRaw || f.kind != KindList && !c.looksInto(a.subs[f.attr]) {
			continue
		}
		if v := c.value(a.subs[f.attr], field(old, f.attr), f); !v.same(f) {
			if sameRecord(out, record) {
				out = slices.Clone(record)
			}
			v.attr = f.attr
			out[i] = v
		}
	}
	return out
}

// looksInto reports whether a single value of a can break a rule. Its type, and
// that of all its parts, was checked when it was made.
func (c *checker) looksInto(a *attr) bool { return a.ruled || c.opts.EnforceCanonical }

// sameRecord reports whether record checked to itself.
func sameRecord(checked, record []Value) bool {
	return unsafe.SliceData(checked) == unsafe.SliceData(record)
}

// unchanged checks that an immutable attribute keeps its value.
func (c *checker) unchanged(a *attr, old, v Value) {
	if a.def.Mutability == Immutable && !a.equal(old, v) {
		c.problem(c.placeOf(a.def.Name), ErrMutability, "mutability", "is immutable and has a value already")
	}
}

// equal compares two whole values of a as a is compared.
func (a *attr) equal(v, w Value) bool {
	switch {
	case v.kind != w.kind || v.kind == KindComplex || v.kind == KindList:
		return v.Equal(w)
	case v.kind == KindString || v.kind == KindReference:
		return a.fold.equal(textOf(v), textOf(w))
	default:
		return Path{a}.FoldValue(v) == Path{a}.FoldValue(w)
	}
}

// value checks one whole value, which takes the place of old.
func (c *checker) value(a *attr, old, v Value) Value {
	if v.same(old) || a.readOnly {
		return v
	}
	c.enter(a)
	defer c.leave()
	if v.kind == KindList {
		return c.list(a, old, v)
	}
	return c.single(a, old, v)
}

func (c *checker) single(a *attr, old, v Value) Value {
	switch v.kind {
	case KindComplex:
		record := v.children()
		if out := c.record(a, old.record(), record); !sameRecord(out, record) {
			return parent(KindComplex, out)
		}
	case KindString:
		c.canonical(a, v.Text())
	}
	return v
}

func (c *checker) canonical(a *attr, text string) {
	if !c.opts.EnforceCanonical || len(a.def.CanonicalValues) == 0 {
		return
	}
	fold := Path{a}.Fold
	for _, allowed := range a.def.CanonicalValues {
		if fold(allowed) == fold(text) {
			return
		}
	}
	c.problem(c.place(), ErrValue, "canonicalValues", fmt.Sprintf("must be one of %s", strings.Join(a.def.CanonicalValues, ", ")))
}
