package schema

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// problem notes what is wrong with the value at the current place. Its error
// stops the reader when there are enough problems already.
func (d *decoder) problem(err error, characteristic, detail string) error {
	return d.note(&PathError{Path: d.place(), Offset: d.offset(), Err: err, Characteristic: characteristic, Detail: detail})
}

func (d *decoder) note(p *PathError) error {
	if len(d.problems) >= maxProblems {
		return d.stop(ErrLimit, fmt.Sprintf("has more than %d problems", maxProblems))
	}
	d.problems = append(d.problems, p)
	return nil
}

// stop makes the error that ends reading at the current place.
func (d *decoder) stop(err error, detail string) *PathError {
	return &PathError{Path: d.place(), Offset: d.offset(), Err: err, Detail: detail}
}

// scanProblem is the problem that a scanner stopped at.
func (d *decoder) scanProblem(err error) *PathError {
	switch err {
	case errDepth:
		return d.stop(ErrLimit, fmt.Sprintf("is nested deeper than %d levels", d.maxLevel))
	case errTokens:
		return d.stop(ErrLimit, fmt.Sprintf("has more than %d values", d.maxTokens))
	}
	d.start = d.pos
	return d.stop(ErrSyntax, err.Error())
}

// tolerate reports whether tolerance t is on, and notes its use for a.
func (d *decoder) tolerate(t Tolerance, a *attr) bool {
	if d.opts.Off.Has(t) {
		return false
	}
	d.use(t, a)
	return true
}

// use lists a tolerance that was needed for a, once.
func (d *decoder) use(t Tolerance, a *attr) {
	if len(d.used) == 0 {
		d.used = append(d.used, make([]ToleranceSet, len(d.typ.all))...)
	}
	if set := &d.used[a.ord]; !set.Has(t) {
		*set |= SetOf(t)
		d.report.Rewrites = append(d.report.Rewrites, Rewrite{t, a.canonical})
	}
}

// mismatch notes that the value that starts with the current token is of the
// wrong type, and skips it.
func (d *decoder) mismatch(a *attr) error {
	if err := d.wrongType(a, kindWords[d.kind]); err != nil {
		return err
	}
	return d.skip()
}

func (d *decoder) wrongType(a *attr, sent string) error {
	return d.problem(ErrValue, "type", fmt.Sprintf("wants %s, not %s", typeWords[a.def.Type], sent))
}

var kindWords = map[jsontext.Kind]string{
	'n': "null", 't': "true", 'f': "false", '"': "a string", '0': "a number", '{': "an object", '[': "an array",
}

var typeWords = map[Type]string{
	TypeString: "a string", TypeBoolean: "true or false", TypeDecimal: "a number", TypeInteger: "a whole number",
	TypeDateTime: "a date and time such as 2006-01-02T15:04:05Z", TypeBinary: "a base64 string",
	TypeReference: "a URI string", TypeComplex: "an object",
}
