package schema

// Encoding says how a resource is written. The zero value and a nil pointer
// write what a response holds by default.
type Encoding struct {
	// Projection selects attributes; nil follows the returned characteristic
	// alone.
	Projection *Projection
	// Location returns the absolute URL of a resource. With it meta.location is
	// written, and the $ref of each reference to a resource whose type is known;
	// without it they are written as they are stored.
	Location func(resourceType string, id ID) string
	// All writes everything as it is stored, returned:never and writeOnly
	// attributes too, and ignores the other fields. This is the form for stores:
	// DecodeStored reads it back to an equal resource. Never send it to a client.
	All bool
}

// AppendJSON appends the JSON of r to dst and returns the longer slice. The
// order is that of the schema, so equal resources give equal bytes: the common
// attributes, those of the base schema, then the extensions. Attributes that
// are never returned are left out (but see Encoding.All), and so is what e
// does not select; an object that thereby becomes empty is left out too.
//
// The error is always nil for resources that were decoded or built by this
// package; it is there because a Value made by the caller might hold text that
// is not UTF-8.
func (r *Resource) AppendJSON(dst []byte, e *Encoding) ([]byte, error) {
	w := writer{out: dst, shown: r.typ.shown, raw: true}
	if e != nil {
		w.configure(r.typ, e)
	}
	w.resource(r)
	return w.out, w.err
}

// AppendJSON appends the JSON of v, which is a value or an element of p, with
// everything that is stored. The zero Value gives null.
func (p Path) AppendJSON(dst []byte, v Value) ([]byte, error) {
	w := writer{out: dst, raw: true}
	if !w.value(p.a, v) {
		w.out = append(w.out, "null"...)
	}
	return w.out, w.err
}

// AppendElement appends the JSON of v, one value of the multi-valued attribute
// p, as it is part of the JSON of a resource: with what e selects, and with
// references. It appends nothing if there is nothing to show. Together with
// Projection.Without it lets a large list be written as it is read.
func (p Path) AppendElement(dst []byte, v Value, e *Encoding) ([]byte, error) {
	w := writer{out: dst, shown: p.a.owner.shown, raw: true}
	if e != nil {
		w.configure(p.a.owner, e)
	}
	w.value(p.a, v)
	return w.out, w.err
}
