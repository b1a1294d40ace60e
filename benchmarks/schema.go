package benchmarks

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	elimity "github.com/elimity-com/scim/schema"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/muster-scim/muster/schema"
)

func schemaGoals() []Goal {
	return []Goal{
		{Name: "decode and validate a full enterprise user, over scanning its tokens", Limit: 2, Unit: Times,
			Measure: func(l *Lab) (Measurement, error) { return l.ratio(decodeAndCheck, scanTokens()) }},
		{Name: "elimity-com/scim over decode and validate", Limit: 5, AtLeast: true, Unit: Times,
			Measure: func(l *Lab) (Measurement, error) { return l.ratio(elimityValidate(), decodeAndCheck) }},
		{Name: "decode of a full enterprise user", Limit: 40, Unit: Allocations,
			Measure: func(*Lab) (Measurement, error) { return allocations(decodeAndCheck) }},
		{Name: "encode, beyond the output", Limit: 2, Unit: Allocations, Measure: measureEncode},
		{Name: "resolve a known path", Limit: 100, Unit: Nanoseconds,
			Measure: func(l *Lab) (Measurement, error) { return l.fastest(resolvePath("emails.value")) }},
		{Name: "resolve the path of an extension", Limit: 100, Unit: Nanoseconds,
			Measure: func(l *Lab) (Measurement, error) {
				return l.fastest(resolvePath(schema.EnterpriseUserURN + ":manager.value"))
			}},
		{Name: "resolve a known path", Limit: 0, Unit: Allocations,
			Measure: func(*Lab) (Measurement, error) { return allocations(resolvePath("emails.value")) }},
	}
}

// decodeAndCheck is all that a create does with a body before the store.
func decodeAndCheck() error {
	r, _, err := userType.Decode(enterpriseUser, nil)
	if err != nil {
		return err
	}
	_, _, err = schema.CheckCreate(r, nil)
	return err
}

func scanTokens() Work {
	var src bytes.Buffer
	d := jsontext.NewDecoder(&src)
	return func() error {
		src = *bytes.NewBuffer(enterpriseUser)
		d.Reset(&src)
		for {
			if _, err := d.ReadToken(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	}
}

// elimityValidate does what that library does with the body of a POST.
func elimityValidate() Work {
	core, extension := elimity.CoreUserSchema(), elimity.ExtensionEnterpriseUser()
	return func() error {
		var m map[string]any
		d := json.NewDecoder(bytes.NewReader(enterpriseUser))
		d.UseNumber()
		if err := d.Decode(&m); err != nil {
			return err
		}
		if _, err := core.Validate(m); err != nil {
			return err
		}
		if _, err := extension.Validate(m[extension.ID]); err != nil {
			return err
		}
		return nil
	}
}

func measureEncode(*Lab) (Measurement, error) {
	r, err := decodeUser(enterpriseUser)
	if err != nil {
		return Measurement{}, err
	}
	var out []byte
	return allocations(func() error {
		out, err = r.AppendJSON(out[:0], nil)
		return err
	})
}

func resolvePath(text string) Work {
	return func() error {
		_, err := userType.Path(text)
		return err
	}
}
