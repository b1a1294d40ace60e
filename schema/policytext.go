package schema

import "github.com/muster-scim/muster/internal/choice"

// The names of the choices, for files.
var (
	unknownPolicies = choice.Names{IgnoreUnknown: "ignore", PreserveUnknown: "preserve", RejectUnknown: "reject"}
	primaryModes    = choice.Names{NormalizePrimary: "normalize", RejectPrimary: "reject", PassPrimary: "pass"}
)

// String returns "ignore", "preserve" or "reject".
func (u UnknownPolicy) String() string { return choice.Text(unknownPolicies, u) }

// MarshalText writes what String returns.
func (u UnknownPolicy) MarshalText() ([]byte, error) { return choice.Marshal(unknownPolicies, u) }

// UnmarshalText reads what MarshalText wrote.
func (u *UnknownPolicy) UnmarshalText(text []byte) error {
	return choice.Read(unknownPolicies, text, u)
}

// String returns "normalize", "reject" or "pass".
func (m PrimaryMode) String() string { return choice.Text(primaryModes, m) }

// MarshalText writes what String returns.
func (m PrimaryMode) MarshalText() ([]byte, error) { return choice.Marshal(primaryModes, m) }

// UnmarshalText reads what MarshalText wrote.
func (m *PrimaryMode) UnmarshalText(text []byte) error { return choice.Read(primaryModes, text, m) }
