package scimtest

import (
	"net/http"
	"slices"
)

// memberCases check attributes that refer to other resources; Group.members is
// the one that every client uses.
var memberCases = []rfcCase{
	{name: "members/create", covers: "7644-3.3-06 7643-2.4-02", each: memberCreate,
		title: "A resource can be created with members, and returns them"},
	{name: "members/add", covers: "7644-3.5.2.1-05", feature: "patch", each: memberAdd,
		title: "Adding members keeps those that are there",
		cause: "The member list is replaced by the added ones: everybody else loses access."},
	{name: "members/add-again", covers: "7644-3.5.2.1-08 7644-3.5.2.1-09", feature: "patch", each: memberAddAgain,
		title: "Adding a member that is there succeeds and leaves it there once"},
	{name: "members/remove-filter", covers: "7644-3.5.2.2-04", feature: "patch", each: memberRemoveFilter,
		title: `remove members[value eq "id"] removes that member only`,
		cause: "The filter is ignored and all members are removed. Okta removes members this way."},
	{name: "members/remove-value", covers: "7644-3.5.2.2-04", level: Recommended, feature: "patch", each: memberRemoveValue,
		title: "remove members with a value list removes no more than it names",
		cause: "The value is ignored and all members are removed. Entra, authentik and JumpCloud remove members this way; this reading has emptied production groups."},
	{name: "members/remove-stranger", covers: "7644-3.5.2.2-09", feature: "patch", level: Recommended, each: memberRemoveStranger,
		title: "Removing somebody who is no member succeeds and changes nothing"},
	{name: "members/replace", covers: "7644-3.5.2.3-03", feature: "patch", each: memberReplace,
		title: "replace members sets the list, and the empty list clears it"},
	{name: "members/put", covers: "7644-3.5.1-02", each: memberPut,
		title: "PUT sets the members"},
	{name: "members/unknown", covers: "7643-2.3.7-07", feature: "patch", each: memberUnknown,
		title: "A member that does not exist is refused or left out, and never created; nobody else is lost",
		cause: "Unknown members are created on the fly, which lets a client make accounts."},
	{name: "members/reference", covers: "7643-2.3.7-01 7643-2.3.7-04 7643-4.2-05 7643-4.2-06 7643-2.3.7-03", each: memberReference,
		title: "$ref of a member, where given, leads to the member"},
	{name: "members/filter", covers: "7644-3.4.2.2-25 7644-3.4.2.2-26", feature: "filter", level: Recommended, each: memberFilter,
		title: "Groups can be found by a member"},
	{name: "members/deleted", covers: "7644-3.6-02", level: Recommended, each: memberDeleted,
		title: "A deleted resource disappears from members",
		cause: "Memberships are not cleaned up. If an id or a name is used again, its new owner inherits the access."},
	{name: "members/backlink", covers: "7643-4.1.2-19 7643-4.1.2-23", level: Recommended, each: memberBacklink,
		title: "groups of a user shows the membership, and follows changes"},
	{name: "members/nested", covers: "7643-4.2-07", level: Recommended, each: memberNested,
		title: "A group can be a member of a group"},
	{name: "members/excluded", covers: "7644-3.4.2.5-02", each: memberExcluded,
		title: "excludedAttributes=members leaves the members out, and a PATCH with it does too"},
}

// crew is a resource with members, and its pool of candidates.
type crew struct {
	*resource
	a      *attr
	people []*resource
}

// crew creates people and a resource with the first n of them as members.
func (p *probe) crew(t *resType, n, spare int) *crew {
	a, target := p.m.members(t)
	p.need(t, a, "attribute that refers to other resources")
	c := &crew{a: a}
	for range n + spare {
		c.people = append(c.people, p.given(target))
	}
	c.resource = p.given(t, with(t, a, refs(c.people[:n]...)))
	return c
}

func refs(people ...*resource) []any {
	out := make([]any, len(people))
	for i, r := range people {
		out[i] = object{"value": r.id()}
	}
	return out
}

// has asks that the members are exactly these of the pool.
func (c *crew) has(want ...*resource) {
	r := c.p.read(c.resource)
	r.sameSet(c.a.pointer(), names(c.people, r.values(c.a.pointer(), "value")), names(c.people, idsOf(want)))
}

func (c *crew) is(r *resource) string { return c.a.path() + "[value eq " + literal(r.id()) + "]" }

func memberCreate(p *probe, t *resType) {
	c := p.crew(t, 2, 0)
	c.has(c.people...)
}

func memberAdd(p *probe, t *resType) {
	c := p.crew(t, 1, 3)
	p.patch("add one", c.resource, op("add", c.a.path(), refs(c.people[1]))).patched()
	c.has(c.people[:2]...)
	p.patch("add two at once", c.resource, op("add", c.a.path(), refs(c.people[2:]...))).patched()
	c.has(c.people...)
}

func memberAddAgain(p *probe, t *resType) {
	c := p.crew(t, 2, 0)
	p.patch("add one again", c.resource, op("add", c.a.path(), refs(c.people[0]))).patched()
	c.has(c.people...)
}

