package patch_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/muster-scim/muster/internal/schemagen"
	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// TestModel applies random operations, written down in random ways, and wants
// what the model makes of them.
func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		document := drawDocument(t)
		ops := rapid.SliceOfN(rapid.Custom(drawIntent), 1, 4).Draw(t, "operations")
		want, reason := modelApply(document, ops)

		stored, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, op := range ops {
			texts = append(texts, write(t, op))
		}
		got, err := patch.ApplyJSON(thing, stored, body(texts...), nil)
		var fault *patch.Error
		if errors.As(err, &fault) {
			if fault.Reason != reason {
				t.Fatalf("%s\non %s\ngot %v, want %q %v", strings.Join(texts, "\n"), stored, err, reason, want)
			}
			return
		}
		var have object
		if err := errors.Join(err, json.Unmarshal(got, &have)); err != nil {
			t.Fatal(err)
		}
		if reason != "" || !reflect.DeepEqual(have, want) {
			wanted, _ := json.Marshal(want)
			t.Fatalf("%s\non   %s\ngot  %s\nwant %s %s", strings.Join(texts, "\n"), stored, got, wanted, reason)
		}
	})
}

var (
	someText = rapid.SampledFrom([]string{"a", "A", "b", "work", "home", "Work", "x]y", `q"`})
	someID   = rapid.SampledFrom([]string{"u1", "u2", "U1", "g1"})
)

func drawDocument(t *rapid.T) object {
	document := object{"schemas": []any{"urn:example:Thing"}, "id": "1", "must": "here", "needed": []any{object{"value": "n1"}}}
	for _, a := range thing.Schema().Attributes {
		if a.Name != "must" && a.Name != "needed" && rapid.Bool().Draw(t, "has "+a.Name) {
			setDrawn(t, document, a)
		}
	}
	ext := object{}
	for _, a := range thing.Extensions()[0].Schema.Attributes {
		if rapid.Bool().Draw(t, "has "+a.Name) {
			setDrawn(t, ext, a)
		}
	}
	if len(ext) > 0 {
		document[extURN] = ext
		document["schemas"] = []any{"urn:example:Thing", extURN}
	}
	return document
}

func setDrawn(t *rapid.T, holder object, a schema.Attribute) {
	if !a.MultiValued {
		if v := drawValue(t, a); !isVoid(v) {
			holder[a.Name] = v
		}
		return
	}
	list := drawList(t, a)
	list = modelUnion(definitionOf([]schema.Attribute{a}, a.Name), nil, list)
	if len(list) > 0 {
		holder[a.Name] = list
	}
}

func drawList(t *rapid.T, a schema.Attribute) (list []any) {
	for range rapid.IntRange(0, 3).Draw(t, "length") {
		if v := drawValue(t, a); !isVoid(v) {
			list = append(list, v)
		}
	}
	return list
}

// drawValue draws one value of a.
func drawValue(t *rapid.T, a schema.Attribute) any {
	switch a.Type {
	case schema.TypeBoolean:
		return rapid.Bool().Draw(t, a.Name)
	case schema.TypeInteger:
		return float64(rapid.IntRange(0, 3).Draw(t, a.Name))
	case schema.TypeDecimal:
		return rapid.SampledFrom([]float64{0.5, 1.5}).Draw(t, a.Name)
	case schema.TypeDateTime:
		return "2026-01-0" + strconv.Itoa(rapid.IntRange(1, 3).Draw(t, a.Name)) + "T00:00:00Z"
	case schema.TypeBinary:
		return rapid.SampledFrom([]string{"YQ==", "Yg=="}).Draw(t, a.Name)
	case schema.TypeComplex:
		return drawObject(t, a)
	}
	if a.CaseExact {
		return someID.Draw(t, a.Name)
	}
	return someText.Draw(t, a.Name)
}

func drawObject(t *rapid.T, a schema.Attribute) object {
	o := object{}
	for _, sub := range a.SubAttributes {
		if sub.Name != "value" && rapid.Bool().Draw(t, "leave out "+sub.Name) || sub.Name == "calc" || sub.Name == "displayName" {
			continue
		}
		setDrawn(t, o, sub)
	}
	return o
}

