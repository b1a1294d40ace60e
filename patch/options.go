package patch

import (
	"cmp"

	"github.com/muster-scim/muster/schema"
)

// The limits that apply where Options does not set others.
const (
	// DefaultMaxOperations is far above what any known client sends at once.
	DefaultMaxOperations = 1000
	// DefaultMaxBytes is the size limit of a request body, 1 MiB.
	DefaultMaxBytes = 1 << 20
)

// Options adjust how requests are read. The zero value and nil mean the
// defaults: every limit as documented, every tolerance on. An Options must not
// be changed while it is in use.
type Options struct {
	// Off turns tolerances off; schema.Strict turns off all of them, and RFC
	// 7644 is followed to the letter. The tolerances of this package are those
	// whose Clause is in RFC 7644 §3.5.2; values and paths also use those of
	// packages schema and filter.
	Off schema.ToleranceSet
	// RemoveValue says what a remove with a value, but without a value filter,
	// means.
	RemoveValue RemoveValueMode
	// EmptyString says what "" means.
	EmptyString EmptyStringMode
	// Primary says what happens to a value list with several primary values.
	Primary schema.PrimaryMode
	// LetterCase says whether a write that differs from the stored value only
	// in letter case, where the attribute is not caseExact, is a change.
	LetterCase LetterCaseMode
	// Unknown says what happens to an unknown attribute inside a value. An
	// unknown attribute in a path always is an InvalidPath. PreserveUnknown keeps
	// what is in the values of a list; an attribute of the resource itself, or of
	// a complex attribute that is merged, is ignored with a report, because no
	// edit can name it.
	Unknown schema.UnknownPolicy
	// AcceptSCIM11GroupPatch reads the SCIM 1.1 form of PATCH as well, in which
	// each member carries its own operation.
	AcceptSCIM11GroupPatch bool
	// MaxOperations limits the operations of one request; 0 means
	// DefaultMaxOperations.
	MaxOperations int
	// MaxBytes limits the request body; 0 means DefaultMaxBytes.
	MaxBytes int
	// URNAliases maps legacy schema URNs to registered ones.
	URNAliases map[string]string
}

// RemoveValueMode says what a remove means that carries a value but no value
// filter. The RFC does not define a value for remove; read to the letter, it
// empties the attribute, and groups were lost to that reading.
type RemoveValueMode uint8

// The readings of remove with a value.
const (
	// RemoveListed removes the listed values only, which is what every known
	// client that sends a value means.
	RemoveListed RemoveValueMode = iota
	// RemoveAll ignores the value and removes the whole attribute, which is the
	// letter of the RFC. It also applies where schema.RemoveWithValue is off.
	RemoveAll
	// RemoveReject refuses the request as InvalidValue.
	RemoveReject
)

// EmptyStringMode says what the empty string means for a string or reference.
type EmptyStringMode uint8

// The readings of "".
const (
	// EmptyUnassigns removes the value; for a required attribute it is an
	// InvalidValue.
	EmptyUnassigns EmptyStringMode = iota
	// EmptyKept stores "" like any other string. It also applies where
	// schema.EmptyText is off.
	EmptyKept
)

// LetterCaseMode says whether letter case alone makes a difference between the
// old and the new value of an attribute that is not caseExact. Whatever the
// mode, such an attribute never gets two values that differ only in letter
// case, and an immutable one may be written in another case without effect.
type LetterCaseMode uint8

// The readings of a write in another letter case.
const (
	// CaseByUniqueness keeps the old spelling, and reports no change, of an
	// attribute whose uniqueness is server or global: userName identifies the
	// same account in any letter case. Of any other attribute the new spelling is
	// stored, so that displayName can be corrected from "mcdonald" to "McDonald".
	CaseByUniqueness LetterCaseMode = iota
	// CaseStored stores the new spelling of every attribute: what was sent reads
	// back as it was sent.
	CaseStored
	// CaseIgnored keeps the old spelling of every attribute and reports no change.
	CaseIgnored
)

// keeps reports whether the old spelling of a value of p stays.
func (m LetterCaseMode) keeps(p schema.Path) bool {
	switch {
	case m == CaseIgnored || p.Mutability() == schema.Immutable:
		return true
	case m == CaseStored:
		return false
	}
	return p.Uniqueness() != schema.UniquenessNone
}

// defaults are never changed.
var defaults Options

func (o *Options) orDefault() *Options {
	if o == nil {
		return &defaults
	}
	return o
}

func (o *Options) maxOperations() int { return cmp.Or(max(o.MaxOperations, 0), DefaultMaxOperations) }

func (o *Options) maxBytes() int { return cmp.Or(max(o.MaxBytes, 0), DefaultMaxBytes) }

// removeMode is RemoveValue with the tolerance taken into account.
func (o *Options) removeMode() RemoveValueMode {
	if o.RemoveValue == RemoveListed && o.Off.Has(schema.RemoveWithValue) {
		return RemoveAll
	}
	return o.RemoveValue
}

// off is Off with the modes taken into account that package schema knows as
// tolerances.
func (o *Options) off() schema.ToleranceSet {
	if o.EmptyString == EmptyKept {
		return o.Off | schema.SetOf(schema.EmptyText)
	}
	return o.Off
}

// decodeOptions returns the options for values.
func (o *Options) decodeOptions() *schema.DecodeOptions {
	return &schema.DecodeOptions{Off: o.off(), Unknown: o.Unknown, URNAliases: o.URNAliases}
}
