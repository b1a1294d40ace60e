package sqlstore

import (
	"errors"
	"fmt"
	"strings"
)

// ErrMapping is wrapped by every error about a Mapping.
var ErrMapping = errors.New("invalid mapping")

// MappingError lists every mistake in a Mapping, or every difference between a
// Mapping and the database. It is an ErrMapping.
type MappingError struct {
	// Problems has at least one element, each a sentence that says where and what.
	Problems []string
}

// Error lists all problems.
func (e *MappingError) Error() string {
	return "sqlstore: " + ErrMapping.Error() + ": " + strings.Join(e.Problems, "; ")
}

// Unwrap returns ErrMapping.
func (e *MappingError) Unwrap() error { return ErrMapping }

// problems collects what is wrong.
type problems struct{ list []string }

func (p *problems) add(format string, args ...any) {
	p.list = append(p.list, fmt.Sprintf(format, args...))
}

// err returns nil if there are no problems.
func (p *problems) err() error {
	if len(p.list) == 0 {
		return nil
	}
	return &MappingError{p.list}
}
