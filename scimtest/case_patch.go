package scimtest

import (
	"net/http"
	"strings"
)

const patchURN = messagesURN + "PatchOp"

// patchCases is filled here, and in case_patchmulti.go and case_patcherror.go.
var patchCases = append(append([]rfcCase{
	{name: "patch/replace", covers: "7644-3.5.2.3-02 7644-3.5.2-24", feature: "patch", each: patchReplace,
		title: "replace sets a single value; the answer is 200 with the resource or 204"},
	{name: "patch/add", covers: "7644-3.5.2.1-03 7644-3.5.2.1-06", feature: "patch", each: patchAdd,
		title: "add sets a value that is not there, and replaces a single one that is"},
	{name: "patch/remove", covers: "7644-3.5.2.2-02", feature: "patch", each: patchRemove,
		title: "remove unassigns a single value"},
	{name: "patch/replace-missing", covers: "7644-3.5.2.3-04", feature: "patch", each: patchReplaceMissing,
		title: "replace of an attribute without value acts as add"},
	{name: "patch/null", covers: "7643-2.5-02", feature: "patch", each: patchNull,
		title: "replace with null unassigns"},
	{name: "patch/without-path", covers: "7644-3.5.2.1-02 7644-3.5.2.3-01 7644-3.5.2-07", feature: "patch", each: patchWithoutPath,
		title: "add and replace without path take a set of attributes and leave the others alone",
		cause: "Okta, JumpCloud and SailPoint deactivate people this way."},
	{name: "patch/boolean", covers: "7644-3.5.2.3-02 7643-2.3.2-01", feature: "patch", each: patchBoolean,
		title: "A boolean can be switched off and on, and stays a JSON boolean",
		cause: "Deactivation does not stick, or active reads back as a text."},
	{name: "patch/order", covers: "7644-3.5.2-19", feature: "patch", each: patchOrder,
		title: "Operations apply in order, each to the result of the one before",
		cause: "Only the first or the last operation is applied, or they are sorted by kind."},
	{name: "patch/all-operations", covers: "7644-3.5.2-19", feature: "patch", each: patchAllOperations,
		title: "Every operation of a request takes effect",
		cause: "Only the first operation is applied. Entra sends one operation per changed attribute."},
	{name: "patch/complex-merge", covers: "7644-3.5.2.3-05 7644-3.5.2.3-06 7644-3.5.2.1-04", feature: "patch", each: patchComplexMerge,
		title: "replace of a complex attribute keeps the sub-attributes that it does not name",
		cause: "The whole object is replaced; a changed family name wipes the given name."},
	{name: "patch/sub-attribute", covers: "7644-3.5.2-08 7644-3.10-04", feature: "patch", each: patchSub,
		title: "A path may lead to a sub-attribute"},
	{name: "patch/extension", covers: "7644-3.5.2-15 7644-3.5.2-18 7644-3.10-01", feature: "patch", each: patchExtension,
		title: "A full name as path reaches an extension attribute, and adds its URN to schemas",
		cause: "The path is split at the dot in 2.0, so that the value is lost."},
	{name: "patch/names", covers: "7644-3.10-05 7644-3.10-02", feature: "patch", each: patchNames,
		title: "Paths are matched in any letter case, with or without the core URN"},
	{name: "patch/op-case", covers: "7644-3.5.2-06", level: Recommended, feature: "patch", each: patchOpCase,
		title: "op is accepted in any letter case",
		cause: "Entra sends Add, Replace and Remove."},
	{name: "patch/attributes", covers: "7644-3.5.2-26 7644-3.9-02", feature: "patch", each: patchAttributes,
		title: "With the attributes parameter the answer is 200 with just those",
		cause: "The server always answers 204."},
	{name: "patch/no-change", covers: "7644-3.5.2.1-08 7644-3.5.2.1-09 7644-3.5.2.1-10", feature: "patch", each: patchNoChange,
		title: "An add that changes nothing succeeds and does not touch lastModified or version",
		cause: "Every PATCH is written, so that periodic updates look like changes."},
}, patchMultiCases...), patchErrorCases...)

// operation is one member of Operations.
func op(kind, path string, value any) object {
	o := object{"op": kind}
	if path != "" {
		o["path"] = path
	}
	if value != nil {
		o["value"] = value
	}
	return o
}

// patch sends operations to a resource. It does not judge.
func (p *probe) patch(name string, r *resource, operations ...object) *reply {
	return p.send(name, http.MethodPatch, r.url(), patchBody(operations...))
}

func patchBody(operations ...object) object {
	return object{"schemas": []any{patchURN}, "Operations": append([]object{}, operations...)}
}

// patched asks for success: 200 with the resource, or 204.
func (r *reply) patched() *reply {
	r.must(http.StatusOK, http.StatusNoContent)
	if r.e.Status == http.StatusOK {
		r.has("/id", anything).has("/schemas", anything)
	}
	return r
}

func patchReplace(p *probe, t *resType) {
	r, _, a := p.described(t)
	p.patch("replace it", r, op("replace", a.path(), "Changed")).patched()
	p.read(r).has(a.pointer(), "Changed").has(t.key().pointer(), r.key)
}

func patchAdd(p *probe, t *resType) {
	a := p.need(t, t.text(), "free text")
	r := p.given(t)
	p.patch("add it", r, op("add", a.path(), "One")).patched()
	p.read(r).has(a.pointer(), "One")
	p.patch("add another value", r, op("add", a.path(), "Two")).patched()
	p.read(r).has(a.pointer(), "Two")
}

