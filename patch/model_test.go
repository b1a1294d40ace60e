package patch_test

import (
	"cmp"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// The model is a PATCH engine over plain JSON that is as simple as possible: it
// knows one target form, walks everything, copies everything, and has no idea
// of paths, edits or indexes. TestModel compares the real engine with it.

type object = map[string]any

// intent is one operation as the model sees it. The test writes it down in one
// of the many forms that clients use.
type intent struct {
	op        patch.Op
	extension bool
	attr      string
	by, is    string // value filter: by eq "is"
	sub       string
	value     any // nil: null
	listed    bool
}

// modelApply returns the document after the operations, or the reason why they
// are refused.
func modelApply(document object, ops []intent) (object, patch.Reason) {
	document = clone(document).(object)
	for _, op := range ops {
		if reason := modelOne(document, op); reason != "" {
			return nil, reason
		}
	}
	for _, a := range thing.Schema().Attributes {
		if a.Required && document[a.Name] == nil {
			return nil, patch.Mutability
		}
	}
	document["schemas"] = []any{"urn:example:Thing"}
	if ext, ok := document[extURN].(object); ok && len(ext) > 0 {
		document["schemas"] = []any{"urn:example:Thing", extURN}
	} else {
		delete(document, extURN)
	}
	return document, ""
}

func modelOne(document object, op intent) patch.Reason {
	holder, defs := document, thing.Schema().Attributes
	if op.extension {
		defs = thing.Extensions()[0].Schema.Attributes
		if document[extURN] == nil {
			document[extURN] = object{}
		}
		holder = document[extURN].(object)
	}
	def := definitionOf(defs, op.attr)
	if def.Mutability == schema.ReadOnly {
		return patch.Mutability
	}
	var reason patch.Reason
	switch {
	case def.MultiValued && (op.by != "" || op.sub != ""):
		reason = modelSelected(holder, def, op)
	case def.MultiValued:
		reason = modelList(holder, def, op)
	case op.sub != "":
		reason = modelSub(holder, def, op)
	case def.Type == schema.TypeComplex && op.op != patch.Remove:
		reason = modelComplex(holder, def, op)
	default:
		reason = modelAssign(holder, def, op)
	}
	if isVoid(holder[def.Name]) {
		delete(holder, def.Name)
	}
	return reason
}

// modelAssign writes one simple attribute, or removes a complex one.
func modelAssign(holder object, def schema.Attribute, op intent) patch.Reason {
	old := holder[def.Name]
	gone := op.op == patch.Remove || isVoid(op.value)
	switch {
	case op.op == patch.Add && op.value == nil:
		return ""
	case gone && def.Required && op.value == "":
		return patch.InvalidValue
	case gone && def.Required:
		return patch.Mutability
	case def.Mutability == schema.Immutable && old != nil:
		if gone || !equalFold(def, old, op.value) {
			return patch.Mutability
		}
	case gone:
		delete(holder, def.Name)
	default:
		holder[def.Name] = op.value
	}
	return ""
}

func modelSub(holder object, def schema.Attribute, op intent) patch.Reason {
	sub := definitionOf(def.SubAttributes, op.sub)
	if sub.Mutability == schema.ReadOnly {
		return patch.Mutability
	}
	inner, _ := holder[def.Name].(object)
	if inner == nil {
		inner = object{}
	}
	holder[def.Name] = inner
	op.sub = ""
	reason := modelAssign
	if sub.MultiValued {
		reason = modelList
	}
	defer func() {
		if isVoid(inner[sub.Name]) {
			delete(inner, sub.Name)
		}
	}()
	return reason(inner, sub, op)
}

func modelComplex(holder object, def schema.Attribute, op intent) patch.Reason {
	given, _ := op.value.(object)
	if op.value == nil {
		if op.op == patch.Replace {
			delete(holder, def.Name)
		}
		return ""
	}
	old, _ := holder[def.Name].(object)
	if isReference(def) && given["value"] != nil && !contains(def, old, given) {
		old = nil
	}
	holder[def.Name] = cmpObject(old)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if definitionOf(def.SubAttributes, name).Mutability == schema.ReadOnly {
			continue
		}
		inner := op
		inner.sub, inner.value = name, given[name]
		if reason := modelSub(holder, def, inner); reason != "" {
			return reason
		}
	}
	return ""
}

