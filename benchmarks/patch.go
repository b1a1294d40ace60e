package benchmarks

import (
	"bytes"
	"fmt"

	jsonpatch "github.com/evanphx/json-patch/v5"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

func patchGoals() []Goal {
	return []Goal{
		{Name: "replace active, from the body to the new resource", Limit: 5000, Unit: Nanoseconds,
			Measure: withUser(func(l *Lab, r *schema.Resource) (Measurement, error) {
				return l.fastest(apply(r, replaceActive))
			})},
		{Name: "the same over json-patch with the equal RFC 6902 patch", Limit: 1, Unit: Times,
			Measure: withUser(func(l *Lab, r *schema.Resource) (Measurement, error) {
				return l.ratio(apply(r, replaceActive), jsonPatch())
			})},
		{Name: "add a member to a group of 100,000: encoding the group over Apply", Limit: 50, AtLeast: true, Unit: Times,
			Measure: measureApplyMember},
	}
}

var (
	replaceActive = request(`{"op":"replace","path":"active","value":false}`)
	addMember     = request(`{"op":"add","path":"members","value":[{"value":"new"}]}`)
)

func request(operation string) []byte {
	return []byte(`{"schemas":["` + patch.MessageURN + `"],"Operations":[` + operation + `]}`)
}

func withUser(measure func(*Lab, *schema.Resource) (Measurement, error)) func(*Lab) (Measurement, error) {
	return func(l *Lab) (Measurement, error) {
		r, err := decodeUser(enterpriseUser)
		if err != nil {
			return Measurement{}, err
		}
		return measure(l, r)
	}
}

func compile(t *schema.ResourceType, body []byte) (*patch.Changes, error) {
	parsed, err := patch.Parse(body, nil)
	if err != nil {
		return nil, err
	}
	return parsed.Compile(t, nil)
}

func apply(r *schema.Resource, body []byte) Work {
	return func() error {
		changes, err := compile(r.Type(), body)
		if err != nil {
			return err
		}
		result, err := changes.Apply(r)
		if err == nil && !result.Changed {
			err = fmt.Errorf("%s changes nothing", body)
		}
		return err
	}
}

func jsonPatch() Work {
	body := []byte(`[{"op":"replace","path":"/active","value":false}]`)
	return func() error {
		p, err := jsonpatch.DecodePatch(body)
		if err != nil {
			return err
		}
		_, err = p.Apply(enterpriseUser)
		return err
	}
}

func measureApplyMember(l *Lab) (Measurement, error) {
	group, _, err := groupType.Decode(groupOf(100_000), &schema.DecodeOptions{MaxValues: 1_000_000})
	if err != nil {
		return Measurement{}, err
	}
	var out []byte
	encode := func() error {
		out, err = group.AppendJSON(out[:0], &schema.Encoding{All: true})
		return err
	}
	return l.ratio(encode, apply(group, addMember))
}

func groupOf(n int) []byte {
	var text bytes.Buffer
	text.WriteString(`{"schemas":["` + schema.GroupURN + `"],"displayName":"everyone","members":[`)
	for i := range n {
		if i > 0 {
			text.WriteByte(',')
		}
		fmt.Fprintf(&text, `{"value":"%08x-7f76-453a-919d-%012x","type":"User"}`, i*2654435761%(1<<32), i)
	}
	text.WriteString(`]}`)
	return text.Bytes()
}
