package scimtest

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

var crudCases = []rfcCase{
	{name: "crud/create", covers: "7644-3.3-06 7644-3.3-07 7643-3.1-06 7643-3-01 7644-3.3.1-01 7643-3.1-01 7643-3.1-02 7643-3.1-19 7643-2.1-01 7643-2.3.8-01", each: createAnswers,
		title: "POST answers 201 with the new resource: id, schemas, meta.resourceType and what was sent",
		cause: "An empty body on create makes Okta treat the create as failed."},
	{name: "crud/location", covers: "7644-3.3-08 7644-3.3-09 7643-2.3.7-04", each: createLocation,
		title: "Location and meta.location of a new resource are one absolute URL that leads to it",
		cause: "The URL is built from an internal host name or without the mount prefix."},
	{name: "crud/server-assigns-id", covers: "7643-3.1-09 7643-3.1-18 7644-3.3-01 7643-3.1-11 7643-3.1-17", each: createIgnoresID,
		title: "id and meta sent by the client are ignored on create",
		cause: "The body is stored as it is, so that a client can choose or take over an id."},
	{name: "crud/distinct-ids", covers: "7643-3.1-07 7643-3.1-10", each: createDistinct,
		title: "Each resource has its own id, which does not contain the reserved word bulkId"},
	{name: "crud/readonly-ignored", covers: "7644-3.3-01 7644-3.5.1-10 7643-4.1.2-25 7643-4.1.2-26 7643-7-17", each: writeReadOnly,
		title: "Values for readOnly attributes are ignored on create and replace",
		cause: "Mutability is not enforced; a client can write itself into groups."},
	{name: "crud/duplicate", covers: "7644-3.3-10 7643-4.1.1-02 7644-3.12-12 7643-7-29", each: createDuplicate,
		title: "A second resource with the same unique value is refused with 409 uniqueness",
		cause: "No unique index; clients that retry create duplicates, and Entra then updates the wrong one."},
	{name: "crud/duplicate-case", covers: "7643-4.1.1-04 7643-4.1.1-02 7644-7.8-01", each: createDuplicateCase,
		title: "Unique values that are not caseExact collide whatever their letter case",
		cause: "Uniqueness is checked on the raw text, so that ANN@x and ann@x become two accounts."},
	{name: "crud/duplicate-on-replace", covers: "7644-3.12-19", each: replaceDuplicate,
		title: "A replace cannot take over the unique value of another resource",
		cause: "Uniqueness is checked on create only."},
	{name: "crud/required", covers: "7643-1.1-02 7644-3.12-24 7643-4.1.1-01 7643-4.2-02", each: createWithoutRequired,
		title: "A resource without a required attribute is refused with 400",
		cause: "Required attributes are not checked; null and an empty body pass."},
	{name: "crud/read", covers: "7644-3.4.1-01 7644-3.1-07", each: readAgrees,
		title: "GET returns what the create returned"},
	{name: "crud/unknown-id", covers: "7644-3.4.1-02 7644-3.12-11 7644-3.2-03 7644-3.5.1-01", each: unknownID,
		title: "Every operation on an unknown id is 404, whatever the id looks like, and creates nothing",
		cause: "An id of a foreign shape ends in 400 or 500; PUT creates what is not there."},
	{name: "crud/attribute-case", covers: "7643-2.1-03", each: createOtherCase,
		title: "Attribute names in a body are matched in any letter case",
		cause: "Names are compared exactly, so that data of clients that write UserName is dropped."},
	{name: "crud/unassigned", covers: "7643-2.5-01 7643-2.5-02 7644-3.3-05", each: createUnassigned,
		title: "null and [] mean unassigned on create"},
	{name: "crud/unicode", covers: "7644-3.8-01 7643-2.3.1-01 7644-3.8-02", each: createUnicode,
		title: "Text beyond ASCII is kept exactly",
		cause: "A column or a decoder with a narrower character set."},
	{name: "crud/multi-valued", covers: "7643-2.4-01 7643-2.4-04", each: createMulti,
		title: "All elements of a multi-valued attribute are kept, with at most one primary",
		cause: "Only the primary or the first element is stored."},
	{name: "crud/complex", covers: "7643-2.3.2-01 7644-3.8-08", each: createComplex,
		title: "Sub-attributes and booleans are kept with their JSON types"},
	{name: "crud/extension", covers: "7643-3-09 7643-3.3-05 7643-3-04 7643-3-08 7643-3.3-06 7643-3-06", each: createExtension,
		title: "Extension attributes are stored, and returned in the object named by the extension's URN",
		cause: "Extensions are advertised and not stored, or flattened into the core attributes."},
	{name: "crud/schemas", covers: "7643-3-01 7643-3-03 7643-3-04 7643-3-05 7643-3-02 7643-3.3-01", each: schemasExact,
		title: "schemas holds the base schema, only known extensions, and no duplicates"},
	{name: "crud/meta", covers: "7643-3.1-20 7643-3.1-21 7643-3.1-22 7643-2.3.5-01", each: metaTimes,
		title: "meta.created and lastModified are dateTimes, equal at first; a change moves only lastModified"},
	{name: "crud/external-id", covers: "7643-3.1-12 7643-3.1-13 7643-3.1-16", each: externalID,
		title: "externalId is stored exactly as sent, and never invented"},
	{name: "crud/external-id-shared", covers: "7643-3.1-15", level: Recommended, each: externalIDShared,
		title: "Two resources may have the same externalId",
		cause: "externalId is treated as unique, which stops a second client, and people who were created twice at the source."},
	{name: "crud/case-preserved", covers: "7643-7-15", each: casePreserved,
		title: "Values come back in the letter case in which they were sent",
		cause: "Values are folded for storage instead of for comparison only."},
	{name: "crud/types", covers: "7643-2.3-02 7643-2.3.3-01 7643-2.3.4-01 7643-2.3.5-02 7643-2.3.6-01 7643-2-01", each: typesKept,
		title: "Numbers, dates, binary values and URIs are kept with their JSON types, and malformed ones refused with 400"},
	{name: "crud/secret", covers: "7643-4.1.1-16 7643-4.1.1-25", each: neverReturned,
		title: "An attribute with returned=never is in no response, even when asked for",
		cause: "The stored object is written out without a filter. This leaks passwords."},
	{name: "crud/replace", covers: "7644-3.5-01 7644-3.5.1-02 7644-3.5.1-12", each: replaceStores,
		title: "PUT stores the new values and answers 200 with the whole resource"},
	{name: "crud/replace-own-representation", covers: "7644-3.5.1-10 7644-3.1-06 7643-3.1-08", each: replaceOwn,
		title: "What GET returned can be sent back by PUT; the id stays",
		cause: "Read-only members (id, meta, groups) of the body are refused. Okta and Ping send them back."},
	{name: "crud/replace-clears", covers: "7644-3.5.1-06 7643-2.5-02", each: replaceClears,
		title: "null in a PUT clears the attribute"},
	{name: "crud/replace-omitted", covers: "7644-3.5.1-04", level: Informational, each: replaceOmitted,
		title: "PUT clears what it leaves out (a server may keep it)"},
	{name: "crud/replace-required", covers: "7644-3.5.1-11", unless: "put-merge", each: replaceWithoutRequired,
		title: "PUT without a required attribute is refused, and changes nothing"},
	{name: "crud/replace-immutable", covers: "7644-3.5.1-07 7644-3.5.1-08", each: replaceImmutable,
		title: "PUT cannot change an immutable value"},
	{name: "crud/replace-sets-immutable", covers: "7644-3.5.1-09", each: replaceSetsImmutable,
		title: "PUT sets an immutable attribute that has no value yet"},
	{name: "crud/content-location", covers: "7643-3.1-23", level: Informational, each: contentLocation,
		title: "Content-Location, where sent, is meta.location"},
	{name: "crud/delete", covers: "7644-3.6-02 7644-3.6-03 7644-3.6-05", each: deleteRemoves,
		title: "DELETE is 204; afterwards every operation on the resource is 404 and no query finds it",
		cause: "A soft delete that stays visible: clients that look a person up before they create one find the ghost."},
	{name: "crud/delete-frees-names", covers: "7644-3.6-04", level: Recommended, each: deleteFrees,
		title: "After a delete the unique value can be used again",
		cause: "Soft-deleted rows keep their place in the unique index; a returning employee cannot be created."},
}

