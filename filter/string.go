package filter

import "github.com/muster-scim/muster/schema"

// String returns the node as canonical text, as seen from the resource.
func (e *And) String() string { return text(e) }

// String returns the node as canonical text, as seen from the resource.
func (e *Or) String() string { return text(e) }

// String returns the node as canonical text, as seen from the resource.
func (e *Not) String() string { return text(e) }

// String returns the node as canonical text, as seen from the resource.
func (e *Compare) String() string { return text(e) }

// String returns the node as canonical text, as seen from the resource.
func (e *Present) String() string { return text(e) }

// String returns the node as canonical text, as seen from the resource.
func (e *Has) String() string { return text(e) }

func text(e Expr) string { return string(e.append(nil, schema.Path{})) }

// The append methods write canonical text. scope is the path of the Has around
// the node; names are then relative to it.

func (e *And) append(dst []byte, scope schema.Path) []byte {
	for i, t := range e.Terms {
		if i > 0 {
			dst = append(dst, " and "...)
		}
		if _, ok := t.(*Or); ok {
			dst = appendGroup(dst, t, scope)
		} else {
			dst = t.append(dst, scope)
		}
	}
	return dst
}

func (e *Or) append(dst []byte, scope schema.Path) []byte {
	for i, t := range e.Terms {
		if i > 0 {
			dst = append(dst, " or "...)
		}
		dst = t.append(dst, scope)
	}
	return dst
}

func (e *Not) append(dst []byte, scope schema.Path) []byte {
	if c, ok := e.X.(*Compare); ok && c.Op == Eq {
		return c.appendAs(dst, scope, "ne")
	}
	return appendGroup(append(dst, "not "...), e.X, scope)
}

func (e *Has) append(dst []byte, scope schema.Path) []byte {
	dst = append(appendName(dst, e.Path, scope), '[')
	return append(e.X.append(dst, e.Path), ']')
}

func (e *Present) append(dst []byte, scope schema.Path) []byte {
	return append(appendName(dst, e.Path, scope), " pr"...)
}

func (e *Compare) append(dst []byte, scope schema.Path) []byte {
	return e.appendAs(dst, scope, e.Op.String())
}

func (e *Compare) appendAs(dst []byte, scope schema.Path, op string) []byte {
	dst = append(appendName(dst, e.Path, scope), ' ')
	dst = append(append(dst, op...), ' ')
	switch e.Value.Kind() {
	case schema.KindBoolean, schema.KindInteger, schema.KindDecimal:
		return append(dst, e.Value.Text()...)
	default:
		return appendQuoted(dst, e.Value.Text())
	}
}

func appendGroup(dst []byte, e Expr, scope schema.Path) []byte {
	return append(e.append(append(dst, '('), scope), ')')
}

// appendName writes the name of p, as seen from scope.
func appendName(dst []byte, p, scope schema.Path) []byte {
	switch {
	case scope.IsZero():
		return append(dst, p.String()...)
	case p == scope:
		return append(dst, "value"...)
	default:
		return append(dst, p.Name()...)
	}
}

// shortEscapes are the escapes of RFC 8259 §7 with two characters.
var shortEscapes = [256]byte{'"': '"', '\\': '\\', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't'}

// appendQuoted writes a JSON string.
func appendQuoted(dst []byte, text string) []byte {
	const hex = "0123456789ABCDEF"
	dst = append(dst, '"')
	for i := range len(text) {
		switch c := text[i]; {
		case shortEscapes[c] != 0:
			dst = append(dst, '\\', shortEscapes[c])
		case c < ' ':
			dst = append(dst, `\u00`...)
			dst = append(dst, hex[c>>4], hex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}
