package schema

import "bytes"

// readScalar reads the current token, which is neither null nor the start of an
// object or array, as a value of a and pushes it, unless it is unassigned.
func (d *decoder) readScalar(a *attr) error {
	switch {
	case d.kind == '"':
		return d.readString(a)
	case d.kind == '0':
		return d.readNumber(a)
	case a.kind == KindBoolean:
		d.pushBool(a, d.kind == 't')
		return nil
	default:
		return d.wrongType(a, kindWords[d.kind])
	}
}

func (d *decoder) readString(a *attr) error {
	if d.pushWord(a, d.text()) {
		return nil
	}
	if stop, err := d.special(a, d.text()); stop {
		return err
	}
	d.pushText(a.index, a.kind, d.text())
	return nil
}

// special deals with a string that is not simply the text of a value of a.
func (d *decoder) special(a *attr, text []byte) (stop bool, err error) {
	switch a.kind {
	case KindString, KindReference:
		if len(text) == 0 {
			return true, d.emptyText(a)
		}
		return false, nil
	case KindBoolean:
		return true, d.booleanText(a, text)
	case KindDateTime:
		if isDateTime(text) {
			return false, nil
		}
		return true, d.wrongType(a, "this text")
	case KindBinary:
		if isBase64(text) {
			return false, nil
		}
		return true, d.wrongType(a, "this text")
	default:
		return true, d.wrongType(a, "a string")
	}
}

// emptyText reads "": not a value of a required attribute, unassigned if that
// is tolerated, and otherwise a text like any other (RFC 7643 §2.3.1).
func (d *decoder) emptyText(a *attr) error {
	switch {
	case a.def.Required && !d.opts.KeepReadOnly:
		return d.problem(ErrRequired, "required", "must not be empty")
	case !d.tolerate(EmptyText, a):
		d.pushText(a.index, a.kind, nil)
	}
	return nil
}

func (d *decoder) booleanText(a *attr, text []byte) error {
	yes := equalFoldASCII(text, "true")
	if !yes && !equalFoldASCII(text, "false") || !d.tolerate(BooleanText, a) {
		return d.wrongType(a, "a string")
	}
	d.pushBool(a, yes)
	return nil
}

func (d *decoder) readNumber(a *attr) error {
	switch {
	case a.kind == KindDecimal:
	case a.kind == KindInteger:
		if bytes.ContainsAny(d.raw(), ".eE") {
			return d.wrongType(a, "a number with a fraction or an exponent")
		}
	case a.kind != KindString || !d.tolerate(NumberText, a):
		return d.wrongType(a, "a number")
	}
	d.pushText(a.index, a.kind, d.raw())
	return nil
}