func createAnswers(p *probe, t *resType) {
	r := p.given(t)
	r.has("/id", object{"$type": "string"}).has("/schemas", object{"$contains": t.schema})
	r.has("/meta/resourceType", t.name)
	r.hasHeader("Content-Type", object{"$oneOfPrefix": []string{"application/scim+json", "application/json"}})
	if key := t.key(); key != nil {
		r.has(key.pointer(), r.key)
	}
}

func createLocation(p *probe, t *resType) {
	r := p.given(t)
	location := r.e.Header.Get("Location")
	r.has("/meta/location", location).hasHeader("Location", anything)
	target, ok := p.pathOf(location)
	r.expect(ok, "Location", "an absolute URL below "+p.s.wire.base.String(), location)
	if ok {
		p.get("follow Location", target).must(http.StatusOK).has("/id", r.id())
	}
}

func createIgnoresID(p *probe, t *resType) {
	chosen := "chosen-" + p.run
	r := p.given(t, func(o object) {
		o["id"] = chosen
		o["meta"] = object{"resourceType": "Nonsense", "created": "1999-01-01T00:00:00Z", "version": `W/"chosen"`}
	})
	r.has("/id", object{"$not": chosen}).has("/meta/resourceType", t.name)
	r.has("/meta/created", object{"$not": "1999-01-01T00:00:00Z"}).has("/meta/version", object{"$not": `W/"chosen"`})
}