func modelList(holder object, def schema.Attribute, op intent) patch.Reason {
	old, _ := holder[def.Name].([]any)
	given, _ := op.value.([]any)
	switch {
	case op.op == patch.Add:
		holder[def.Name] = modelUnion(def, old, given)
		return ""
	case op.op == patch.Replace && len(given) > 0:
		holder[def.Name] = modelReplaceList(def, old, given)
		return ""
	case op.op == patch.Remove && op.listed && len(given) > 0:
		holder[def.Name] = slices.DeleteFunc(slices.Clone(old), func(e any) bool {
			return slices.ContainsFunc(given, func(want any) bool { return namedBy(def, e, want) })
		})
		return ""
	case def.Required:
		return patch.Mutability
	}
	delete(holder, def.Name)
	return ""
}

func modelUnion(def schema.Attribute, old, given []any) []any {
	out := slices.Clone(old)
	given = slices.Clone(given)
	onePrimary(given, indexes(given))
	var added []int
	for _, v := range given {
		if !slices.ContainsFunc(out, func(e any) bool { return identical(def, e, v) }) {
			added = append(added, len(out))
			out = append(out, clone(v))
		}
	}
	onePrimary(out, added)
	return out
}

func modelReplaceList(def schema.Attribute, old, given []any) []any {
	out := modelUnion(def, nil, given)
	if !isReference(def) {
		return out
	}
	same := 0
	for i, v := range out {
		for _, e := range old {
			if identical(def, e, v) {
				kept := cmpObject(v)
				for name, held := range e.(object) {
					if definitionOf(def.SubAttributes, name).Mutability != schema.ReadWrite {
						kept[name] = held
					}
				}
				out[i] = kept
				if reflect.DeepEqual(kept, e) {
					same++
				}
			}
		}
	}
	if same == len(out) && same == len(old) {
		return old
	}
	return out
}

// modelSelected changes elements of a list.
func modelSelected(holder object, def schema.Attribute, op intent) patch.Reason {
	old, _ := holder[def.Name].([]any)
	if op.sub != "" && definitionOf(def.SubAttributes, op.sub).Mutability == schema.ReadOnly {
		return patch.Mutability
	}
	if isReference(def) && op.sub == "display" {
		return ""
	}
	var out []any
	var selected []int
	changed, found := false, false
	for _, e := range old {
		if !selects(def, e, op) {
			out = append(out, e)
			continue
		}
		found = true
		v, reason := modelElement(def, e, op)
		if reason != "" {
			return reason
		}
		if !isVoid(v) {
			selected = append(selected, len(out))
			changed = changed || !reflect.DeepEqual(v, e)
			out = append(out, v)
		}
	}
	if !found {
		return modelCreate(holder, def, op)
	}
	if changed {
		onePrimary(out, selected)
		out = dropRepeated(def, out, selected)
	}
	holder[def.Name] = out
	return ""
}

func modelElement(def schema.Attribute, e any, op intent) (any, patch.Reason) {
	if op.sub != "" {
		inner := object{def.Name: clone(e)}
		if reason := modelSub(inner, def, op); reason != "" {
			return nil, reason
		}
		return inner[def.Name], ""
	}
	if op.op == patch.Remove || op.op == patch.Replace && isVoid(op.value) {
		return nil, ""
	}
	given, isObject := op.value.(object)
	if !isObject {
		return cmp.Or(op.value, e), ""
	}
	v := clone(e).(object)
	for name, held := range given {
		sub := definitionOf(def.SubAttributes, name)
		if sub.Mutability == schema.Immutable && v[name] != nil && !equalFold(sub, v[name], held) {
			if isReference(def) && name == "display" && op.op == patch.Add {
				continue
			}
			return nil, patch.Mutability
		}
		if sub.Mutability != schema.Immutable || v[name] == nil {
			if isReference(def) && name == "display" && op.op == patch.Add {
				continue
			}
			v[name] = held
		}
	}
	if op.op == patch.Replace {
		for name := range v {
			if given[name] == nil && name != op.by && definitionOf(def.SubAttributes, name).Mutability != schema.Immutable {
				delete(v, name)
			}
		}
		if given[op.by] == nil && definitionOf(def.SubAttributes, op.by).Mutability != schema.Immutable {
			v[op.by] = filterValue(op)
		}
	}
	return v, ""
}

