package schema

import "errors"

// ErrDefinition is wrapped by every error of Definition.Compile.
var ErrDefinition = errors.New("invalid definition")

func (d Definition) validate() error {
	if d.Schema == nil || d.Name == "" || d.Endpoint == "" {
		return ErrDefinition
	}
	return nil
}
