package scim

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

const searchURN = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"

// parseSearch reads the body of a /.search request (RFC 7644 §3.4.3, RFC 9865
// §3).
func parseSearch(body []byte) (params, error) {
	p := noParams()
	named := false
	err := readMessage(body, func(name string, dec *jsontext.Decoder) (err error) {
		switch name {
		case "schemas":
			named = true
			return readSchemas(dec, searchURN)
		case "attributes":
			p.attributes, err = readNames(dec, "attributes")
		case "excludedattributes":
			p.excluded, err = readNames(dec, "excludedAttributes")
		case "startindex", "count":
			err = p.readNumber(dec, name)
		case "filter", "sortby", "sortorder", "cursor":
			err = p.readText(dec, name)
		default:
			err = dec.SkipValue()
		}
		return err
	})
	if err != nil {
		return p, err
	}
	if !named {
		return p, badRequest(InvalidSyntax, "schemas must contain "+searchURN)
	}
	return p, p.check()
}

// readText sets a parameter from a string. Null is the same as leaving it out.
func (p *params) readText(dec *jsontext.Decoder, name string) error {
	if dec.PeekKind() == 'n' {
		return dec.SkipValue()
	}
	text, err := readText(dec, name)
	if err != nil {
		return err
	}
	return paramSetters[name](p, text)
}

func (p *params) readNumber(dec *jsontext.Decoder, name string) error {
	if dec.PeekKind() == 'n' {
		return dec.SkipValue()
	}
	n, err := readInteger(dec, name)
	if err != nil {
		return err
	}
	if name == "count" {
		p.count = max(n, 0)
		return nil
	}
	p.startIndex, p.hasIndex = max(n, 1), true
	return nil
}

// readNames reads a list of attribute names; one string with commas, as in a
// URL, is accepted too.
func readNames(dec *jsontext.Decoder, what string) (list []string, err error) {
	switch dec.PeekKind() {
	case 'n':
		return nil, dec.SkipValue()
	case '"':
		text, err := readText(dec, what)
		return names(text), err
	}
	err = readArray(dec, what, func() error {
		text, err := readText(dec, "an entry of "+what)
		if text = strings.TrimSpace(text); text != "" {
			list = append(list, text)
		}
		return err
	})
	return list, err
}