func drawIntent(t *rapid.T) intent {
	op := intent{op: rapid.SampledFrom([]patch.Op{patch.Add, patch.Remove, patch.Replace}).Draw(t, "op")}
	op.extension = rapid.IntRange(0, 3).Draw(t, "extension") == 0
	defs := thing.Schema().Attributes
	if op.extension {
		defs = thing.Extensions()[0].Schema.Attributes
	}
	a := rapid.SampledFrom(defs).Draw(t, "attribute")
	a = definitionOf(defs, a.Name)
	op.attr = a.Name
	target := a
	if a.Type == schema.TypeComplex && rapid.Bool().Draw(t, "with sub") {
		target = rapid.SampledFrom(a.SubAttributes).Draw(t, "sub")
		op.sub = target.Name
	}
	if a.MultiValued && a.Type != schema.TypeInteger && rapid.Bool().Draw(t, "with filter") {
		drawFilter(t, a, &op)
	}
	op.value = drawTargetValue(t, target, target.MultiValued && op.by == "")
	op.listed = op.op == patch.Remove && target.MultiValued && op.by == "" && rapid.Bool().Draw(t, "listed")
	return op
}

func drawFilter(t *rapid.T, a schema.Attribute, op *intent) {
	op.by = "value"
	if a.Type == schema.TypeComplex {
		var names []string
		for _, sub := range a.SubAttributes {
			if sub.Name == "value" || sub.Name == "type" || sub.Name == "primary" {
				names = append(names, sub.Name)
			}
		}
		op.by = rapid.SampledFrom(names).Draw(t, "by")
	}
	switch {
	case op.by == "primary":
		op.is = rapid.SampledFrom([]string{"true", "false"}).Draw(t, "is")
	case op.by == "value" && isReference(a):
		op.is = someID.Draw(t, "is")
	default:
		op.is = someText.Draw(t, "is")
	}
}

func drawTargetValue(t *rapid.T, a schema.Attribute, list bool) any {
	switch {
	case rapid.IntRange(0, 9).Draw(t, "null") == 0:
		return nil
	case !list:
		return drawValue(t, a)
	}
	values := drawList(t, a)
	if values == nil {
		return nil
	}
	return values
}

// write puts an operation into JSON, in one of the forms that mean it.
func write(t *rapid.T, op intent) string {
	out := object{"op": rapid.SampledFrom([]string{string(op.op), strings.ToUpper(string(op.op)), strings.ToTitle(string(op.op[:1])) + string(op.op[1:])}).Draw(t, "spelling of op")}
	path := schemagen.Spelling(op.attr).Draw(t, "spelling of path")
	if op.by != "" {
		is, _ := json.Marshal(op.is)
		if op.by == "primary" {
			is = []byte(op.is)
		}
		path += "[" + op.by + " eq " + string(is) + "]"
	}
	if op.sub != "" {
		path += "." + schemagen.Spelling(op.sub).Draw(t, "spelling of sub")
	}
	switch {
	case op.extension:
		path = extURN + rapid.SampledFrom([]string{":", "."}).Draw(t, "separator") + path
	case rapid.IntRange(0, 3).Draw(t, "URN") == 0:
		path = "urn:example:Thing:" + path
	}
	value := rewrite(t, op)
	switch {
	case op.op == patch.Remove && !op.listed:
		out["path"] = path
	case op.op != patch.Remove && pathless(op) && rapid.Bool().Draw(t, "without path"):
		out["value"] = object{path: value}
	default:
		out["path"], out["value"] = path, value
	}
	text, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// pathless reports whether op means the same inside a value without path: not
// if it names what is readOnly, which is an error in a path only.
func pathless(op intent) bool {
	defs := thing.Schema().Attributes
	if op.extension {
		defs = thing.Extensions()[0].Schema.Attributes
	}
	a := definitionOf(defs, op.attr)
	return a.Mutability != schema.ReadOnly && definitionOf(a.SubAttributes, op.sub).Mutability != schema.ReadOnly
}

// rewrite returns the value of op in another form that means the same.
func rewrite(t *rapid.T, op intent) any {
	switch v := op.value.(type) {
	case bool:
		if rapid.Bool().Draw(t, "boolean as text") {
			return strings.ToTitle(strconv.FormatBool(v))
		}
	case []any:
		if len(v) == 1 && rapid.Bool().Draw(t, "without array") {
			return v[0]
		}
	}
	return op.value
}
