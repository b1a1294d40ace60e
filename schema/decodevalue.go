package schema

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// value reads a whole value of a, which starts with the current token, and
// pushes it, unless it is unassigned.
func (d *decoder) value(a *attr) error {
	switch {
	case a.multi:
		return d.list(a)
	case d.kind == '[':
		return d.onlyElement(a)
	default:
		return d.element(a)
	}
}

// list reads the value of a multi-valued attribute. One value without a list
// around it is a list of one, if that is tolerated.
func (d *decoder) list(a *attr) error {
	base := len(d.stack)
	switch {
	case d.kind == '[':
		if err := d.elements(a); err != nil {
			return err
		}
	case d.kind == 'n':
		return nil
	case d.opts.Off.Has(ArrayMissing):
		return d.notList()
	default:
		if err := d.element(a); err != nil {
			return err
		}
		if len(d.stack) > base {
			d.use(ArrayMissing, a)
		}
	}
	d.pushParent(KindList, a, base)
	return nil
}

// elements reads the elements of an array, after its start, and pushes each.
func (d *decoder) elements(a *attr) error {
	for i := 0; ; i++ {
		d.at(i)
		if err := d.scanElement(); err != nil {
			return err
		}
		if d.kind == ']' {
			d.at(-1)
			return nil
		}
		if err := d.element(a); err != nil {
			return err
		}
	}
}

func (d *decoder) notList() error {
	if err := d.problem(ErrValue, "multiValued", "wants an array, not "+kindWords[d.kind]); err != nil {
		return err
	}
	return d.skip()
}

// onlyElement reads an array where one value belongs: an empty one is
// unassigned (RFC 7643 §2.5), one value is that value, if that is tolerated.
func (d *decoder) onlyElement(a *attr) error {
	base, problem := len(d.stack), len(d.problems)
	if err := d.elements(a); err != nil {
		return err
	}
	switch n := len(d.stack) - base; {
	case n == 0:
		return nil
	case n == 1 && d.tolerate(SingleInArray, a):
		return nil
	case n == 1:
		d.stack, d.problems = d.stack[:base], d.problems[:problem]
		return d.wrongType(a, kindWords['['])
	default:
		d.stack, d.problems = d.stack[:base], d.problems[:problem]
		return d.problem(ErrValue, "multiValued", "wants one value, not several")
	}
}

// element reads a single value of a, which starts with the current token, and
// pushes it, unless it is unassigned.
func (d *decoder) element(a *attr) error {
	switch {
	case d.kind == 'n':
		return nil
	case a.kind == KindComplex:
		return d.complex(a)
	case d.kind == '{' || d.kind == '[':
		return d.mismatch(a)
	default:
		return d.readScalar(a)
	}
}

// complex reads a complex value: an object, or what is tolerated in its place.
func (d *decoder) complex(a *attr) error {
	switch {
	case d.kind == '{':
		base := len(d.stack)
		if err := d.object(a); err != nil || len(d.stack) == base || a.value == nil {
			return err
		}
		return d.wrapped(a)
	case d.kind == '[':
		return d.mismatch(a)
	default:
		return d.bare(a)
	}
}

// bare reads a plain value where a complex one belongs: a string may hold the
// object, anything else stands for the sub-attribute "value".
func (d *decoder) bare(a *attr) error {
	if text := d.embedded(); text != nil {
		d.use(JSONInString, a)
		return d.inString(a, text)
	}
	if string(d.raw()) == `""` && d.tolerate(EmptyText, a) {
		return nil
	}
	if a.value == nil || d.opts.Off.Has(BareComplex) {
		return d.wrongType(a, kindWords[d.kind])
	}
	base := len(d.stack)
	d.enter(a.value)
	if err := d.readScalar(a.value); err != nil {
		return err
	}
	d.leave()
	if len(d.stack) > base {
		d.use(BareComplex, a)
	}
	d.pushParent(KindComplex, a, base)
	return nil
}

// embedded returns the text of a string that holds a JSON object, or nil. What
// was read from a string already is not looked into again.
func (d *decoder) embedded() []byte {
	if d.opts.Off.Has(JSONInString) || d.nested || d.kind != '"' || !bytes.HasPrefix(d.text(), []byte{'{'}) {
		return nil
	}
	return validObject(d.text())
}

func validObject(text []byte) []byte {
	if len(text) == 0 || text[0] != '{' || !jsontext.Value(text).IsValid() {
		return nil
	}
	return bytes.Clone(text)
}

// inString reads text, which is a JSON object, as a value of a.
func (d *decoder) inString(a *attr, text []byte) error {
	outer := d.scanner
	d.base, d.nested = d.offset(), true
	d.source, d.pos = text, 0
	err := d.scanValue()
	if err == nil {
		err = d.element(a)
	}
	outer.tokens, outer.unescaped = d.tokens, d.unescaped
	d.scanner, d.nested = outer, false
	return err
}

// wrapped looks at the complex value on top of the stack: if it only has a
// "value", which holds a JSON object with a "value" of its own, the value is
// that object.
func (d *decoder) wrapped(a *attr) error {
	top := &d.stack[len(d.stack)-1]
	if d.nested || top.size != 1 || d.opts.Off.Has(JSONInString) {
		return nil
	}
	only := d.done[top.at]
	if only.attr != a.value.index || only.kind != KindString || only.from != inText {
		return nil
	}
	text := validObject(d.texts[only.at : only.at+only.size])
	if text == nil || !hasMember(text, a.value.def.Name) {
		return nil
	}
	d.texts = d.texts[:only.at]
	d.done, d.stack = d.done[:top.at], d.stack[:len(d.stack)-1]
	d.use(JSONInString, a)
	return d.inString(a, text)
}

// hasMember reports whether object, which is valid JSON, has a member name.
func hasMember(object []byte, name string) bool {
	json := jsontext.NewDecoder(bytes.NewBuffer(object))
	_, err := json.ReadToken()
	for err == nil && json.PeekKind() == '"' {
		token, _ := json.ReadToken()
		if equalFoldASCII(token.String(), name) {
			return true
		}
		err = json.SkipValue()
	}
	return false
}