func memberRemoveFilter(p *probe, t *resType) {
	c := p.crew(t, 3, 0)
	p.patch("remove the second", c.resource, op("remove", c.is(c.people[1]), nil)).patched()
	c.has(c.people[0], c.people[2])
}

func memberRemoveValue(p *probe, t *resType) {
	c := p.crew(t, 3, 0)
	answer := p.patch("remove the second", c.resource, op("remove", c.a.path(), refs(c.people[1])))
	if answer.status(200, 204, 400); answer.e.Status == http.StatusBadRequest {
		c.has(c.people...)
		return
	}
	c.has(c.people[0], c.people[2])
}

func memberRemoveStranger(p *probe, t *resType) {
	c := p.crew(t, 2, 1)
	p.patch("remove a stranger", c.resource, op("remove", c.is(c.people[2]), nil)).patched()
	c.has(c.people[:2]...)
}

func memberReplace(p *probe, t *resType) {
	c := p.crew(t, 2, 2)
	p.patch("replace all", c.resource, op("replace", c.a.path(), refs(c.people[2:]...))).patched()
	c.has(c.people[2:]...)
	p.patch("replace by nobody", c.resource, op("replace", c.a.path(), []any{})).patched()
	c.has()
}

func memberPut(p *probe, t *resType) {
	c := p.crew(t, 2, 1)
	body := with2(t.minimal(p.unique()), t, c.a, refs(c.people[1:]...))
	p.send("replace", http.MethodPut, c.url(), body).must(http.StatusOK)
	c.has(c.people[1:]...)
}

func memberUnknown(p *probe, t *resType) {
	c := p.crew(t, 1, 0)
	stranger := "nobody-" + p.run
	answer := p.patch("add somebody unknown", c.resource, op("add", c.a.path(), []any{object{"value": stranger}}))
	answer.status(200, 204, 400, 404, 409, 422)
	_, target := p.m.members(t)
	p.get("look whether it was created", target.endpoint+"/"+stranger).fails(http.StatusNotFound)
	again := p.read(c.resource)
	again.expect(slices.Contains(again.values(c.a.pointer(), "value"), c.people[0].id()), c.a.pointer(), "the member that was there", "others")
}

func memberReference(p *probe, t *resType) {
	c := p.crew(t, 1, 0)
	for _, ref := range p.read(c.resource).values(c.a.pointer(), "$ref") {
		if ref == "" {
			p.skip("members have no $ref")
		}
		target, ok := p.pathOf(ref)
		if !ok {
			target = relative(ref, p.s.wire.base)
		}
		p.get("follow $ref", target).must(http.StatusOK).has("/id", c.people[0].id())
	}
}

func memberFilter(p *probe, t *resType) {
	c := p.crew(t, 1, 0)
	p.query("find by member", t, "filter", c.a.path()+".value eq "+literal(c.people[0].id())).lists(c.resource)
}

func memberDeleted(p *probe, t *resType) {
	c := p.crew(t, 2, 0)
	p.send("delete the first", http.MethodDelete, c.people[0].url(), nil).must(http.StatusNoContent)
	c.has(c.people[1])
}

func memberBacklink(p *probe, t *resType) {
	_, target := p.m.members(t)
	if target == nil || target.find(func(a *attr) bool { return a.name == "groups" && a.multi }) == nil {
		p.skip("no resource type shows memberships of %s", t.name)
	}
	c := p.crew(t, 1, 0)
	r := p.read(c.people[0])
	r.sameSet("/groups/*/value", r.values("/groups", "value"), []string{c.id()})
	for _, ref := range r.values("/groups", "$ref") {
		if target, ok := p.pathOf(ref); ok {
			p.get("follow groups.$ref", target).must(http.StatusOK).has("/id", c.id())
		}
	}
	p.send("delete the group", http.MethodDelete, c.url(), nil).must(http.StatusNoContent)
	p.read(c.people[0]).lacks("/groups")
}

func memberExcluded(p *probe, t *resType) {
	c := p.crew(t, 1, 1)
	query := "?excludedAttributes=" + c.a.path()
	p.get("read without members", c.url()+query).must(http.StatusOK).lacks(c.a.pointer()).has("/id", c.id())
	if p.m.supports("patch") {
		body := patchBody(op("add", c.a.path(), refs(c.people[1])))
		p.send("add one, members excluded", http.MethodPatch, c.url()+query, body).patched().lacks(c.a.pointer())
		c.has(c.people...)
	}
}

func memberNested(p *probe, t *resType) {
	a, _ := p.m.members(t)
	if a == nil || !slices.Contains(a.sub("$ref").refTypes, t.name) {
		p.skip("%s cannot refer to its own type", t.name)
	}
	inner := p.given(t)
	outer := p.given(t, with(t, a, refs(inner)))
	r := p.read(outer)
	r.sameSet(a.pointer(), r.values(a.pointer(), "value"), []string{inner.id()})
}
