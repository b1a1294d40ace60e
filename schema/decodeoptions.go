package schema

// UnknownPolicy says what a decoder does with attributes that no schema of the
// resource type defines.
type UnknownPolicy uint8

const (
	// IgnoreUnknown leaves them out and lists them in Report.Ignored.
	IgnoreUnknown UnknownPolicy = iota
	// PreserveUnknown keeps their JSON with the object that they are part of and
	// writes it back at its end. No filter, path or check sees it.
	PreserveUnknown
	// RejectUnknown makes each of them a problem (ErrUnknownAttribute).
	RejectUnknown
)

// The limits of a decoder where DecodeOptions sets none.
const (
	DefaultMaxDepth  = 32
	DefaultMaxValues = 1 << 21
)

// maxProblems bounds how many problems of one body are reported.
const maxProblems = 100

// DecodeOptions changes how JSON is read. The zero value and a nil pointer are
// the reading that suits identity providers: every tolerance is on, unknown
// and readOnly attributes are ignored with a report.
type DecodeOptions struct {
	// Off lists the tolerances that are turned off; Strict turns off all.
	Off ToleranceSet
	// Unknown says what happens to attributes without a definition.
	Unknown UnknownPolicy
	// KeepReadOnly reads readOnly attributes instead of ignoring them. It is for
	// trusted input, never for what a client sent, so it also turns off the two
	// tolerances that read something else into values that conform: EmptyText and
	// JSONInString. See DecodeStored.
	KeepReadOnly bool
	// RejectReadOnly makes each readOnly attribute a problem (ErrMutability)
	// instead of ignoring it. KeepReadOnly wins over it.
	RejectReadOnly bool
	// MaxDepth limits the nesting of objects and arrays, unknown ones included;
	// 0 means DefaultMaxDepth.
	MaxDepth int
	// MaxValues limits the number of JSON values and names of members, unknown
	// ones included; 0 means DefaultMaxValues.
	MaxValues int
	// URNAliases maps the URNs of schemas that old clients send to the registered
	// ones. The letter case of the keys counts.
	URNAliases map[string]string
}

func (o *DecodeOptions) withDefaults() DecodeOptions {
	var out DecodeOptions
	if o != nil {
		out = *o
	}
	if out.KeepReadOnly {
		out.Off |= SetOf(EmptyText, JSONInString)
	}
	if out.MaxDepth <= 0 {
		out.MaxDepth = DefaultMaxDepth
	}
	if out.MaxValues <= 0 {
		out.MaxValues = DefaultMaxValues
	}
	return out
}
