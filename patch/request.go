package patch

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/muster-scim/muster/schema"
)

// MessageURN is the schema of a PATCH request body (RFC 7644 §3.5.2).
const MessageURN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

// Op is the kind of an operation.
type Op string

// The operations of RFC 7644 §3.5.2.1 to §3.5.2.3.
const (
	Add     Op = "add"
	Remove  Op = "remove"
	Replace Op = "replace"
)

// Operation is one operation as the client sent it, with Op in lower case.
type Operation struct {
	// Op is Add, Remove or Replace.
	Op Op
	// Path is the target; empty means the resource itself.
	Path string
	// Value is the JSON text of the value; nil if the operation has none.
	Value jsontext.Value
}

// Request is a PATCH request whose form is right; whether it fits a resource
// type is for Compile to say. The zero Request has no operations and cannot be
// compiled.
type Request struct {
	// Operations are applied in order.
	Operations []Operation

	parsed bool          // made by Parse, so the form has been checked
	exact  bool          // made by Diff: letter case is meant
	report schema.Report // what Parse tolerated
}

// AppendJSON appends the request as a PatchOp message to dst.
func (r *Request) AppendJSON(dst []byte) ([]byte, error) {
	dst = append(dst, `{"schemas":["`+MessageURN+`"],"Operations":[`...)
	for i, op := range r.Operations {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"op":"`...)
		dst = append(dst, op.Op...)
		dst = append(dst, '"')
		var err error
		if dst, err = appendMember(dst, "path", op.Path); err != nil {
			return nil, err
		}
		if op.Value != nil {
			dst = append(append(dst, `,"value":`...), op.Value...)
		}
		dst = append(dst, '}')
	}
	return append(dst, "]}"...), nil
}

// MarshalJSON returns the request as a PatchOp message.
func (r *Request) MarshalJSON() ([]byte, error) { return r.AppendJSON(nil) }

func appendMember(dst []byte, name, text string) ([]byte, error) {
	if text == "" {
		return dst, nil
	}
	dst = append(dst, `,"`+name+`":`...)
	return jsontext.AppendQuote(dst, text)
}
