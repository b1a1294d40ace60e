package scim

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// member handles one member of a message: its name in lower case and the
// decoder before its value, of which it reads all.
type member func(name string, dec *jsontext.Decoder) error

// readMessage reads a JSON object that is a whole body. Names are matched in
// any case; a name that is there twice, in whatever case, is refused, and so
// is anything after the object.
func readMessage(body []byte, fn member) error {
	dec := jsontext.NewDecoder(bytes.NewBuffer(body))
	if err := readObject(dec, fn); err != nil {
		return syntaxError(err)
	}
	if _, err := dec.ReadToken(); err != io.EOF {
		return badRequest(InvalidSyntax, fmt.Sprintf("there is something after the message, at byte %d", dec.InputOffset()))
	}
	return nil
}

func readObject(dec *jsontext.Decoder, fn member) error {
	if kind := dec.PeekKind(); kind != '{' {
		return wrongKind(dec, "an object")
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	seen := map[string]bool{}
	for dec.PeekKind() == '"' {
		token, err := dec.ReadToken()
		if err != nil {
			return err
		}
		name := strings.ToLower(token.String())
		if seen[name] {
			return badRequest(InvalidSyntax, fmt.Sprintf("the member %q is there twice", name))
		}
		seen[name] = true
		if err := fn(name, dec); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

// readArray calls fn before each element; fn reads it.
func readArray(dec *jsontext.Decoder, what string, fn func() error) error {
	if dec.PeekKind() != '[' {
		return wrongKind(dec, what+" to be an array")
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for kind := dec.PeekKind(); kind != ']' && kind != 0; kind = dec.PeekKind() {
		if err := fn(); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

func readText(dec *jsontext.Decoder, what string) (string, error) {
	if dec.PeekKind() != '"' {
		return "", wrongKind(dec, what+" to be a string")
	}
	token, err := dec.ReadToken()
	return token.String(), err
}

// readInteger accepts a number, and one in a string as some clients send it.
func readInteger(dec *jsontext.Decoder, what string) (int, error) {
	if kind := dec.PeekKind(); kind != '0' && kind != '"' {
		return 0, wrongKind(dec, what+" to be an integer")
	}
	token, err := dec.ReadToken()
	if err != nil {
		return 0, err
	}
	n, err := integer(what, token.String())
	return n, err
}

// wrongKind reports the syntax error that is there, or else what was expected.
func wrongKind(dec *jsontext.Decoder, expected string) error {
	offset := dec.InputOffset()
	if _, err := dec.ReadValue(); err != nil {
		return err
	}
	return badRequest(InvalidSyntax, "expected "+expected+", near byte "+strconv.FormatInt(offset, 10))
}

// syntaxError turns an error of the JSON decoder into one for the client.
func syntaxError(err error) error {
	var wire *Error
	if errors.As(err, &wire) {
		return err
	}
	detail := "the body is not valid JSON"
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) {
		detail += fmt.Sprintf(", near byte %d", syntactic.ByteOffset)
	}
	return &Error{Status: 400, Type: InvalidSyntax, Detail: detail, Err: err}
}

// readSchemas reads the member "schemas" of a message and checks that it names
// urn, in any case.
func readSchemas(dec *jsontext.Decoder, urn string) error {
	var found []string
	err := readArray(dec, "schemas", func() error {
		text, err := readText(dec, "an entry of schemas")
		found = append(found, text)
		return err
	})
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(found, func(s string) bool { return strings.EqualFold(s, urn) }) {
		return badRequest(InvalidSyntax, "schemas must contain "+urn)
	}
	return nil
}
