package schema

// Type is the data type of an attribute (RFC 7643 §2.3). The zero value means
// TypeString.
type Type string

// The eight data types of RFC 7643 §2.3.
const (
	TypeString    Type = "string"
	TypeBoolean   Type = "boolean"
	TypeDecimal   Type = "decimal"
	TypeInteger   Type = "integer"
	TypeDateTime  Type = "dateTime"
	TypeBinary    Type = "binary"
	TypeReference Type = "reference"
	TypeComplex   Type = "complex"
)

// Mutability says when an attribute may be written (RFC 7643 §2.2, §7). The
// zero value means ReadWrite.
type Mutability string

// The mutability values of RFC 7643 §7.
const (
	ReadWrite Mutability = "readWrite"
	ReadOnly  Mutability = "readOnly"
	Immutable Mutability = "immutable"
	WriteOnly Mutability = "writeOnly"
)

// Returned says when an attribute appears in a response (RFC 7643 §7). The
// zero value means ReturnedDefault.
type Returned string

// The returned values of RFC 7643 §7.
const (
	ReturnedDefault Returned = "default"
	ReturnedAlways  Returned = "always"
	ReturnedNever   Returned = "never"
	ReturnedRequest Returned = "request"
)

// Uniqueness says how the service provider keeps values apart (RFC 7643 §7).
// The zero value means UniquenessNone.
type Uniqueness string

// The uniqueness values of RFC 7643 §7.
const (
	UniquenessNone   Uniqueness = "none"
	UniquenessServer Uniqueness = "server"
	UniquenessGlobal Uniqueness = "global"
)

func (t Type) orDefault() Type             { return orDefault(t, TypeString) }
func (m Mutability) orDefault() Mutability { return orDefault(m, ReadWrite) }
func (r Returned) orDefault() Returned     { return orDefault(r, ReturnedDefault) }
func (u Uniqueness) orDefault() Uniqueness { return orDefault(u, UniquenessNone) }

func orDefault[T ~string](value, fallback T) T {
	if value == "" {
		return fallback
	}
	return value
}
