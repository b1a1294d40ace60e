package scimtest

// coreTypes are the parts of RFC 7643's User and Group that the cases can use
// with a server that has no readable discovery.
func coreTypes() []*resType {
	const core = "urn:ietf:params:scim:schemas:core:2.0:"
	user := &resType{name: "User", endpoint: "/Users", schema: core + "User", attrs: []*attr{
		text("userName", func(a *attr) { a.required, a.uniqueness = true, "server" }),
		complexAttr("name", false, text("familyName"), text("givenName")),
		text("displayName"), text("nickName"), text("title"),
		text("active", func(a *attr) { a.typ = "boolean" }),
		text("password", func(a *attr) { a.mutability, a.returned = "writeOnly", "never" }),
		complexAttr("emails", true, text("value"), text("type"), text("primary", func(a *attr) { a.typ = "boolean" })),
	}}
	ref := text("$ref", func(a *attr) { a.typ, a.refTypes = "reference", []string{"User", "Group"} })
	group := &resType{name: "Group", endpoint: "/Groups", schema: core + "Group", attrs: []*attr{
		text("displayName", func(a *attr) { a.required = true }),
		complexAttr("members", true, text("value", immutable), ref, text("type", immutable)),
	}}
	return []*resType{user, group}
}

func immutable(a *attr) { a.mutability = "immutable" }

func text(name string, edit ...func(*attr)) *attr {
	a := &attr{name: name, typ: "string", mutability: "readWrite", returned: "default", uniqueness: "none"}
	for _, f := range edit {
		f(a)
	}
	return a
}

func complexAttr(name string, multi bool, subs ...*attr) *attr {
	a := text(name, func(a *attr) { a.typ, a.multi, a.subs = "complex", multi, subs })
	for _, s := range subs {
		s.parent = a
	}
	return a
}
