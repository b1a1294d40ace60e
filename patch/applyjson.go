package patch

import "github.com/muster-scim/muster/schema"

// ApplyJSON applies the body of a PATCH request to a resource that is stored as
// JSON and returns the new JSON, for services with a server and a store of
// their own. What the schema does not know about document is preserved. If the
// request changes nothing, document itself is returned, so that bytes.Equal
// tells. o may be nil.
//
// The error is an *Error about the request, or one of package schema about the
// document, a *schema.ValidationError as a rule. Neither slice is changed.
func ApplyJSON(t *schema.ResourceType, document, request []byte, o *Options) ([]byte, error) {
	r, err := Parse(request, o)
	if err != nil {
		return nil, err
	}
	changes, err := r.Compile(t, o)
	if err != nil {
		return nil, err
	}
	old, _, err := t.Decode(document, &schema.DecodeOptions{KeepReadOnly: true, Unknown: schema.PreserveUnknown})
	if err != nil {
		return nil, err
	}
	result, err := changes.Apply(old)
	if err != nil {
		return nil, err
	}
	if !result.Changed {
		return document, nil
	}
	return result.Resource.AppendJSON(nil, &schema.Encoding{All: true})
}
