package patch

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/muster-scim/muster/schema"
)

// Parse reads the body of a PATCH request and checks its form (RFC 7644
// §3.5.2): a PatchOp message with at least one operation, each with a known op,
// at most one path and at most one value. Paths and values are checked by
// Compile. o may be nil.
//
// The request refers to body, which must not be changed while the request is in
// use. The error is an *Error with reason InvalidSyntax or TooLarge; for a
// remove without path it is NoTarget.
func Parse(body []byte, o *Options) (*Request, error) {
	o = o.orDefault()
	if len(body) > o.maxBytes() {
		return nil, &Error{Operation: -1, Reason: TooLarge, Detail: fmt.Sprintf("the body has more than %d bytes", o.maxBytes()), Err: schema.ErrLimit}
	}
	r := newReader(body)
	defer r.release()
	p := parser{reader: r, o: o, r: &Request{parsed: true}, index: -1}
	if err := p.message(); err != nil {
		return nil, err
	}
	return p.r, nil
}

// parser reads one message in a single pass.
type parser struct {
	*reader
	o     *Options
	r     *Request
	index int // of the operation that is being read
}

func (p *parser) message() error {
	var seen names
	err := p.object("the body", func(name string) error {
		switch {
		case !seen.add(name):
			return p.fail("%q appears twice", shorten(name))
		case strings.EqualFold(name, "Operations"):
			return p.operations()
		case strings.EqualFold(name, "schemas"):
			return p.schemas()
		}
		p.r.report.Ignored = append(p.r.report.Ignored, name)
		return p.skip()
	})
	if err != nil {
		return err
	}
	if _, err := p.dec.ReadToken(); !errors.Is(err, io.EOF) {
		return p.fail("there is something after the message")
	}
	return p.complete(seen)
}

// complete checks what a message must have once it has been read.
func (p *parser) complete(seen names) error {
	switch {
	case !seen.has("Operations") && p.o.AcceptSCIM11GroupPatch:
		return p.scim11()
	case len(p.r.Operations) == 0:
		return p.fail("Operations must have at least one operation")
	case !seen.has("schemas"):
		return p.tolerate(schema.SchemasMissing, "schemas", "schemas must contain "+MessageURN)
	}
	return nil
}

// schemas reads the list of schema URNs, which must name the message.
func (p *parser) schemas() error {
	raw, err := p.value()
	if err != nil {
		return err
	}
	if string(raw) == `["`+MessageURN+`"]` {
		return nil
	}
	list, ok := stringList(raw)
	switch {
	case !ok:
		return p.fail("schemas must be a list of strings")
	case len(list) == 0:
		return p.tolerate(schema.SchemasMissing, "schemas", "schemas must contain "+MessageURN)
	case !slices.ContainsFunc(list, func(urn string) bool { return strings.EqualFold(urn, MessageURN) }):
		return p.tolerate(schema.SchemasUnknown, "schemas", "schemas must contain "+MessageURN)
	}
	return nil
}

func (p *parser) operations() error {
	if p.dec.PeekKind() != '[' {
		return p.fail("Operations must be an array")
	}
	p.dec.ReadToken()
	for p.dec.PeekKind() != ']' {
		p.index++
		if p.index >= p.o.maxOperations() {
			return &Error{Operation: p.index, Reason: TooLarge, Detail: fmt.Sprintf("more than %d operations", p.o.maxOperations()), Err: schema.ErrLimit}
		}
		if err := p.operation(); err != nil {
			return err
		}
	}
	p.index = -1
	_, err := p.dec.ReadToken()
	return p.syntax(err)
}

