package schema

import "math"

// Decode reads the JSON of a resource as a client sends it (RFC 7643 §2, §3).
// Names match in any letter case and every value is checked against its
// definition. Attributes that the client may not set (readOnly) and unknown
// ones are left out and listed in the report, together with each tolerance
// that was needed; o, which may be nil, changes that.
//
// The error is a *ValidationError with every problem of the body, each with
// its path and byte offset; only broken JSON, duplicate members and exceeded
// limits end the search at once. Required attributes are not looked for: see
// CheckCreate.
//
// The resource keeps no reference to data. Values that are null, empty lists
// or empty objects are unassigned (RFC 7643 §2.5).
func (t *ResourceType) Decode(data []byte, o *DecodeOptions) (*Resource, *Report, error) {
	d := newDecoder(t, data, o)
	defer d.release()
	if err := d.finish(d.resource()); err != nil {
		return nil, d.report, err
	}
	return &Resource{typ: t, fields: d.assemble().record()}, d.report, nil
}

// DecodeStored reads back what AppendJSON wrote with Encoding.All, to an equal
// resource. It is for stores: everything is kept, no value is read in a tolerant
// way, and the number of values is not limited. What "schemas" says does not
// matter, so data outlives the extension that defined it, as unknown.
func (t *ResourceType) DecodeStored(data []byte) (*Resource, error) {
	const values = Strict &^ (1<<SchemasMissing | 1<<SchemasUnknown | 1<<DuplicateValue)
	r, _, err := t.Decode(data, &DecodeOptions{Off: values, KeepReadOnly: true, Unknown: PreserveUnknown, MaxValues: math.MaxInt})
	return r, err
}

// DecodeValue reads the JSON of a whole value of p: for a multi-valued
// attribute the list. JSON null, an empty list and, unless the tolerance is
// off, an empty string give the zero Value. The path itself may be readOnly;
// readOnly sub-attributes are ignored as Decode does. Errors are those of
// Decode.
func (p Path) DecodeValue(data []byte, o *DecodeOptions) (Value, *Report, error) {
	return p.decode(data, o, (*decoder).value)
}

// DecodeElement reads the JSON of a single value of p: for a multi-valued
// attribute one element. Otherwise it is like DecodeValue.
func (p Path) DecodeElement(data []byte, o *DecodeOptions) (Value, *Report, error) {
	return p.decode(data, o, (*decoder).element)
}

func (p Path) decode(data []byte, o *DecodeOptions, read func(*decoder, *attr) error) (Value, *Report, error) {
	if p.a == nil || p.a == p.a.owner.schemas {
		return Value{}, &Report{}, &ValidationError{[]*PathError{{
			Path: p.String(), Offset: -1, Err: ErrValue, Detail: "has no value of its own to decode",
		}}}
	}
	d := newDecoder(p.a.owner, data, o)
	defer d.release()
	d.opts.KeepReadOnly = d.opts.KeepReadOnly || p.a.readOnly
	d.enter(p.a)
	err := d.begin()
	if err == nil {
		err = read(d, p.a)
	}
	if err := d.finish(err); err != nil {
		return Value{}, d.report, err
	}
	return d.assemble(), d.report, nil
}