func createDistinct(p *probe, t *resType) {
	a, b := p.given(t), p.given(t)
	b.has("/id", object{"$not": a.id()})
	b.expect(!strings.Contains(strings.ToLower(b.id()), "bulkid"), "/id", "no reserved word bulkId", b.id())
}

func writeReadOnly(p *probe, t *resType) {
	a := p.need(t, t.readOnly(), "readOnly attribute that could be written")
	forged := sample(a, p.unique())
	r := p.given(t, with(t, a, forged))
	r.expect(!equalJSON(jsonOf(forged), r.at(a.pointer())), a.pointer(), "not the value that the client sent", compactJSON(forged))
	body := maps.Clone(r.body.(object))
	t.set(body, a, forged)
	again := p.send("replace", http.MethodPut, r.url(), body).must(http.StatusOK)
	again.expect(!equalJSON(jsonOf(forged), again.at(a.pointer())), a.pointer(), "not the value that the client sent", compactJSON(forged))
}

// uniqueKey returns the key if the server promises that it is unique.
func (p *probe) uniqueKey(t *resType) *attr {
	key := t.key()
	if key == nil || key.uniqueness == "none" {
		p.skip("%s has no unique text", t.name)
	}
	return key
}

func createDuplicate(p *probe, t *resType) {
	key := p.uniqueKey(t)
	r := p.given(t)
	again := p.create("create the same again", t, with2(t.minimal(p.unique()), t, key, r.key))
	again.fails(http.StatusConflict, "uniqueness")
}

// with2 sets an attribute and returns the representation.
func with2(o object, t *resType, a *attr, v any) object {
	t.set(o, a, v)
	return o
}

func createDuplicateCase(p *probe, t *resType) {
	key := p.uniqueKey(t)
	if key.caseExact {
		p.skip("%s of %s is caseExact", key.name, t.name)
	}
	r := p.given(t)
	again := p.create("create in upper case", t, with2(t.minimal(p.unique()), t, key, strings.ToUpper(r.key)))
	again.fails(http.StatusConflict, "uniqueness")
}

func replaceDuplicate(p *probe, t *resType) {
	key := p.uniqueKey(t)
	a, b := p.given(t), p.given(t)
	p.send("take the name of the other", http.MethodPut, b.url(), with2(t.minimal(p.unique()), t, key, a.key)).fails(http.StatusConflict, "uniqueness")
	p.read(b).has(key.pointer(), b.key)
}

// requiredKey returns the key if it is required.
func (p *probe) requiredKey(t *resType) *attr {
	key := t.key()
	if key == nil || !key.required {
		p.skip("%s requires no text", t.name)
	}
	return key
}

func createWithoutRequired(p *probe, t *resType) {
	key := p.requiredKey(t)
	p.given(t)
	body := t.minimal(p.unique())
	body[key.name] = nil
	p.create("create with null for "+key.name, t, body).fails(http.StatusBadRequest, "invalidValue", "invalidSyntax")
	delete(body, key.name)
	p.create("create without "+key.name, t, body).fails(http.StatusBadRequest, "invalidValue", "invalidSyntax")
	if key.name == "userName" {
		body[key.name] = ""
		p.create("create with an empty "+key.name, t, body).fails(http.StatusBadRequest, "invalidValue", "invalidSyntax")
	}
}

func readAgrees(p *probe, t *resType) {
	r := p.given(t, withText(t, "Read "+p.run))
	again := p.read(r)
	want, _ := r.body.(object)
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if name != "meta" {
			again.has("/"+name, want[name])
		}
	}
}

// withText sets the free text of a type, if it has one.
func withText(t *resType, v string) func(object) {
	return func(o object) {
		if a := t.text(); a != nil {
			t.set(o, a, v)
		}
	}
}

func unknownID(p *probe, t *resType) {
	r := p.given(t)
	ids := []string{"0", "does-not-exist", "00919288221112222", "00000000-0000-4000-8000-000000000000", "%F0%9F%98%80", "a%20b%27%22"}
	for _, id := range ids {
		p.get("read an unknown id", t.endpoint+"/"+id).fails(http.StatusNotFound)
	}
	missing := t.endpoint + "/no-" + p.run
	body := t.minimal(p.unique())
	p.send("replace an unknown id", http.MethodPut, missing, body).fails(http.StatusNotFound)
	p.get("look whether it was created", missing).fails(http.StatusNotFound)
	p.send("delete an unknown id", http.MethodDelete, missing, nil).fails(http.StatusNotFound)
	p.read(r)
}

