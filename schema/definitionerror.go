package schema

import (
	"errors"
	"strings"
)

// ErrDefinition is wrapped by every error about definitions: those of
// Definition.Compile, ParseSchema, ParseDefinition, For and NewRegistry.
var ErrDefinition = errors.New("invalid definition")

// DefinitionError lists every mistake in a definition, a schema document or a
// set of resource types. errors.Is(err, ErrDefinition) is true for it.
type DefinitionError struct {
	// Problems has at least one element; those of a document are in its order.
	Problems []DefinitionProblem
}

// DefinitionProblem is one mistake of a DefinitionError.
type DefinitionProblem struct {
	// Pointer is the RFC 6901 pointer to the mistake in the document that was
	// parsed. A Definition written in Go is pointed into as if it were the
	// document that it marshals to: /resourceType, and /schemas with the base
	// schema first and then the extensions. A set of definitions is
	// {"resourceTypes": […], "schemas": […]}. The empty pointer is the whole.
	Pointer string
	// Offset is the byte position in the document, or -1 where there is none.
	Offset int64
	// Detail says what is wrong.
	Detail string
}

// String returns the pointer, shortened if it is long, and the detail.
func (p DefinitionProblem) String() string {
	if p.Pointer == "" {
		return p.Detail
	}
	return shorten(p.Pointer) + ": " + p.Detail
}

// Error lists all problems.
func (e *DefinitionError) Error() string {
	texts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		texts[i] = p.String()
	}
	return ErrDefinition.Error() + ": " + strings.Join(texts, "; ")
}

// Unwrap returns ErrDefinition.
func (e *DefinitionError) Unwrap() error { return ErrDefinition }

// problems collects the mistakes of one check.
type problems []DefinitionProblem

func (p *problems) add(pointer, detail string) {
	*p = append(*p, DefinitionProblem{Pointer: pointer, Offset: -1, Detail: detail})
}

// err returns the collected problems as an error, or nil if there are none.
func (p problems) err() error {
	if len(p) == 0 {
		return nil
	}
	return &DefinitionError{Problems: p}
}
