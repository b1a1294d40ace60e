package scimtest

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// clean turns a request body into the data to store: canonical names, checked
// types, nothing read-only, nothing unassigned.
func (s *modelServer) clean(t *resType, body object) (object, error) {
	out := object{}
	if id, ok := s.field(body, "externalId").(string); ok && id != "" {
		out["externalId"] = id
	}
	for _, a := range t.attrs {
		holder, target := body, out
		if a.urn != "" {
			holder, _ = s.field(body, a.urn).(object)
			target, _ = out[a.urn].(object)
		}
		value := s.field(holder, a.name)
		if _, given := holder[a.name]; given && value == nil && a.typ == "string" && s.on("null becomes a text") {
			value = "null"
		}
		v, err := s.cleanValue(a, value)
		switch {
		case err != nil:
			return nil, err
		case emptyJSON(v) && a.required && !s.on("required not checked") && !s.on("required can be removed"):
			return nil, bad("invalidValue", "%s is required", a.name)
		case v == nil || a.mutability == "readOnly" && !s.on("readOnly is written"):
			continue
		case a.urn != "" && s.on("extensions dropped"):
			continue
		case target == nil:
			target = object{}
			out[a.urn] = target
		}
		target[a.name] = v
	}
	return out, nil
}

// fold prepares a text for comparison without regard to letter case.
func fold(text string) string {
	text = strings.Map(func(r rune) rune {
		if r >= '\uff01' && r <= '\uff5e' {
			return r - '\uff01' + '!'
		}
		return r
	}, strings.ReplaceAll(text, "e\u0308", "\u00eb"))
	return strings.ToLower(text)
}

// field looks a member up whatever its letter case.
func (s *modelServer) field(o object, name string) any {
	if v, ok := o[name]; ok || s.on("exact attribute names") {
		return v
	}
	for k, v := range o {
		if strings.EqualFold(k, name) {
			return v
		}
	}
	return nil
}

