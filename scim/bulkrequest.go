package scim

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	bulkRequestURN  = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
	bulkResponseURN = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
)

// bulkRequest is a bulk message (RFC 7644 §3.7).
type bulkRequest struct {
	failOnErrors int // 0 if not given
	operations   []bulkOperation
}

// bulkOperation is one operation of a bulk message, as it was sent.
type bulkOperation struct {
	method  string // in upper case
	bulkID  string
	version string
	path    string
	data    []byte
	err     error // what is wrong with it, for itself
}

// parseBulk reads a bulk message. It stops at the first operation that is too
// many, so that the limit costs no more than it allows.
func parseBulk(body []byte, limit int) (*bulkRequest, error) {
	req := &bulkRequest{}
	named, listed := false, false
	err := readMessage(body, func(name string, dec *jsontext.Decoder) error {
		switch name {
		case "schemas":
			named = true
			return readSchemas(dec, bulkRequestURN)
		case "failonerrors":
			return req.readFailOnErrors(dec)
		case "operations":
			listed = true
			return readArray(dec, "Operations", func() error { return req.readOperation(dec, limit) })
		default:
			return dec.SkipValue()
		}
	})
	switch {
	case err != nil:
		return nil, err
	case !named:
		return nil, badRequest(InvalidSyntax, "schemas must contain "+bulkRequestURN)
	case !listed:
		return nil, badRequest(InvalidSyntax, "Operations is missing")
	}
	return req, nil
}

func (b *bulkRequest) readFailOnErrors(dec *jsontext.Decoder) error {
	if dec.PeekKind() == 'n' {
		return dec.SkipValue()
	}
	n, err := readInteger(dec, "failOnErrors")
	if err == nil && n < 1 {
		err = badRequest(InvalidValue, "failOnErrors must be at least 1") // AMB-53
	}
	b.failOnErrors = n
	return err
}

func (b *bulkRequest) readOperation(dec *jsontext.Decoder, limit int) error {
	if len(b.operations) == limit {
		return fail(http.StatusRequestEntityTooLarge, "", fmt.Sprintf("the request has more than %d operations (maxOperations)", limit))
	}
	var op bulkOperation
	err := readObject(dec, func(name string, dec *jsontext.Decoder) (err error) {
		switch name {
		case "method":
			op.method, err = readText(dec, "method")
			op.method = strings.ToUpper(op.method) // AMB-12
		case "bulkid":
			op.bulkID, err = readText(dec, "bulkId")
		case "version":
			op.version, err = readText(dec, "version")
		case "path":
			op.path, err = readText(dec, "path")
		case "data":
			var value jsontext.Value
			value, err = dec.ReadValue()
			op.data = value.Clone()
		default:
			err = dec.SkipValue()
		}
		return err
	})
	op.err = op.check()
	b.operations = append(b.operations, op)
	return err
}

// check finds what is wrong with an operation by itself. That fails the
// operation and not the others.
func (op *bulkOperation) check() error {
	switch op.method {
	case http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
	case "":
		return badRequest(InvalidSyntax, "method is missing")
	default:
		return badRequest(InvalidSyntax, "method must be POST, PUT, PATCH or DELETE")
	}
	switch {
	case op.path == "":
		return badRequest(InvalidSyntax, "path is missing")
	case op.method == http.MethodPost && op.bulkID == "":
		return badRequest(InvalidSyntax, "bulkId is missing, which POST needs")
	case op.method != http.MethodDelete && (op.data == nil || op.data[0] == 'n'):
		return badRequest(InvalidSyntax, "data is missing")
	}
	return nil
}
