package schema

import (
	"iter"
	"slices"
)

// Tolerance names one deviation from the RFCs that real clients send, that has
// exactly one sensible reading, and that is therefore accepted and reported.
// All tolerances are on by default; a ToleranceSet turns some or all of them
// off.
type Tolerance uint8

// The tolerances, in the order of the catalogue. The comments give the key of
// their catalogue entry; Info has the rest.
const (
	BooleanText           Tolerance = iota // boolean-text
	NumberText                             // number-text
	BareComplex                            // bare-complex
	SingleInArray                          // single-in-array
	ArrayMissing                           // array-missing
	JSONInString                           // json-in-string
	EmptyText                              // empty-text
	SchemasMissing                         // schemas-missing
	SchemasUnknown                         // schemas-unknown
	DuplicateValue                         // duplicate-value
	SecondPrimary                          // second-primary
	ReadOnlyIgnored                        // read-only-ignored
	URNDot                                 // urn-dot
	BareExtensionName                      // bare-extension-name
	UnquotedLiteral                        // unquoted-literal
	OperationCase                          // operation-case
	DottedKey                              // dotted-key
	QualifiedKey                           // qualified-key
	CreateForFilter                        // create-for-filter
	RemoveWithValue                        // remove-with-value
	RemoveNoMatch                          // remove-no-match
	WrappedValue                           // wrapped-value
	SimpleValueFilter                      // simple-value-filter
	ReplaceReferenceWhole                  // replace-reference-whole
	FilterSpacing                          // filter-spacing
	FilterSelection                        // filter-selection
	URNAlias                               // urn-alias
	SCIM11Members                          // scim11-members
	FilterDecodedAgain                     // filter-decoded-again
	UnknownMember                          // unknown-member
	toleranceCount
)

// ToleranceInfo describes a Tolerance for documentation, logs and reports.
type ToleranceInfo struct {
	// ID is the stable identifier, in kebab case.
	ID string
	// Meaning says in one line what is accepted and how it is read.
	Meaning string
	// Clause is the rule of the RFC that the client breaks.
	Clause string
	// Clients are those known to need it.
	Clients []string
	// Switch is the field of scim.Profile without which it is not accepted. If
	// it is empty, the tolerance is on unless a ToleranceSet turns it off.
	Switch string
}

var tolerances = [toleranceCount]ToleranceInfo{
	BooleanText:           {"boolean-text", `"True" or "false" in quotes is read as the boolean`, "RFC 7643 §2.3.2", []string{"Entra ID", "Entra validator"}, ""},
	NumberText:            {"number-text", "a number where a string is expected is read as its decimal text", "RFC 7643 §2.3.1", []string{"Okta", "Entra ID"}, ""},
	BareComplex:           {"bare-complex", `a plain value for a complex attribute is read as its "value"`, "RFC 7643 §2.3.8", []string{"Entra ID"}, ""},
	SingleInArray:         {"single-in-array", "an array of one value for a single-valued attribute is read as that value", "RFC 7643 §2.4", []string{"Entra ID"}, ""},
	ArrayMissing:          {"array-missing", "one value for a multi-valued attribute is read as a list of one", "RFC 7643 §2.4", []string{"OneLogin", "ConnId", "Entra ID"}, ""},
	JSONInString:          {"json-in-string", "a string that holds a JSON object for a complex value is read as that object", "RFC 7643 §2.3.8", []string{"Entra ID"}, ""},
	EmptyText:             {"empty-text", `"" for an optional string or reference unassigns it`, "RFC 7643 §2.5", []string{"Entra ID", "OneLogin"}, ""},
	SchemasMissing:        {"schemas-missing", `a missing "schemas" is inferred from the endpoint`, "RFC 7643 §3", []string{"authentik", "Entra ID", "OneLogin"}, ""},
	SchemasUnknown:        {"schemas-unknown", `an unknown URN in "schemas" is ignored, and so is its data`, "RFC 7643 §3", []string{"OneLogin", "Entra ID"}, ""},
	DuplicateValue:        {"duplicate-value", "a value that is already in the list is not added again", "RFC 7643 §2.4", []string{"Entra ID"}, ""},
	SecondPrimary:         {"second-primary", "of several primary values the last one stays primary", "RFC 7643 §2.4", []string{"Entra validator", "Okta"}, ""},
	ReadOnlyIgnored:       {"read-only-ignored", "readOnly attributes inside a value without path are ignored", "RFC 7644 §3.5.2", []string{"Okta", "authentik", "ConnId"}, ""},
	URNDot:                {"urn-dot", "a dot instead of the colon between URN and attribute", "RFC 7644 §3.10", []string{"Entra ID"}, ""},
	BareExtensionName:     {"bare-extension-name", "an extension's attribute without its URN, where the name is unambiguous", "RFC 7644 §3.10", []string{"Entra ID", "ConnId"}, ""},
	UnquotedLiteral:       {"unquoted-literal", "an unquoted word in a filter is read as a string", "RFC 7644 §3.4.2.2", []string{"Entra ID", "authentik"}, ""},
	OperationCase:         {"operation-case", `"Add", "Replace" and "Remove" in any letter case`, "RFC 7644 §3.5.2", []string{"Entra ID"}, ""},
	DottedKey:             {"dotted-key", `a key such as "name.givenName" in a value without path is read as a path`, "RFC 7644 §3.5.2.1", []string{"Entra ID"}, ""},
	QualifiedKey:          {"qualified-key", "a key with URN and attribute in a value without path is read as a path", "RFC 7644 §3.5.2.1", []string{"Entra ID"}, ""},
	CreateForFilter:       {"create-for-filter", "a value filter of eq terms that matches nothing creates the element", "RFC 7644 §3.5.2.3", []string{"Entra ID"}, ""},
	RemoveWithValue:       {"remove-with-value", "remove with a value removes the listed values only", "RFC 7644 §3.5.2.2", []string{"Entra ID", "authentik", "JumpCloud", "Google"}, ""},
	RemoveNoMatch:         {"remove-no-match", "removing what is not there succeeds and changes nothing", "RFC 7644 §3.5.2.2", []string{"Entra ID", "Okta"}, ""},
	WrappedValue:          {"wrapped-value", "a value wrapped in an object that repeats the path is unwrapped", "RFC 7644 §3.5.2", []string{"ConnId"}, ""},
	SimpleValueFilter:     {"simple-value-filter", `attr[value eq "x"] selects a value of a simple multi-valued attribute`, "RFC 7644 §3.5.2", nil, ""},
	ReplaceReferenceWhole: {"replace-reference-whole", "replacing a complex attribute that references a resource replaces it as a whole", "RFC 7644 §3.5.2.3", []string{"Entra ID"}, ""},
	FilterSpacing:         {"filter-spacing", "blanks in a filter or path where the grammar has none, several where it has one, or a missing one", "RFC 7644 §3.4.2.2", nil, ""},
	FilterSelection:       {"filter-selection", `emails[type eq "work"].value eq "x"` + " in a filter compares the selected values", "RFC 7644 §3.4.2.2", []string{"Entra ID"}, ""},
	URNAlias:              {"urn-alias", "the URN that the client uses for a schema is read as the one that is served", "RFC 7643 §3", []string{"OneLogin"}, "SchemaAliases"},
	SCIM11Members:         {"scim11-members", "a PATCH of SCIM 1.1, whose members say themselves whether they are added or deleted", "RFC 7644 §3.5.2", []string{"OneLogin"}, "AcceptSCIM11GroupPatch"},
	FilterDecodedAgain:    {"filter-decoded-again", "a filter that matches nothing is percent-decoded once more", "RFC 3986 §2.4", []string{"Entra validator"}, "RetryDecodedFilter"},
	UnknownMember:         {"unknown-member", "a member that does not exist is left out", "RFC 7643 §4.2", []string{"Okta"}, "SkipUnknownMembers"},
}