func (s *modelServer) cleanValue(a *attr, v any) (any, error) {
	list, isList := v.([]any)
	switch {
	case v == nil:
		return nil, nil
	case !a.multi:
		return s.cleanOne(a, v)
	case !isList:
		return nil, bad("invalidValue", "%s must be a list", a.path())
	}
	var out []any
	for _, e := range list {
		one, err := s.cleanOne(a, e)
		if err != nil {
			return nil, err
		}
		if one != nil && !slices.ContainsFunc(out, func(have any) bool { return s.sameElement(have, one) }) {
			out = append(out, one)
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	if s.on("only the first element stored") {
		out = out[:1]
	}
	return out, nil
}

// sameElement reports whether an element is already there.
func (s *modelServer) sameElement(a, b any) bool {
	switch {
	case s.on("duplicate elements pile up"):
		return false
	case member(a, "type") != nil || member(b, "type") != nil:
		return equalJSON(a, b)
	}
	return member(a, "value") != nil && equalJSON(member(a, "value"), member(b, "value"))
}

func (s *modelServer) cleanOne(a *attr, v any) (any, error) {
	ok := true
	switch a.typ {
	case "boolean":
		if _, ok = v.(bool); ok && s.on("booleans become texts") {
			return compactJSON(v), nil
		}
	case "integer", "decimal":
		n, isNumber := v.(json.Number)
		ok = isNumber && (a.typ == "decimal" || isInteger(n))
	case "dateTime":
		_, ok = dateTime(textOf(v))
	case "binary":
		_, err := base64.StdEncoding.DecodeString(textOf(v))
		ok = err == nil
	case "complex":
		return s.cleanComplex(a, v)
	default:
		if _, ok = v.(string); ok && s.on("text loses accents") {
			return strings.Map(func(r rune) rune { return min(r, '\x7f') }, v.(string)), nil
		}
		if ok && s.on("texts stored in lower case") {
			return strings.ToLower(v.(string)), nil
		}
	}
	if !ok && !s.on("wrong types accepted") {
		return nil, bad("invalidValue", "%s must be a %s", a.path(), a.typ)
	}
	return v, nil
}

func (s *modelServer) cleanComplex(a *attr, v any) (any, error) {
	o, ok := v.(object)
	if !ok {
		return nil, bad("invalidValue", "%s must be an object", a.path())
	}
	out := object{}
	for _, sub := range a.subs {
		if sub.mutability == "readOnly" && sub.name != "value" || sub.name == "$ref" {
			continue
		}
		one, err := s.cleanValue(sub, s.field(o, sub.name))
		if err != nil {
			return nil, err
		}
		if one != nil {
			out[sub.name] = one
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, s.checkMember(a, out)
}

// checkMember refuses references to nobody.
func (s *modelServer) checkMember(a *attr, o object) error {
	id := textAt(o, "value")
	if a.sub("$ref") == nil || a.urn != "" || a.mutability == "readOnly" || strings.HasPrefix(id, "bulkId:") && s.on("bulkId stored as it is") {
		return nil
	}
	if s.find(s.types[0], id) != nil || s.find(s.types[1], id) != nil {
		return nil
	}
	if s.on("unknown members are created") {
		s.all = append(s.all, &record{t: s.types[0], id: id, data: object{"userName": id}, version: 1, created: s.now(), modified: s.now()})
		return nil
	}
	return bad("invalidValue", "no resource %s", id)
}

// project applies returned, attributes and excludedAttributes.
func (s *modelServer) project(t *resType, o object, attributes, excluded string) object {
	wanted, unwanted := splitNames(attributes), splitNames(excluded)
	if s.on("attributes ignored") {
		wanted = nil
	}
	if s.on("excludedAttributes ignored") {
		unwanted = nil
	}
	out := object{}
	for name, v := range o {
		if v := s.projectMember(t, name, v, wanted, unwanted); v != nil {
			out[name] = v
		}
	}
	if out["id"] = o["id"]; s.on("id can be excluded") && slices.Contains(unwanted, "id") {
		delete(out, "id")
	}
	out["schemas"] = o["schemas"]
	return out
}

func splitNames(text string) []string {
	var out []string
	for name := range strings.SplitSeq(text, ",") {
		if name = strings.TrimSpace(name); name != "" {
			out = append(out, name)
		}
	}
	return out
}

func (s *modelServer) projectMember(t *resType, name string, v any, wanted, unwanted []string) any {
	a, inner := t.find(func(a *attr) bool { return a.urn == "" && a.name == name }), v
	if holder, ok := v.(object); ok {
		copied := object{}
		for sub, v := range holder {
			full := name + "." + sub
			if strings.HasPrefix(name, "urn:") {
				full = name + ":" + sub
			}
			if s.picked(t, wanted, name, full) && !s.contains(t, unwanted, full) {
				copied[sub] = v
			}
		}
		if inner = copied; len(copied) == 0 {
			return nil
		}
	}
	switch {
	case a != nil && a.returned == "never" && !s.on("secret returned") && !(s.on("secret returned when asked") && s.contains(t, wanted, name)):
		return nil
	case a != nil && a.returned == "request" && !s.contains(t, wanted, name) && !s.on("request attributes always returned"):
		return nil
	case s.contains(t, unwanted, name), !s.picked(t, wanted, name, name+"."):
		return nil
	}
	return inner
}

// picked reports whether a member is in the wanted set, whole or in part.
func (s *modelServer) picked(t *resType, wanted []string, name, full string) bool {
	if len(wanted) == 0 || s.contains(t, wanted, name) || s.contains(t, wanted, full) {
		return true
	}
	for _, w := range wanted {
		prefix := foldPrefix(w, t.schema+":")
		if strings.HasSuffix(full, ".") && (hasPrefixFold(prefix, name+".") || hasPrefixFold(prefix, name+":")) {
			return true
		}
	}
	return false
}

func foldPrefix(text, prefix string) string {
	if hasPrefixFold(text, prefix) {
		return text[len(prefix):]
	}
	return text
}

func (s *modelServer) contains(t *resType, names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		if s.on("projection by exact name") {
			return n == name
		}
		return strings.EqualFold(foldPrefix(n, t.schema+":"), name)
	})
}

// cloneDeep copies a JSON value.
func cloneDeep(v any) any {
	switch v := v.(type) {
	case object:
		out := maps.Clone(v)
		for k, e := range out {
			out[k] = cloneDeep(e)
		}
		return out
	case []any:
		out := slices.Clone(v)
		for i, e := range out {
			out[i] = cloneDeep(e)
		}
		return out
	}
	return v
}
