package schema

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// resource reads the whole body.
func (d *decoder) resource() error {
	if err := d.begin(); err != nil {
		return err
	}
	if d.kind != '{' {
		return d.stop(ErrSyntax, "wants an object, not "+kindWords[d.kind])
	}
	if err := d.object(d.typ.root); err != nil {
		return err
	}
	return d.checkSchemas()
}

// object reads an object, after its start, as the record of a and pushes it,
// unless it is empty.
func (d *decoder) object(a *attr) error {
	o := frame{attr: a, stack: len(d.stack), seen: len(d.seen), id: d.tokens}
	for range len(a.subs)/64 + 1 {
		d.seen = append(d.seen, 0)
	}
	for {
		if err := d.scanName(); err != nil {
			return err
		}
		if d.kind == '}' {
			break
		}
		if err := d.member(&o); err != nil {
			return err
		}
	}
	d.seen = d.seen[:o.seen]
	if len(o.raw) > 0 {
		d.pushText(rawAttr, KindRaw, o.raw)
	}
	d.pushParent(KindComplex, a, o.stack)
	return nil
}

// frame is an object that is being read.
type frame struct {
	attr  *attr
	stack int    // where its members start on the stack
	seen  int    // where its set of members starts
	id    int    // different for each object of a body
	next  int    // the member that is likely to come next
	raw   []byte // unknown members that are kept
}

// find looks for a member by its name, first where it is likely to be.
func (o *frame) find(name []byte) *attr {
	if subs := o.attr.subs; o.next < len(subs) && subs[o.next].def.Name == string(name) {
		return subs[o.next]
	}
	return o.attr.names.findBytes(name)
}

// member reads a member, whose name is the current token.
func (d *decoder) member(o *frame) error {
	sub := o.find(d.text())
	if sub == nil {
		if sub = d.alias(o.attr); sub == nil {
			return d.unknown(o, string(d.text()))
		}
	}
	o.next = int(sub.index) + 1
	d.enter(sub)
	word, bit := &d.seen[o.seen+int(sub.index/64)], uint64(1)<<(sub.index%64)
	if *word&bit != 0 {
		return d.stop(ErrSyntax, "is there twice")
	}
	*word |= bit
	if err := d.scanMember(); err != nil {
		return err
	}
	kind, values, problems := d.kind, len(d.stack), len(d.problems)
	if err := d.known(sub); err != nil {
		return err
	}
	if len(d.stack) == values && len(d.problems) == problems && kind != '{' {
		d.unassigned(sub)
	}
	d.leave()
	return nil
}

// unassigned notes that the body says that a has no value.
func (d *decoder) unassigned(a *attr) {
	if a != d.typ.schemas && !a.inList && (!a.readOnly || d.opts.KeepReadOnly) {
		d.report.Unassigned = append(d.report.Unassigned, Path{a})
	}
}

func (d *decoder) known(a *attr) error {
	switch {
	case a == d.typ.schemas:
		return d.schemas()
	case a.readOnly && !d.opts.KeepReadOnly:
		return d.readOnly(a)
	default:
		return d.value(a)
	}
}

func (d *decoder) readOnly(a *attr) error {
	if !d.opts.RejectReadOnly {
		d.ignore(a.canonical)
	} else if err := d.problem(ErrMutability, "mutability", "is readOnly"); err != nil {
		return err
	}
	return d.skip()
}

// alias finds the extension that an old URN, the current token, stands for.
func (d *decoder) alias(a *attr) *attr {
	sub := a.names.find(d.opts.URNAliases[string(d.text())])
	if sub != nil {
		d.use(URNAlias, sub)
	}
	return sub
}

// unknownName identifies a member of an object that no schema knows.
type unknownName struct {
	object int
	folded string
}

// unknown treats a member that no schema knows as the policy says.
func (d *decoder) unknown(o *frame, name string) error {
	key := unknownName{o.id, strings.ToLower(name)}
	if _, twice := d.names[key]; twice {
		return &PathError{Path: d.placeOf(name), Offset: d.offset(), Err: ErrSyntax, Detail: "is there twice"}
	}
	if d.names == nil {
		d.names = make(map[unknownName]struct{})
	}
	d.names[key] = struct{}{}
	if err := d.scanMember(); err != nil {
		return err
	}
	switch d.opts.Unknown {
	case PreserveUnknown:
		return d.preserve(o, name)
	case RejectUnknown:
		if err := d.reject(name); err != nil {
			return err
		}
	default:
		d.ignore(d.canonicalPlace(name))
	}
	return d.skip()
}

func (d *decoder) reject(name string) error {
	place := d.placeOf(name)
	detail := fmt.Sprintf("not an attribute of %s", d.typ.Name())
	if near := d.suggest(place); near != "" {
		detail += fmt.Sprintf("; did you mean %q?", near)
	}
	return d.note(&PathError{Path: place, Offset: d.offset(), Err: ErrUnknownAttribute, Detail: detail})
}

// suggest returns the attribute that a name was probably meant to be. Whoever
// made many mistakes looks at the first ones, and finding suggestions for all
// would take long.
func (d *decoder) suggest(place string) string {
	const few = 8
	if len(d.problems) >= few {
		return ""
	}
	return d.typ.nearest(place)
}

// preserve keeps the JSON of an unknown member in compact form.
func (d *decoder) preserve(o *frame, name string) error {
	start, source := d.start, d.source
	if err := d.skip(); err != nil {
		return err
	}
	value := jsontext.Value(bytes.Clone(source[start:d.pos]))
	_ = value.Compact() // it was read already
	if len(o.raw) > 0 {
		o.raw = append(o.raw, ',')
	}
	o.raw, _ = jsontext.AppendQuote(o.raw, name)
	o.raw = append(append(o.raw, ':'), value...)
	return nil
}

// ignore lists an attribute that is left out, once.
func (d *decoder) ignore(path string) {
	const few = 16
	if len(d.report.Ignored) < few {
		d.report.ignore(path)
		return
	}
	if d.ignored == nil {
		d.ignored = make(map[string]struct{})
		for _, known := range d.report.Ignored {
			d.ignored[known] = struct{}{}
		}
	}
	if _, twice := d.ignored[path]; !twice {
		d.ignored[path] = struct{}{}
		d.report.Ignored = append(d.report.Ignored, path)
	}
}
