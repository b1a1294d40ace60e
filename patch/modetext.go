package patch

import "github.com/muster-scim/muster/internal/choice"

// The names of the choices, for files.
var (
	removeValueModes = choice.Names{RemoveListed: "listed", RemoveAll: "all", RemoveReject: "reject"}
	emptyStringModes = choice.Names{EmptyUnassigns: "unassign", EmptyKept: "keep"}
)

// String returns "listed", "all" or "reject".
func (m RemoveValueMode) String() string { return choice.Text(removeValueModes, m) }

// MarshalText writes what String returns.
func (m RemoveValueMode) MarshalText() ([]byte, error) { return choice.Marshal(removeValueModes, m) }

// UnmarshalText reads what MarshalText wrote.
func (m *RemoveValueMode) UnmarshalText(text []byte) error {
	return choice.Read(removeValueModes, text, m)
}

// String returns "unassign" or "keep".
func (m EmptyStringMode) String() string { return choice.Text(emptyStringModes, m) }

// MarshalText writes what String returns.
func (m EmptyStringMode) MarshalText() ([]byte, error) { return choice.Marshal(emptyStringModes, m) }

// UnmarshalText reads what MarshalText wrote.
func (m *EmptyStringMode) UnmarshalText(text []byte) error {
	return choice.Read(emptyStringModes, text, m)
}
