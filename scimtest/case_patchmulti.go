package scimtest

import (
	"net/http"
	"slices"
)

var patchMultiCases = []rfcCase{
	{name: "patch/multi-add", covers: "7644-3.5.2.1-05", feature: "patch", each: patchMultiAdd,
		title: "add to a multi-valued attribute appends",
		cause: "The list is replaced by the new element; a second e-mail address wipes the first."},
	{name: "patch/multi-replace", covers: "7644-3.5.2.3-03", feature: "patch", each: patchMultiReplace,
		title: "replace of a multi-valued attribute replaces all values"},
	{name: "patch/multi-remove", covers: "7644-3.5.2.2-03 7644-3.5.2.2-07", feature: "patch", each: patchMultiRemove,
		title: "remove of a multi-valued attribute without filter unassigns it"},
	{name: "patch/filter-replace", covers: "7644-3.5.2.3-08 7644-3.5.2-08", feature: "patch", each: patchFilterReplace,
		title: "replace through a value filter changes that sub-attribute of the matching elements only",
		cause: "The filter in the path is ignored, or the other sub-attributes of the element are lost."},
	{name: "patch/filter-element", covers: "7644-3.5.2.3-07", feature: "patch", each: patchFilterElement,
		title: "replace of a filtered element changes the matching element only"},
	{name: "patch/filter-remove", covers: "7644-3.5.2.2-04 7644-3.5.2.2-05", feature: "patch", each: patchFilterRemove,
		title: "remove with a value filter removes the matching elements only",
		cause: "The filter is ignored and everything is removed."},
	{name: "patch/filter-remove-none", covers: "7644-3.5.2.2-09", feature: "patch", level: Recommended, each: patchFilterRemoveNone,
		title: "remove with a value filter that matches nothing changes nothing and succeeds"},
	{name: "patch/filter-no-target", covers: "7644-3.5.2.3-09", feature: "patch", level: Informational, each: patchFilterNoTarget,
		title: "replace with a value filter that matches nothing is 400 noTarget (creating the element is what Entra relies on)"},
	{name: "patch/primary", covers: "7644-3.5.2-20 7643-2.4-04", feature: "patch", each: patchPrimary,
		title: "Making one element primary takes the mark from the others"},
	{name: "patch/multi-duplicate", covers: "7644-3.5.2.1-08 7644-3.5.2.1-09", feature: "patch", each: patchMultiDuplicate,
		title: "add of an element that is there adds nothing and succeeds",
		cause: "Repeated requests pile up duplicates."},
}

// listed returns a resource whose multi-valued attribute has n elements.
func (p *probe) listed(t *resType, n int) (*resource, *attr, []object) {
	a := p.need(t, t.multi(), "multi-valued complex attribute")
	elements := make([]object, n)
	for i := range elements {
		elements[i] = a.element(p.unique(), i)
	}
	return p.given(t, with(t, a, elements)), a, elements
}

// elements asks that the values of a are exactly these.
func (r *reply) elements(a *attr, want ...object) *reply {
	var values []string
	for _, e := range want {
		values = append(values, textAt(e, "value"))
	}
	return r.sameSet(a.pointer()+"/*/value", r.values(a.pointer(), "value"), values)
}

func patchMultiAdd(p *probe, t *resType) {
	r, a, have := p.listed(t, 1)
	more := a.element(p.unique(), 1)
	p.patch("add one", r, op("add", a.path(), []any{more})).patched()
	p.read(r).elements(a, have[0], more)
}

func patchMultiReplace(p *probe, t *resType) {
	r, a, _ := p.listed(t, 2)
	other := a.element(p.unique(), 2)
	p.patch("replace all", r, op("replace", a.path(), []any{other})).patched()
	p.read(r).elements(a, other)
}

func patchMultiRemove(p *probe, t *resType) {
	r, a, _ := p.listed(t, 2)
	p.patch("remove all", r, op("remove", a.path(), nil)).patched()
	p.read(r).lacks(a.pointer())
}

// selected is a path to the elements of that type.
func (a *attr) selected(kind string) string { return a.path() + `[type eq ` + literal(kind) + `]` }

func patchFilterReplace(p *probe, t *resType) {
	r, a, have := p.listed(t, 2)
	changed := a.element(p.unique(), 0)
	p.patch("replace one value", r, op("replace", a.selected(a.kind(0))+".value", changed["value"])).patched()
	again := p.read(r).elements(a, changed, have[1])
	at := a.pointer() + "/[type=" + a.kind(0) + "]/value"
	again.has(at, changed["value"])
}

func patchFilterElement(p *probe, t *resType) {
	r, a, have := p.listed(t, 2)
	changed := a.element(p.unique(), 1)
	p.patch("replace one element", r, op("replace", a.selected(a.kind(1)), changed)).patched()
	p.read(r).elements(a, have[0], changed)
}

func patchFilterRemove(p *probe, t *resType) {
	r, a, have := p.listed(t, 3)
	p.patch("remove by type", r, op("remove", a.selected(a.kind(1)), nil)).patched()
	rest := slices.DeleteFunc(slices.Clone(have), func(e object) bool { return e["type"] == a.kind(1) })
	p.read(r).elements(a, rest...)
	p.patch("remove by value", r, op("remove", a.path()+"[value eq "+literal(textAt(have[0], "value"))+"]", nil)).patched()
	p.read(r).elements(a, rest[1:]...)
}

func patchFilterRemoveNone(p *probe, t *resType) {
	r, a, have := p.listed(t, 1)
	p.patch("remove what is not there", r, op("remove", a.path()+`[value eq "nobody"]`, nil)).patched()
	p.read(r).elements(a, have...)
}

func patchFilterNoTarget(p *probe, t *resType) {
	r, a, have := p.listed(t, 1)
	answer := p.patch("replace what is not there", r, op("replace", a.path()+`[value eq "nobody"].type`, a.kind(1)))
	answer.fails(http.StatusBadRequest, "noTarget")
	p.read(r).elements(a, have...)
}

func patchPrimary(p *probe, t *resType) {
	a := p.need(t, t.multi(), "multi-valued complex attribute")
	if a.sub("primary") == nil {
		p.skip("%s has no primary", a.path())
	}
	first, second := a.element(p.unique(), 0), a.element(p.unique(), 1)
	first["primary"] = true
	r := p.given(t, with(t, a, []any{first, second}))
	p.patch("make the other primary", r, op("replace", a.selected(a.kind(1))+".primary", true)).patched()
	again := p.read(r)
	again.has(a.pointer()+"/[type="+a.kind(1)+"]/primary", true)
	again.has(a.pointer()+"/[type="+a.kind(0)+"]/primary", object{"$not": true})
}

func patchMultiDuplicate(p *probe, t *resType) {
	r, a, have := p.listed(t, 2)
	p.patch("add one again", r, op("add", a.path(), []any{have[0]})).patched()
	p.read(r).elements(a, have...)
}