func (p *parser) operation() error {
	var seen names
	var op Operation
	err := p.object("an operation", func(name string) (err error) {
		switch {
		case !seen.add(name):
			return p.fail("%q appears twice", shorten(name))
		case strings.EqualFold(name, "op"):
			op.Op, err = p.op()
		case strings.EqualFold(name, "path"):
			op.Path, err = p.path()
		case strings.EqualFold(name, "value"):
			op.Value, err = p.value()
		default:
			p.r.report.Ignored = append(p.r.report.Ignored, fmt.Sprintf("Operations[%d].%s", p.index, name))
			err = p.skip()
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := op.check(p.index); err != nil {
		return err
	}
	p.r.Operations = append(p.r.Operations, op)
	return nil
}

// check checks what an operation must have, whatever it is about.
func (op *Operation) check(index int) error {
	fault := func(reason Reason, detail string) error {
		return &Error{Operation: index, Path: op.Path, Reason: reason, Detail: detail}
	}
	switch {
	case op.Op == "":
		return fault(InvalidSyntax, "op is missing")
	case op.Op != Add && op.Op != Remove && op.Op != Replace:
		return fault(InvalidSyntax, "op must be add, remove or replace")
	case op.Op == Remove && op.Path == "":
		return fault(NoTarget, "remove needs a path")
	case op.Op != Remove && op.Value == nil:
		return fault(InvalidValue, string(op.Op)+" needs a value")
	}
	return nil
}

func (p *parser) op() (Op, error) {
	if p.dec.PeekKind() != '"' {
		return "", p.fail("op must be a string")
	}
	raw, err := p.value()
	if err != nil {
		return "", err
	}
	sent := nameOf(raw)
	for _, op := range []Op{Add, Replace, Remove} {
		if sent == string(op) {
			return op, nil
		}
		if strings.EqualFold(sent, string(op)) {
			return op, p.tolerate(schema.OperationCase, fmt.Sprintf("Operations[%d].op", p.index), "op must be in lower case")
		}
	}
	return "", p.fail("op must be add, remove or replace")
}

// path reads a path; null is no path.
func (p *parser) path() (string, error) {
	if kind := p.dec.PeekKind(); kind != '"' && kind != 'n' {
		return "", p.fail("path must be a string")
	}
	token, err := p.dec.ReadToken()
	if err != nil || token.Kind() == 'n' {
		return "", p.syntax(err)
	}
	return token.String(), nil
}

// object reads an object and calls member with each name; member reads the
// value.
func (p *parser) object(what string, member func(name string) error) error {
	if p.dec.PeekKind() != '{' {
		if _, err := p.dec.ReadToken(); err != nil {
			return p.syntax(err)
		}
		return p.fail("%s must be an object", what)
	}
	p.dec.ReadToken()
	for p.dec.PeekKind() != '}' {
		raw, err := p.value()
		if err != nil {
			return err
		}
		if err := member(nameOf(raw)); err != nil {
			return err
		}
	}
	_, err := p.dec.ReadToken()
	return p.syntax(err)
}

// value returns the next value as a part of body.
func (p *parser) value() (jsontext.Value, error) {
	raw, err := p.next()
	return raw, p.syntax(err)
}

func (p *parser) skip() error { return p.syntax(p.dec.SkipValue()) }

func (p *parser) fail(format string, args ...any) error {
	return &Error{Operation: p.index, Reason: InvalidSyntax, Detail: fmt.Sprintf(format, args...), Err: schema.ErrSyntax}
}

// syntax turns an error of the JSON decoder into one of this package.
func (p *parser) syntax(err error) error {
	if err == nil {
		return nil
	}
	return p.fail("not valid JSON at byte %d", p.dec.InputOffset())
}

// tolerate reports the use of t at a place in the message, or fails if it is
// off.
func (p *parser) tolerate(t schema.Tolerance, place, otherwise string) error {
	if p.o.Off.Has(t) {
		return p.fail("%s", otherwise)
	}
	p.r.report.Rewrites = append(p.r.report.Rewrites, schema.Rewrite{Tolerance: t, Path: place})
	return nil
}

// common are the texts that nearly every message has; they are not copied.
var common = [...]string{"schemas", "Operations", "op", "path", "value", "add", "replace", "remove", "Add", "Replace", "Remove"}

// nameOf returns the text of a JSON string.
func nameOf(raw jsontext.Value) string {
	if len(raw) > 1 {
		for _, text := range common {
			if string(raw[1:len(raw)-1]) == text {
				return text
			}
		}
	}
	return stringOf(raw)
}

// names collects the member names of one object. Few objects have more than a
// handful; one that has many is still read in bounded time, because unknown
// names are not kept.
type names struct{ known uint8 }

var memberNames = [...]string{"schemas", "Operations", "op", "path", "value"}

// add reports whether name is new. Names that mean nothing here always are.
func (n *names) add(name string) bool {
	for i, known := range memberNames {
		if strings.EqualFold(name, known) {
			fresh := n.known&(1<<i) == 0
			n.known |= 1 << i
			return fresh
		}
	}
	return true
}

func (n names) has(name string) bool { return !n.add(name) }
