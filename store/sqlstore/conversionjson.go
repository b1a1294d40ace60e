package sqlstore

import (
	"errors"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// JSON keeps any attribute, lists and complex ones too, as its JSON text. A
// filter on it is not answered by the database.
func JSON() Conversion { return document{} }

type document struct{}

func (document) fits(schema.Path) string { return "" }

func (document) encode(p schema.Path, v schema.Value, _ writing) (any, error) {
	text, err := p.AppendJSON(nil, v)
	return string(text), err
}

func (document) decode(p schema.Path, cell any) schema.Value {
	text, ok := cellText(cell)
	if !ok {
		return schema.Value{}
	}
	v, _, err := p.DecodeValue([]byte(text), &schema.DecodeOptions{KeepReadOnly: true, Unknown: schema.PreserveUnknown, Off: schema.Strict})
	if err != nil {
		return schema.Value{}
	}
	return v
}

func (document) holds() []class { return []class{jsons, texts} }

func (document) present(*clause, *field, string) error { return errors.ErrUnsupported }

func (document) test(*clause, *field, string, *filter.Compare) (loose bool, err error) {
	return false, errors.ErrUnsupported
}
