package scim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// MaxProfileBytes is the size of the largest file that ParseProfile reads.
const MaxProfileBytes = 1 << 20

// ParseProfile reads a profile from a JSON object whose members are the fields
// of Profile, so that a tested pairing of client and service can be kept in a
// file, with a version, and be used again:
//
//	{"name": "acme", "base": "okta", "uniqueGroupName": true, "off": ["json-in-string"]}
//
// The member "base" names the preset to start from; without it, it is the
// default. Whatever is not a field, there twice or of the wrong type is a
// mistake: the error is a *ProfileError with all of them. So a file cannot ask
// for what no profile may do. The names in its mapping are checked when a
// Handler gets the profile: see Handler.Check.
func ParseProfile(data []byte) (Profile, error) {
	e := &ProfileError{Name: "JSON"}
	members, order := profileMembers(data, e)
	var p Profile
	p.startFrom(members["base"], e)
	for _, name := range order {
		p.setMember(name, members[name], e)
	}
	if p.Name != "" {
		e.Name = p.Name
	}
	if len(e.Problems) == 0 {
		p.check(e)
		for i := range e.Problems {
			e.Problems[i].Field = jsonName(e.Problems[i].Field)
		}
	}
	if len(e.Problems) > 0 {
		return Profile{}, e
	}
	return p, nil
}

// profileMembers splits the object, and returns the names in their order.
func profileMembers(data []byte, e *ProfileError) (map[string]jsontext.Value, []string) {
	if len(data) > MaxProfileBytes {
		e.add("file", "is too large", fmt.Sprintf("a profile has at most %d bytes", MaxProfileBytes))
		return nil, nil
	}
	members, order := map[string]jsontext.Value{}, []string(nil)
	dec := jsontext.NewDecoder(bytes.NewReader(data))
	whole, err := dec.ReadValue()
	if err == nil && whole.Kind() == '{' && len(bytes.TrimSpace(data[dec.InputOffset():])) == 0 {
		for name, value := range objectMembers(whole) {
			members[name] = value
			order = append(order, name)
		}
		return members, order
	}
	detail := "is not one JSON object"
	if err != nil {
		detail = err.Error()
	}
	e.add("file", detail, "write one object with the fields of a profile")
	return nil, nil
}

// startFrom takes over the preset that a file names.
func (p *Profile) startFrom(base jsontext.Value, e *ProfileError) {
	if base == nil {
		return
	}
	var name string
	if json.Unmarshal(base, &name) == nil {
		if preset, ok := ProfileNamed(name); ok {
			*p = preset
			p.Name = ""
			return
		}
	}
	e.add("base", fmt.Sprintf("%s is not a preset", base), "use one of "+strings.Join(ProfileNames(), ", "))
}

// setMember sets the field that a member is for.
func (p *Profile) setMember(name string, value jsontext.Value, e *ProfileError) {
	if name == "base" {
		return
	}
	fields := reflect.ValueOf(p).Elem()
	for i := range fields.NumField() {
		tag, _, _ := strings.Cut(fields.Type().Field(i).Tag.Get("json"), ",")
		if tag != name {
			continue
		}
		if err := decodeStrictly(value, fields.Field(i).Addr().Interface()); err != nil {
			e.add(name, err.Error(), "see the documentation of scim.Profile")
		}
		return
	}
	e.add(name, "is not a switch of a profile", "remove it; a profile can only do what scim.Profile has a field for")
}

// decodeStrictly fails on members that the target does not have.
func decodeStrictly(value []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(value))
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}

// jsonName turns the name of a field, or of a field in a field, into that of the
// member.
func jsonName(field string) string {
	field, index, _ := strings.Cut(field, "[")
	if index != "" {
		index = "[" + index
	}
	segments := strings.Split(field, ".")
	for i, s := range segments {
		r, n := utf8.DecodeRuneInString(s)
		segments[i] = string(unicode.ToLower(r)) + s[n:]
	}
	return strings.Join(segments, ".") + index
}
