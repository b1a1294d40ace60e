package schema

import "slices"

// schemas reads the member "schemas". It is checked and then left out of the
// resource, because it follows from the data (RFC 7643 §3).
func (d *decoder) schemas() error {
	a := d.typ.schemas
	switch {
	case d.kind == 'n':
		return nil
	case d.kind == '"' && d.tolerate(ArrayMissing, a):
		return d.schemaURI()
	case d.kind != '[':
		return d.notList()
	}
	for i := 0; ; i++ {
		d.at(i)
		if err := d.scanElement(); err != nil {
			return err
		}
		if d.kind == ']' {
			return nil
		}
		if err := d.schemaURI(); err != nil {
			return err
		}
	}
}

// schemaURI reads one entry of "schemas".
func (d *decoder) schemaURI() error {
	if d.kind != '"' {
		return d.mismatch(d.typ.schemas)
	}
	switch at := d.schemaOf(d.text()); {
	case at < 0:
		return d.unknownSchema()
	case slices.Contains(d.uris, at):
		return d.repeatedSchema()
	default:
		d.uris = append(d.uris, at)
		return nil
	}
}

// schemaOf returns 0 for the base schema, the number of the extension counted
// from 1, or -1.
func (d *decoder) schemaOf(uri []byte) int {
	if alias, ok := d.opts.URNAliases[string(uri)]; ok {
		uri = []byte(alias)
		d.use(URNAlias, d.typ.schemas)
	}
	if equalFoldASCII(uri, d.typ.def.Schema.ID) {
		return 0
	}
	for i, e := range d.typ.byURN {
		if equalFoldASCII(uri, e.urn) {
			return i + 1
		}
	}
	return -1
}

func (d *decoder) unknownSchema() error {
	if d.tolerate(SchemasUnknown, d.typ.schemas) {
		return nil
	}
	return d.problem(ErrSyntax, "schemas", "not a schema of "+d.typ.Name())
}

func (d *decoder) repeatedSchema() error {
	if d.tolerate(DuplicateValue, d.typ.schemas) {
		return nil
	}
	return d.problem(ErrSyntax, "schemas", "names a schema twice")
}

// checkSchemas looks for the base schema, once everything is read. What
// extensions have data is seen from the data (RFC 7643 §3.3).
func (d *decoder) checkSchemas() error {
	if slices.Contains(d.uris, 0) || d.tolerate(SchemasMissing, d.typ.schemas) {
		return nil
	}
	return d.note(&PathError{
		Path: "schemas", Offset: d.offset(), Err: ErrSyntax, Characteristic: "required",
		Detail: "must name " + d.typ.def.Schema.ID,
	})
}