// Info returns the catalogue entry of t.
func (t Tolerance) Info() ToleranceInfo {
	if t >= toleranceCount {
		return ToleranceInfo{ID: "unknown"}
	}
	return tolerances[t]
}

// String returns the identifier of t.
func (t Tolerance) String() string { return t.Info().ID }

// Tolerances iterates over the whole catalogue in order.
func Tolerances() iter.Seq2[Tolerance, ToleranceInfo] {
	return func(yield func(Tolerance, ToleranceInfo) bool) {
		for i, info := range tolerances {
			if !yield(Tolerance(i), info) {
				return
			}
		}
	}
}

// ToleranceSet is a set of tolerances. Options use it to say which ones are
// off, so the zero value leaves all of them on.
type ToleranceSet uint64

// Strict is the set of all tolerances: options that carry it follow the RFCs
// to the letter.
const Strict ToleranceSet = 1<<toleranceCount - 1

// SetOf returns the set of the given tolerances.
func SetOf(members ...Tolerance) ToleranceSet {
	var s ToleranceSet
	for _, t := range members {
		s |= 1 << t
	}
	return s
}

// Has reports whether t is in s.
func (s ToleranceSet) Has(t Tolerance) bool { return s&(1<<t) != 0 }

// Rewrite is one use of a tolerance: which one, and on what.
type Rewrite struct {
	// Tolerance is the entry of the catalogue.
	Tolerance Tolerance
	// Path is the attribute as far as it is known.
	Path string
}

// Report says what a decoder or compiler did besides the obvious.
type Report struct {
	// Rewrites lists the tolerances used, in order of first use. One that was
	// used several times for the same attribute is listed once.
	Rewrites []Rewrite
	// Ignored lists what was left out: unknown attributes and read-only ones,
	// in the form in which they were sent.
	Ignored []string
	// Unassigned lists the attributes that the body of a resource names without
	// a value, as null, [] or "" (RFC 7643 §2.5). For most purposes that is the
	// same as leaving them out. Those within values of lists are not listed.
	Unassigned []Path
}

// Merge appends what other reports to r.
func (r *Report) Merge(other *Report) {
	if other != nil {
		r.Rewrites = append(r.Rewrites, other.Rewrites...)
		r.Ignored = append(r.Ignored, other.Ignored...)
		r.Unassigned = append(r.Unassigned, other.Unassigned...)
	}
}

// use notes that tolerance t was needed for path, once.
func (r *Report) use(t Tolerance, path string) {
	if w := (Rewrite{t, path}); !slices.Contains(r.Rewrites, w) {
		r.Rewrites = append(r.Rewrites, w)
	}
}

// ignore notes that path was left out, once.
func (r *Report) ignore(path string) {
	if r.Ignored == nil {
		r.Ignored = make([]string, 0, 8)
	}
	if !slices.Contains(r.Ignored, path) {
		r.Ignored = append(r.Ignored, path)
	}
}
