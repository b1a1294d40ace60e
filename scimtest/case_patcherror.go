package scimtest

import "net/http"

var patchErrorCases = []rfcCase{
	{name: "patch/atomic", covers: "7644-3.5.2-21 7644-3.5.2-22 7644-3.5.2-23", feature: "patch", each: patchAtomic,
		title: "When one operation fails, none takes effect",
		cause: "Operations are stored one by one. The client believes that nothing happened, and its next update is wrong."},
	{name: "patch/remove-without-path", covers: "7644-3.5.2.2-01 7644-3.12-23 7644-3.5.2-07", feature: "patch", each: patchRemoveWithoutPath,
		title: "remove without path is 400 noTarget and removes nothing"},
	{name: "patch/readonly", covers: "7644-3.5.2-11 7644-3.12-20", feature: "patch", each: patchReadOnly,
		title: "A path to id or to another readOnly attribute is refused with 400 mutability"},
	{name: "patch/remove-required", covers: "7644-3.5.2.2-08", feature: "patch", each: patchRemoveRequired,
		title: "A required attribute cannot be removed"},
	{name: "patch/immutable", covers: "7644-3.5.2-12", feature: "patch", each: patchImmutable,
		title: "An immutable value cannot be changed"},
	{name: "patch/invalid-path", covers: "7644-3.5.2-09 7644-3.12-22", feature: "patch", each: patchInvalidPath,
		title: "A malformed path is 400 invalidPath",
		cause: "The operation is skipped in silence and the client believes it was done."},
	{name: "patch/array-index", covers: "7644-3.5.2-02", feature: "patch", each: patchArrayIndex,
		title: "A path with an array index is refused, and changes nothing"},
	{name: "patch/unknown-op", covers: "7644-3.5.2-06 7644-3.5.2-14", feature: "patch", each: patchUnknownOp,
		title: "An unknown op is refused with 400",
		cause: "Unknown operations are skipped in silence."},
	{name: "patch/malformed", covers: "7644-3.5.2-04 7644-3.5.2-05 7644-3.5.2.1-01", feature: "patch", each: patchMalformed,
		title: "A request without operations, without op or without the value of an add is refused with 400"},
	{name: "patch/wrong-type", covers: "7644-3.5.2-10 7644-3.12-24", feature: "patch", each: patchWrongType,
		title: "A value of the wrong type is refused with 400 and changes nothing"},
	{name: "patch/unique", covers: "7644-3.12-19", feature: "patch", each: patchUnique,
		title: "A PATCH cannot take over the unique value of another resource",
		cause: "Uniqueness is checked on create only."},
	{name: "patch/unknown-id", covers: "7644-3.12-11", feature: "patch", each: patchUnknownID,
		title: "PATCH of an unknown id is 404"},
}

func patchAtomic(p *probe, t *resType) {
	r, key, a := p.described(t)
	bad := op("replace", a.path()+"[[", "x")
	if key.required {
		bad = op("remove", key.path(), nil)
	}
	p.patch("one good and one bad operation", r, op("replace", a.path(), "Half done"), bad).fails(http.StatusBadRequest)
	p.read(r).has(a.pointer(), "Described").has(key.pointer(), r.key)
	p.patch("one good and one unknown operation", r, op("replace", a.path(), "Half done"), op("frobnicate", a.path(), "x")).fails(http.StatusBadRequest)
	p.read(r).has(a.pointer(), "Described")
}

func patchRemoveWithoutPath(p *probe, t *resType) {
	r, key, a := p.described(t)
	p.patch("remove nothing in particular", r, op("remove", "", nil)).fails(http.StatusBadRequest, "noTarget", "invalidPath", "invalidSyntax")
	p.read(r).has(key.pointer(), r.key).has(a.pointer(), "Described")
}

func patchReadOnly(p *probe, t *resType) {
	r := p.given(t)
	p.patch("change the id", r, op("replace", "id", "other-"+p.run)).fails(http.StatusBadRequest, "mutability")
	p.read(r).has("/id", r.id())
	if a := t.readOnly(); a != nil {
		p.patch("change "+a.path(), r, op("replace", a.path(), sample(a, p.unique()))).fails(http.StatusBadRequest, "mutability")
	}
}

func patchRemoveRequired(p *probe, t *resType) {
	key := p.requiredKey(t)
	r := p.given(t)
	p.patch("remove "+key.name, r, op("remove", key.path(), nil)).fails(http.StatusBadRequest, "mutability", "invalidValue")
	p.read(r).has(key.pointer(), r.key)
}

func patchImmutable(p *probe, t *resType) {
	a := p.need(t, t.immutable(), "immutable text")
	r := p.given(t, with(t, a, "first"))
	p.patch("change it", r, op("replace", a.path(), "second")).fails(http.StatusBadRequest, "mutability")
	p.read(r).has(a.pointer(), "first")
}

func patchInvalidPath(p *probe, t *resType) {
	r, key, a := p.described(t)
	for _, path := range []string{a.path() + "[", a.path() + "..x", "[" + a.path() + "]", a.path() + " eq"} {
		p.patch("replace at "+path, r, op("replace", path, "x")).fails(http.StatusBadRequest, "invalidPath", "invalidFilter", "invalidSyntax")
	}
	p.read(r).has(a.pointer(), "Described").has(key.pointer(), r.key)
}

func patchUnknownOp(p *probe, t *resType) {
	r, _, a := p.described(t)
	p.patch("move", r, op("move", a.path(), "x")).fails(http.StatusBadRequest, "invalidSyntax", "invalidValue")
	p.read(r).has(a.pointer(), "Described")
}

func patchMalformed(p *probe, t *resType) {
	r, _, a := p.described(t)
	for _, step := range []struct {
		name string
		body object
	}{
		{"no Operations", object{"schemas": []any{patchURN}}},
		{"empty Operations", patchBody()},
		{"no op", patchBody(object{"path": a.path(), "value": "x"})},
		{"add without value", patchBody(op("add", a.path(), nil))},
		{"Operations is no list", object{"schemas": []any{patchURN}, "Operations": "x"}},
	} {
		p.send(step.name, http.MethodPatch, r.url(), step.body).fails(http.StatusBadRequest, "invalidSyntax", "invalidValue", "noTarget")
	}
	p.read(r).has(a.pointer(), "Described")
}

func patchWrongType(p *probe, t *resType) {
	r, _, a := p.described(t)
	p.patch("an object for a text", r, op("replace", a.path(), object{"unexpected": object{}})).fails(http.StatusBadRequest)
	p.read(r).has(a.pointer(), "Described")
}

func patchUnique(p *probe, t *resType) {
	key := p.uniqueKey(t)
	a, b := p.given(t), p.given(t)
	p.patch("take the name of the other", b, op("replace", key.path(), a.key)).fails(http.StatusConflict, "uniqueness")
	p.read(b).has(key.pointer(), b.key)
}

func patchUnknownID(p *probe, t *resType) {
	r := p.given(t)
	body := patchBody(op("replace", "externalId", "x"))
	p.send("patch an unknown id", http.MethodPatch, t.endpoint+"/no-"+p.run, body).fails(http.StatusNotFound)
	p.read(r)
}

func patchArrayIndex(p *probe, t *resType) {
	r, a, have := p.listed(t, 2)
	p.patch("remove the first", r, op("remove", a.path()+"[0]", nil)).fails(http.StatusBadRequest, "invalidPath", "invalidFilter", "invalidSyntax")
	p.read(r).elements(a, have...)
}