func patchRemove(p *probe, t *resType) {
	r, _, a := p.described(t)
	p.patch("remove it", r, op("remove", a.path(), nil)).patched()
	p.read(r).lacks(a.pointer()).has(t.key().pointer(), r.key)
}

func patchReplaceMissing(p *probe, t *resType) {
	a := p.need(t, t.text(), "free text")
	r := p.given(t)
	p.patch("replace what is not there", r, op("replace", a.path(), "New")).patched()
	p.read(r).has(a.pointer(), "New")
}

func patchNull(p *probe, t *resType) {
	r, _, a := p.described(t)
	o := op("replace", a.path(), nil)
	o["value"] = nil
	p.patch("replace with null", r, o).patched()
	p.read(r).lacks(a.pointer())
}

func patchWithoutPath(p *probe, t *resType) {
	r, key, a := p.described(t)
	p.patch("replace without path", r, op("replace", "", object{a.name: "Replaced"})).patched()
	p.read(r).has(a.pointer(), "Replaced").has(key.pointer(), r.key)
	p.patch("add without path", r, op("add", "", object{a.name: "Added"})).patched()
	p.read(r).has(a.pointer(), "Added").has(key.pointer(), r.key)
}

func patchBoolean(p *probe, t *resType) {
	a := p.need(t, t.boolean(), "boolean")
	r := p.given(t, with(t, a, true))
	p.patch("switch it off", r, op("replace", a.path(), false)).patched()
	p.read(r).has(a.pointer(), false)
	p.patch("switch it on", r, op("replace", "", object{a.name: true})).patched()
	p.read(r).has(a.pointer(), true)
}

func patchOrder(p *probe, t *resType) {
	r, _, a := p.described(t)
	p.patch("set, remove, set", r, op("replace", a.path(), "First"), op("remove", a.path(), nil), op("add", a.path(), "Last")).patched()
	p.read(r).has(a.pointer(), "Last")
	p.patch("set, then remove", r, op("replace", a.path(), "First"), op("remove", a.path(), nil)).patched()
	p.read(r).lacks(a.pointer())
}

func patchAllOperations(p *probe, t *resType) {
	list := t.texts(2)
	if list == nil {
		p.skip("%s has no two free texts", t.name)
	}
	r := p.given(t)
	p.patch("change both", r, op("replace", list[0].path(), "One"), op("replace", list[1].path(), "Two")).patched()
	p.read(r).has(list[0].pointer(), "One").has(list[1].pointer(), "Two")
}

// named returns a resource whose complex attribute holds One and Two.
func (p *probe) named(t *resType) (r *resource, a, first, second *attr) {
	a = p.need(t, t.complex(), "complex attribute")
	first, second = a.strings()[0], a.strings()[1]
	return p.given(t, with(t, a, object{first.name: "One", second.name: "Two"})), a, first, second
}

func patchComplexMerge(p *probe, t *resType) {
	r, a, first, second := p.named(t)
	p.patch("replace one part", r, op("replace", a.path(), object{first.name: "Changed"})).patched()
	p.read(r).has(first.pointer(), "Changed").has(second.pointer(), "Two")
	p.patch("add one part", r, op("add", a.path(), object{second.name: "Added"})).patched()
	p.read(r).has(first.pointer(), "Changed").has(second.pointer(), "Added")
}

func patchSub(p *probe, t *resType) {
	r, _, first, second := p.named(t)
	p.patch("replace one", r, op("replace", first.path(), "Changed")).patched()
	p.read(r).has(first.pointer(), "Changed").has(second.pointer(), "Two")
	p.patch("remove one", r, op("remove", first.path(), nil)).patched()
	p.read(r).lacks(first.pointer()).has(second.pointer(), "Two")
}

func patchExtension(p *probe, t *resType) {
	a := p.need(t, t.extensionText(), "text in an extension")
	r := p.given(t)
	p.patch("add it", r, op("add", a.path(), "Extended")).patched()
	p.read(r).has(a.pointer(), "Extended").has("/schemas", object{"$contains": a.urn})
	p.patch("replace it without path", r, op("replace", "", object{a.urn: object{a.name: "Again"}})).patched()
	p.read(r).has(a.pointer(), "Again")
	p.patch("remove it", r, op("remove", a.path(), nil)).patched()
	p.read(r).lacks(a.pointer())
}

func patchNames(p *probe, t *resType) {
	r, _, a := p.described(t)
	p.patch("replace in upper case", r, op("replace", strings.ToUpper(a.path()), "Upper")).patched()
	p.read(r).has(a.pointer(), "Upper")
	p.patch("replace by full name", r, op("replace", t.schema+":"+a.path(), "Full")).patched()
	p.read(r).has(a.pointer(), "Full")
}

func patchOpCase(p *probe, t *resType) {
	r, _, a := p.described(t)
	for _, kind := range []string{"Replace", "ADD"} {
		p.patch(kind, r, op(kind, a.path(), kind)).patched()
		p.read(r).has(a.pointer(), kind)
	}
}

func patchAttributes(p *probe, t *resType) {
	r, key, a := p.described(t)
	answer := p.send("change with attributes", http.MethodPatch, r.url()+"?attributes="+key.path(), patchBody(op("replace", a.path(), "Changed")))
	answer.must(http.StatusOK).has("/id", r.id()).has(key.pointer(), r.key).lacks(a.pointer())
}

func patchNoChange(p *probe, t *resType) {
	r, _, a := p.described(t)
	before := p.read(r)
	p.patch("add what is there", r, op("add", a.path(), "Described")).patched()
	after := p.read(r)
	after.has("/meta/lastModified", before.at("/meta/lastModified"))
	if version := before.at("/meta/version"); version != nil {
		after.has("/meta/version", version)
	}
}
