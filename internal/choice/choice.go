package choice

import (
	"fmt"
	"slices"
	"strings"
)

// Names are the names of the values of an enumeration that counts from 0.
type Names []string

// Text returns the name of a value.
func Text[T ~uint8](names Names, value T) string {
	if int(value) < len(names) {
		return names[value]
	}
	return fmt.Sprintf("unknown(%d)", value)
}

// Marshal returns the name of a value, for MarshalText. A value without a name
// is an error.
func Marshal[T ~uint8](names Names, value T) ([]byte, error) {
	if int(value) >= len(names) {
		return nil, fmt.Errorf("%d is not one of %s", value, strings.Join(names, ", "))
	}
	return []byte(names[value]), nil
}

// Read sets value to the one with the given name, for UnmarshalText.
func Read[T ~uint8](names Names, name []byte, value *T) error {
	i := slices.Index(names, string(name))
	if i < 0 {
		return fmt.Errorf("%q is not one of %s", name, strings.Join(names, ", "))
	}
	*value = T(i)
	return nil
}
