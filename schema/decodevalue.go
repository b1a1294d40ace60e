package schema

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// value reads a whole value of a and pushes it, unless it is unassigned.
func (d *decoder) value(a *attr) error {
	switch {
	case a.def.MultiValued:
		return d.list(a)
	case d.json.PeekKind() == '[':
		return d.onlyElement(a)
	default:
		return d.element(a)
	}
}

// list reads the value of a multi-valued attribute. One value without a list
// around it is a list of one, if that is tolerated.
func (d *decoder) list(a *attr) error {
	base := len(d.stack)
	switch d.json.PeekKind() {
	case '[':
		if err := d.elements(a); err != nil {
			return err
		}
	case 'n':
		return d.skip()
	default:
		if d.opts.Off.Has(ArrayMissing) {
			return d.notList(a)
		}
		if err := d.element(a); err != nil {
			return err
		}
		if len(d.stack) > base {
			d.report.use(ArrayMissing, a.canonical)
		}
	}
	d.pushParent(KindList, a, base)
	return nil
}

func (d *decoder) elements(a *attr) error {
	if err := d.open(); err != nil {
		return err
	}
	for i := 0; d.json.PeekKind() != ']'; i++ {
		d.at(i)
		if err := d.element(a); err != nil {
			return err
		}
	}
	d.at(-1)
	return d.close()
}

func (d *decoder) notList(a *attr) error {
	sent := kindWords[d.json.PeekKind()]
	if err := d.skip(); err != nil {
		return err
	}
	return d.problem(ErrValue, "multiValued", "wants an array, not "+sent)
}

// onlyElement reads an array where one value belongs: an empty one is
// unassigned (RFC 7643 §2.5), one value is that value, if that is tolerated.
func (d *decoder) onlyElement(a *attr) error {
	if d.opts.Off.Has(SingleInArray) && !d.emptyArray() {
		return d.mismatch(a)
	}
	base := len(d.stack)
	if err := d.elements(a); err != nil {
		return err
	}
	switch len(d.stack) - base {
	case 0:
		return nil
	case 1:
		d.report.use(SingleInArray, a.canonical)
		return nil
	default:
		d.stack = d.stack[:base]
		return d.problem(ErrValue, "multiValued", "wants one value, not several")
	}
}

// emptyArray looks ahead, without consuming anything, for an array that is
// written as "[]" with any white space.
func (d *decoder) emptyArray() bool {
	rest := bytes.TrimLeft(d.source[d.json.InputOffset():], ":, \t\r\n")
	return len(rest) > 1 && rest[0] == '[' && bytes.HasPrefix(bytes.TrimLeft(rest[1:], " \t\r\n"), []byte("]"))
}

// element reads a single value of a and pushes it, unless it is unassigned.
func (d *decoder) element(a *attr) error {
	switch kind := d.json.PeekKind(); {
	case kind == 'n':
		return d.skip()
	case a.kind == KindComplex:
		return d.complex(a, kind)
	case kind == '{' || kind == '[':
		return d.mismatch(a)
	}
	raw, err := d.scalar()
	if err != nil {
		return err
	}
	return d.readScalar(a, raw)
}

// complex reads a complex value: an object, or what is tolerated in its place.
func (d *decoder) complex(a *attr, kind jsontext.Kind) error {
	switch {
	case kind == '{' && a.value == nil:
		return d.object(a)
	case kind == '{':
		base := len(d.stack)
		if err := d.object(a); err != nil || len(d.stack) == base {
			return err
		}
		return d.wrapped(a)
	case kind == '[' || a.value == nil && kind != '"':
		return d.mismatch(a)
	}
	return d.bare(a)
}

// bare reads a plain value where a complex one belongs: a string may hold the
// object, anything else stands for the sub-attribute "value".
func (d *decoder) bare(a *attr) error {
	raw, err := d.scalar()
	if err != nil {
		return err
	}
	if text := d.embedded(raw); text != nil {
		d.report.use(JSONInString, a.canonical)
		return d.inString(a, text)
	}
	if string(raw) == `""` && d.tolerate(EmptyText, a) {
		return nil
	}
	if a.value == nil || d.opts.Off.Has(BareComplex) {
		return d.wrongType(a, kindWords[raw.Kind()])
	}
	base := len(d.stack)
	d.enter(a.value)
	if err := d.readScalar(a.value, raw); err != nil {
		return err
	}
	d.leave()
	if len(d.stack) > base {
		d.report.use(BareComplex, a.canonical)
	}
	d.pushParent(KindComplex, a, base)
	return nil
}

// embedded returns the text of a string that holds a JSON object, or nil. What
// was read from a string already is not looked into again.
func (d *decoder) embedded(raw jsontext.Value) []byte {
	if d.opts.Off.Has(JSONInString) || d.nested || raw.Kind() != '"' || !bytes.HasPrefix(raw[1:], []byte("{")) {
		return nil
	}
	return validObject(d.unquote(raw))
}

func validObject(text []byte) []byte {
	if len(text) == 0 || text[0] != '{' || !jsontext.Value(text).IsValid() {
		return nil
	}
	return bytes.Clone(text)
}

// inString reads text, which is a JSON object, as a value of a.
func (d *decoder) inString(a *attr, text []byte) error {
	json, rest, source := d.json, d.src, d.source
	d.depth, d.base, d.nested = d.depth+json.StackDepth(), json.InputOffset(), true
	d.json = jsontext.NewDecoder(&d.src)
	d.read(text)
	err := d.element(a)
	d.json, d.src, d.source = json, rest, source
	d.depth, d.base, d.nested = 0, 0, false
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
	if only.attr != a.value.index || only.kind != KindString || only.word != "" {
		return nil
	}
	text := validObject(d.text[only.at : only.at+only.size])
	if text == nil || !hasMember(text, a.value.def.Name) {
		return nil
	}
	d.text, d.done, d.stack = d.text[:only.at], d.done[:top.at], d.stack[:len(d.stack)-1]
	d.report.use(JSONInString, a.canonical)
	return d.inString(a, text)
}

// hasMember reports whether object, which is valid JSON, has a member name.
func hasMember(object []byte, name string) bool {
	json := jsontext.NewDecoder(bytes.NewBuffer(object))
	if _, err := json.ReadToken(); err != nil {
		return false
	}
	for json.PeekKind() == '"' {
		token, err := json.ReadToken()
		if err != nil {
			return false
		}
		if equalFoldASCII(token.String(), name) {
			return true
		}
		if json.SkipValue() != nil {
			return false
		}
	}
	return false
}