func createOtherCase(p *probe, t *resType) {
	key := p.need(t, t.key(), "identifying text")
	unique := p.unique()
	body := t.minimal(unique)
	body[strings.ToUpper(key.name)] = body[key.name]
	delete(body, key.name)
	r := p.create("create with names in upper case", t, body).must(http.StatusCreated)
	r.has(key.pointer(), body[strings.ToUpper(key.name)])
}

func createUnassigned(p *probe, t *resType) {
	var cleared []*attr
	r := p.given(t, func(o object) {
		for _, a := range []*attr{t.text(), t.complex(), t.multi()} {
			if a == nil {
				continue
			}
			cleared = append(cleared, a)
			if o[a.name] = nil; a.multi {
				o[a.name] = []any{}
			}
		}
	})
	if len(cleared) == 0 {
		p.skip("%s has no optional attribute", t.name)
	}
	again := p.read(r)
	for _, a := range cleared {
		again.lacks(a.pointer())
	}
}

func createUnicode(p *probe, t *resType) {
	a := p.need(t, t.text(), "free text")
	const odd = "Zoë Ångström-Łukasz 王小明 👩‍💻 \"quoted\" \\ & <b> é"
	r := p.given(t, with(t, a, odd))
	p.read(r).has(a.pointer(), odd)
}

func createMulti(p *probe, t *resType) {
	a := p.need(t, t.multi(), "multi-valued complex attribute")
	first, second := a.element(p.unique(), 0), a.element(p.unique(), 1)
	if primary := a.sub("primary"); primary != nil {
		first["primary"] = true
	}
	r := p.given(t, with(t, a, []any{first, second}))
	again := p.read(r)
	again.sameSet(a.pointer()+"/*/value", again.values(a.pointer(), "value"), []string{textAt(first, "value"), textAt(second, "value")})
	if count := strings.Count(strings.Join(again.values(a.pointer(), "primary"), " "), "true"); count > 1 {
		again.problem(a.pointer(), "at most one primary", "several")
	}
}

// kinds are the values of "type" for attributes without canonical ones.
var kinds = []string{"work", "home", "other"}

// kind returns the i-th type of elements.
func (a *attr) kind(i int) string {
	if canonical := a.sub("type").canonical; len(canonical) > i {
		return canonical[i]
	}
	return kinds[i%len(kinds)]
}

// element returns an element of a multi-valued complex attribute with value and
// type.
func (a *attr) element(unique string, i int) object {
	value := sampleText(a.sub("value"), unique)
	if strings.HasPrefix(textOf(value), "tel:") {
		value = "tel:+1-201-555-010" + string(rune('0'+i%10))
	}
	return object{"value": value, "type": a.kind(i)}
}

func createComplex(p *probe, t *resType) {
	a, b := t.complex(), t.boolean()
	if a == nil && b == nil {
		p.skip("%s has neither a complex attribute nor a boolean", t.name)
	}
	r := p.given(t, func(o object) {
		if a != nil {
			o[a.name] = object{a.strings()[0].name: "One", a.strings()[1].name: "Two"}
		}
		if b != nil {
			o[b.name] = false
		}
	})
	again := p.read(r)
	if a != nil {
		again.has(a.strings()[0].pointer(), "One").has(a.strings()[1].pointer(), "Two")
	}
	if b != nil {
		again.has(b.pointer(), false)
	}
}

func createExtension(p *probe, t *resType) {
	a := p.need(t, t.extensionText(), "text in an extension")
	r := p.given(t, with(t, a, "Extended"))
	again := p.read(r)
	again.has(a.pointer(), "Extended").has("/schemas", object{"$contains": a.urn})
	other := p.given(t, with(t, a, "Extended"), func(o object) { slices.Reverse(o["schemas"].([]any)) })
	p.read(other).has(a.pointer(), "Extended")
}

func schemasExact(p *probe, t *resType) {
	r := p.given(t)
	list, _ := r.at("/schemas").([]any)
	seen := map[string]bool{}
	for _, v := range list {
		urn := textOf(v)
		known := urn == t.schema || slices.ContainsFunc(t.extensions, func(e extension) bool { return e.urn == urn })
		r.expect(strings.Contains(urn, ":"), "/schemas", "URIs", urn)
		r.expect(known, "/schemas", "only schemas of "+t.name, urn)
		r.expect(!seen[urn], "/schemas", "no duplicates", urn)
		seen[urn] = true
	}
	r.has("/schemas", object{"$contains": t.schema})
}