func modelCreate(holder object, def schema.Attribute, op intent) patch.Reason {
	v := object{}
	switch {
	case op.op == patch.Remove || isVoid(op.value):
		return ""
	case def.Type != schema.TypeComplex:
		holder[def.Name] = modelUnion(def, cmpList(holder[def.Name]), []any{op.value})
		return ""
	case op.by != "":
		v[op.by] = filterValue(op)
	}
	if given, ok := op.value.(object); ok && op.sub == "" {
		for name, held := range given {
			if isReference(def) && name == "display" && op.op == patch.Add {
				continue
			}
			v[name] = held
		}
		if isReference(def) && op.op == patch.Add && len(given) == 1 && given["display"] != nil {
			return ""
		}
	}
	if op.sub != "" {
		v[op.sub] = op.value
	}
	holder[def.Name] = modelUnion(def, cmpList(holder[def.Name]), []any{v})
	return ""
}

// filterValue is the JSON value that the filter compares with.
func filterValue(op intent) any {
	if op.by == "primary" {
		return op.is == "true"
	}
	return op.is
}

func selects(def schema.Attribute, e any, op intent) bool {
	if op.by == "" {
		return true
	}
	if def.Type != schema.TypeComplex {
		return equalFold(def, e, op.is)
	}
	held := e.(object)[op.by]
	return held != nil && equalFold(definitionOf(def.SubAttributes, op.by), held, filterValue(op))
}

func namedBy(def schema.Attribute, e, want any) bool {
	if def.Type != schema.TypeComplex {
		return equalFold(def, e, want)
	}
	wanted := cmpObject(want)
	if wanted["value"] != nil {
		keep := object{"value": wanted["value"]}
		if !isReference(def) && wanted["type"] != nil {
			keep["type"] = wanted["type"]
		}
		wanted = keep
	}
	return contains(def, e.(object), wanted)
}

func contains(def schema.Attribute, e, want object) bool {
	for name, v := range want {
		if e[name] == nil || !equalFold(definitionOf(def.SubAttributes, name), e[name], v) {
			return false
		}
	}
	return true
}

func identical(def schema.Attribute, a, b any) bool {
	x, ok := a.(object)
	if !ok {
		return equalFold(def, a, b)
	}
	y := b.(object)
	if isReference(def) {
		return x["value"] == y["value"]
	}
	for _, sub := range def.SubAttributes {
		v, w := x[sub.Name], y[sub.Name]
		if sub.Name == "primary" {
			v, w = v == true, w == true
		}
		if (v == nil) != (w == nil) || v != nil && !equalFold(sub, v, w) {
			return false
		}
	}
	return true
}

func equalFold(def schema.Attribute, a, b any) bool {
	x, isText := a.(string)
	y, both := b.(string)
	if isText && both && !def.CaseExact && def.Type == schema.TypeString {
		return strings.EqualFold(x, y)
	}
	return reflect.DeepEqual(a, b)
}

func indexes(list []any) (all []int) {
	for i := range list {
		all = append(all, i)
	}
	return all
}

// onePrimary makes the last primary one of the changed elements the only one.
func onePrimary(list []any, changed []int) {
	for _, i := range slices.Backward(changed) {
		e, ok := list[i].(object)
		if !ok || e["primary"] != true {
			continue
		}
		for j, other := range list {
			if o, ok := other.(object); ok && i != j && o["primary"] == true {
				copied := cmpObject(o)
				copied["primary"] = false
				list[j] = copied
			}
		}
		return
	}
}

// dropRepeated keeps the first of the elements that a change made identical.
func dropRepeated(def schema.Attribute, list []any, changed []int) (out []any) {
	for i, e := range list {
		repeated := slices.ContainsFunc(list[:i], func(before any) bool {
			return identical(def, before, e) && slices.ContainsFunc(changed, func(c int) bool { return identical(def, list[c], e) })
		})
		if !repeated {
			out = append(out, e)
		}
	}
	return out
}

func definitionOf(defs []schema.Attribute, name string) schema.Attribute {
	for _, d := range defs {
		if d.Name == name {
			d.Mutability = cmp.Or(d.Mutability, schema.ReadWrite)
			d.Type = cmp.Or(d.Type, schema.TypeString)
			return d
		}
	}
	return schema.Attribute{}
}

func isReference(def schema.Attribute) bool {
	return definitionOf(def.SubAttributes, "$ref").Name != "" && definitionOf(def.SubAttributes, "value").Name != ""
}

// isVoid reports whether v is no value in SCIM.
func isVoid(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case object:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}

// cmpObject returns a copy of v, or an empty object.
func cmpObject(v any) object {
	o, _ := v.(object)
	if o == nil {
		return object{}
	}
	return maps.Clone(o)
}

func cmpList(v any) []any {
	list, _ := v.([]any)
	return list
}

func clone(v any) any {
	text, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	var copied any
	if json.Unmarshal(text, &copied) != nil {
		return nil
	}
	return copied
}
