package scimtest

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

func (s *modelServer) patch(w http.ResponseWriter, r *http.Request, found *record) error {
	body, err := s.readBody(r)
	if err != nil {
		return err
	}
	if s.on("PATCH changes nothing") {
		return s.answer(w, r, http.StatusOK, found)
	}
	if err := s.applyPatch(found, body); err != nil {
		return err
	}
	if found.t.name == "Group" && (r.URL.RawQuery == "" || s.on("always 204")) {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if s.on("always 204") {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return s.answer(w, r, http.StatusOK, found)
}

// applyPatch changes a record by a PatchOp message, or not at all.
func (s *modelServer) applyPatch(found *record, body object) error {
	operations, _ := s.field(body, "Operations").([]any)
	if len(operations) == 0 && s.on("malformed PATCH accepted") {
		return nil
	}
	if len(operations) == 0 {
		return bad("invalidSyntax", "no Operations")
	}
	data := cloneDeep(found.data).(object)
	if s.on("updates get lost") {
		data = cloneDeep(found.seen.data).(object)
	}
	if s.on("operations in reverse") {
		operations = slices.Clone(operations)
		slices.Reverse(operations)
	}
	if s.on("only the first operation") {
		operations = operations[:1]
	}
	for _, v := range operations {
		next, err := s.operation(found, data, v)
		if err != nil {
			return err
		}
		data = next
		if s.on("operations stored one by one") {
			found.data = cloneDeep(data).(object)
		}
	}
	return s.store(found, data, "patch")
}

// operation returns the data after one operation.
func (s *modelServer) operation(found *record, data object, v any) (object, error) {
	o, _ := v.(object)
	op, _ := s.field(o, "op").(string)
	path, _ := s.field(o, "path").(string)
	value := s.field(o, "value")
	_, given := o["value"]
	if op = strings.ToLower(op); s.on("exact op names") {
		op = textAt(o, "op")
	}
	switch {
	case !slices.Contains([]string{"add", "replace", "remove"}, op):
		if s.on("unknown operations skipped") {
			return data, nil
		}
		return nil, bad("invalidSyntax", "unknown op %q", op)
	case op == "add" && !given:
		return nil, bad("invalidValue", "add without value")
	case path == "" && op == "remove":
		if s.on("remove without path removes all") {
			return s.clean(found.t, object{found.t.key().name: data[found.t.key().name]})
		}
		return nil, bad("noTarget", "remove without path")
	case path == "":
		return s.pathless(found, data, op, value)
	}
	return s.pathed(found, data, op, path, value)
}

// pathless applies the members of a value one by one.
func (s *modelServer) pathless(found *record, data object, op string, value any) (object, error) {
	set, ok := value.(object)
	if !ok {
		return nil, bad("invalidValue", "a value without path must be an object")
	}
	if s.on("path-less replaces all") && op == "replace" {
		data = object{}
	}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		var err error
		if inner, isURN := set[name].(object); isURN && strings.HasPrefix(name, "urn:") {
			for sub, v := range inner {
				if data, err = s.pathed(found, data, op, name+":"+sub, v); err != nil {
					return nil, err
				}
			}
			continue
		}
		if commonName := strings.ToLower(name); commonName == "id" || commonName == "schemas" || commonName == "meta" {
			continue
		}
		if data, err = s.pathed(found, data, op, name, set[name]); err != nil {
			return nil, err
		}
	}
	return data, nil
}

// splitPath cuts a path into attribute, filter and sub-attribute.
func splitPath(path string) (name, filter, sub string, ok bool) {
	open := strings.IndexByte(path, '[')
	if open < 0 {
		return path, "", "", !strings.ContainsAny(path, " ]") && !strings.Contains(path, "..")
	}
	end := strings.LastIndexByte(path, ']')
	if open == 0 || end < open {
		return "", "", "", false
	}
	return path[:open], path[open+1 : end], strings.TrimPrefix(path[end+1:], "."), true
}

func (s *modelServer) pathed(found *record, data object, op, path string, value any) (object, error) {
	name, filter, subName, ok := splitPath(path)
	a, at, known := s.attribute(found.t, name)
	switch {
	case !ok || !known:
		if s.on("invalid paths skipped") || s.on("paths split at every dot") && ok {
			return data, nil
		}
		return nil, bad("invalidPath", "cannot read %s", path)
	case a.mutability == "readOnly":
		if s.on("readOnly paths skipped") {
			return data, nil
		}
		return nil, bad("mutability", "%s is readOnly", path)
	case filter != "":
		return s.filtered(found, data, op, a, at, filter, subName, value)
	case op == "remove":
		value = removeValue(s, data, a, at, value)
	case a.typ == "complex" && a.multi && op == "add":
		value = s.appended(data, at, value)
	case a.typ == "complex" && !a.multi && value != nil && !s.on("complex replaced whole"):
		value = merged(data, at, value)
	}
	return s.assign(found, data, a, at, value)
}

// removeValue is what is left after remove with an optional list of elements.
func removeValue(s *modelServer, data object, a *attr, at []string, value any) any {
	named, ok := value.([]any)
	if !ok || !a.multi || s.on("remove with value removes all") {
		return nil
	}
	return slices.DeleteFunc(valuesAt(data, at), func(have any) bool {
		return slices.ContainsFunc(named, func(n any) bool { return equalJSON(member(have, "value"), member(n, "value")) })
	})
}

func (s *modelServer) appended(data object, at []string, value any) any {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	if s.on("add replaces lists") {
		return list
	}
	return append(valuesAt(data, at), list...)
}

func merged(data object, at []string, value any) any {
	set, ok := value.(object)
	have := valuesAt(data, at)
	if !ok || len(have) == 0 {
		return value
	}
	out := maps.Clone(have[0].(object))
	maps.Copy(out, set)
	return out
}

// assign sets the value at a path and cleans the whole.
func (s *modelServer) assign(found *record, data object, a *attr, at []string, value any) (object, error) {
	if a.required && emptyJSON(value) && !s.on("required can be removed") {
		return nil, bad("mutability", "%s is required", a.name)
	}
	if have := valuesAt(data, at); a.mutability == "immutable" && len(have) > 0 && !s.on("immutable can change") && !equalJSON(have[0], value) {
		return nil, bad("mutability", "%s is immutable", a.name)
	}
	holder := data
	for _, name := range at[:len(at)-1] {
		inner, ok := holder[name].(object)
		if !ok {
			inner = object{}
			holder[name] = inner
		}
		holder = inner
	}
	holder[at[len(at)-1]] = value
	out, err := s.clean(found.t, data)
	if err != nil {
		return nil, err
	}
	for _, kept := range found.t.attrs {
		if v := data[kept.name]; v != nil && kept.urn == "" && kept.mutability != "readOnly" && out[kept.name] == nil && kept != a && !emptyJSON(v) {
			out[kept.name] = v
		}
	}
	return out, nil
}

// filtered changes the elements of a list that a filter selects.
func (s *modelServer) filtered(found *record, data object, op string, a *attr, at []string, filter, subName string, value any) (object, error) {
	p := &filterParser{s: s, types: []*resType{found.t}, tokens: filterTokens(filter), within: a}
	matches := p.or()
	if filter == "0" && s.on("array index means all") {
		p.err, matches = nil, func(object) bool { return true }
	}
	if p.err != nil || len(p.tokens) > 0 {
		return nil, bad("invalidFilter", "cannot read %s", filter)
	}
	if s.on("path filter ignored") {
		matches = func(object) bool { return true }
	}
	var list []any
	hit := false
	for _, e := range valuesAt(data, at) {
		element := maps.Clone(e.(object))
		if !matches(element) {
			list = append(list, element)
			continue
		}
		hit = true
		switch {
		case op == "remove" && subName == "":
			continue
		case op == "remove":
			delete(element, subName)
		case subName != "":
			if element[subName] = value; s.on("filtered replace drops the rest") {
				element = object{subName: value}
			}
		default:
			element, _ = value.(object)
		}
		list = append(list, element)
	}
	if !hit && op != "remove" {
		return nil, bad("noTarget", "nothing matches %s", filter)
	}
	if subName == "primary" && value == true && !s.on("several primaries") {
		list = onlyPrimary(list, matches)
	}
	return s.assign(found, data, a, at, list)
}

func onlyPrimary(list []any, matches matcherFunc) []any {
	for _, e := range list {
		if element := e.(object); !matches(element) {
			delete(element, "primary")
		}
	}
	return list
}
