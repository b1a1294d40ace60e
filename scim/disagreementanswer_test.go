package scim_test

import (
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
)

// answers are the rows where clients want different answers.
func answers() []disagreement {
	rename := patchBody(`{"op":"replace","path":"displayName","value":"New"}`)
	again := `{"userName":"ANN@example.com"}`
	weird := `{"userName":"x","emails":[{"value":"x@example.com","type":"submarine"}]}`
	usersOnly := func(c *scim.Config) { c.Types = c.Types[:1] }
	userSchema := "GET /Schemas/" + schema.UserURN
	return []disagreement{
		{"B1", nil, []wireStep{{"GET /Users?filter=userName+eq+%22nobody%22", "", 200, []string{`"totalResults":0`, `"Resources":[]`}, nil}}},
		{"B2", nil, []wireStep{
			{"PATCH /Users/{ann}", rename, 200, []string{`"displayName":"New"`}, nil}, {"PATCH /Groups/{crew}", rename, 204, []string{"Etag"}, []string{"members"}},
			{"PATCH /Groups/{crew}?attributes=displayName", rename, 200, []string{`"displayName":"New"`}, []string{"members"}},
			{"PATCH /Groups/{crew}?excludedAttributes=members", rename, 200, []string{`"displayName":"New"`}, []string{"members"}},
		}},
		{"B2 always", preset("ping"), []wireStep{{"PATCH /Groups/{crew}", rename, 200, []string{"{ann}"}, nil}}},
		{"B2 never", with(func(p *scim.Profile) { p.PatchBody = scim.BodyNever }), []wireStep{{"PATCH /Users/{ann}", rename, 204, nil, nil}}},
		{"B3", nil, []wireStep{
			{"GET /Groups/{crew}", "", 200, []string{"{ann}", "{bob}"}, nil}, {"GET /Groups", "", 200, []string{"{ann}"}, nil},
			{"GET /Groups/{crew}?excludedAttributes=members", "", 200, []string{"Crew"}, []string{"members"}},
		}},
		{"B4", nil, []wireStep{
			{"GET /Users", "", 200, []string{"Content-Type:[application/scim+json]"}, nil},
			{"GET /Users Accept=application/json", "", 200, []string{"Content-Type:[application/json]"}, nil},
			{"GET /Users Accept=application/json,*/*", "", 200, []string{"Content-Type:[application/scim+json]"}, nil},
			{"GET /Users Accept=application/scim+json,application/json", "", 200, []string{"Content-Type:[application/scim+json]"}, nil},
		}},
		{"B5", usersOnly, []wireStep{{"GET /Groups", "", 200, []string{`"totalResults":0`}, nil}, {"POST /Groups", `{"displayName":"x"}`, 501, nil, nil}}},
		{"B5 off", func(c *scim.Config) { usersOnly(c); c.Profile.NoEmptyGroups = true }, []wireStep{{"GET /Groups", "", 404, nil, nil}}},
		{"B6", nil, []wireStep{{"POST /Users", again, 409, []string{`"scimType":"uniqueness"`}, nil}}},
		{"B6 existing", with(func(p *scim.Profile) { p.ReturnExisting = true }), []wireStep{{"POST /Users", again, 200, []string{`"id":"{ann}"`, `"ann@example.com"`}, nil}}},
		{"B7", nil, []wireStep{
			{"PATCH /Users/{ann}", patchBody(`{"op":"replace","value":{"active":false}}`), 200, nil, nil},
			{"POST /Users", again, 409, []string{"uniqueness"}, nil}, {"GET /Users/{ann}", "", 200, []string{`"active":false`}, nil},
		}},
		{"B8", nil, []wireStep{{"GET /Users/x", "", 404, []string{`"status":"404"`}, nil}}},
		{"B9", nil, []wireStep{{"GET /Users/00919288221112222", "", 404, nil, nil}, {"GET /Users/%00%ff'--", "", 404, nil, nil}, {"DELETE /Groups/-1", "", 404, nil, nil}}},
		{"B10", nil, []wireStep{
			{"POST /Users", `{"userName":"x","password":"s3cr3t-pw"}`, 201, nil, []string{"s3cr3t-pw"}},
			{"GET /Users/{last}?attributes=password", "", 200, nil, []string{"s3cr3t-pw"}}, {"GET /Users?filter=password+eq+%22s3cr3t-pw%22", "", 400, nil, nil},
		}},
		{"B11", nil, []wireStep{{"GET /Users User-Agent=", "", 200, nil, nil}}},
		{"B12", func(c *scim.Config) { c.RateLimit = busy }, []wireStep{{"GET /Users", "", 429, []string{"Retry-After:[2]"}, nil}}},
		{"B13", nil, []wireStep{
			{"GET /Users?count=1", "", 200, []string{`"totalResults":2`, `"itemsPerPage":1`, `"startIndex":1`}, nil},
			{"GET /Users?startIndex=2&count=5", "", 200, []string{`"totalResults":2`, `"itemsPerPage":1`, `"startIndex":2`}, nil},
			{"GET /ServiceProviderConfig", "", 200, []string{`"maxResults":200`}, nil},
		}},
		{"B13 page size", preset("connid"), []wireStep{{"GET /ServiceProviderConfig", "", 200, []string{`"maxResults":1000`}, nil}}},
		{"B14", nil, []wireStep{{"GET /Users?count=99999999999", "", 200, []string{`"totalResults":2`}, []string{"tooMany"}}}},
		{"B15", nil, []wireStep{
			{"GET /Schemas", "", 200, []string{"ListResponse", `"totalResults":`}, nil}, {"GET /ResourceTypes", "", 200, []string{"ListResponse"}, nil},
			{userSchema, "", 200, []string{`"id":"` + schema.UserURN + `"`, `"name":"User"`}, nil}, {"GET /ResourceTypes/User", "", 200, []string{`"id":"User"`, `"name":"User"`}, nil},
		}},
		{"B16", nil, []wireStep{{userSchema, "", 200, []string{`"canonicalValues":["work","home","other"]`}, nil}, {"POST /Users", weird, 201, []string{"submarine"}, nil}}},
		{"B16 enforce", with(func(p *scim.Profile) { p.EnforceCanonicalValues = true }), []wireStep{{"POST /Users", weird, 400, []string{"invalidValue"}, nil}}},
		{"B17", nil, []wireStep{{userSchema, "", 200, []string{`"name":"active"`}, nil}}},
	}
}

// violations are the rows that break the RFC and have one sensible reading.
func violations() []disagreement {
	user := func(op, want string) wireStep {
		return wireStep{"PATCH /Users/{ann}", patchBody(op), 200, []string{want}, nil}
	}
	refused := func(op, typ string) wireStep {
		return wireStep{"PATCH /Users/{ann}", patchBody(op), 400, []string{typ}, nil}
	}
	found := func(filter string) wireStep {
		return wireStep{"GET /Users?filter=" + queryEscape(filter), "", 200, []string{`"totalResults":1`}, nil}
	}
	post := func(body string, want ...string) wireStep { return wireStep{"POST /Users", body, 201, want, nil} }
	const manager = `"` + schema.EnterpriseUserURN + `:manager"`
	return []disagreement{
		{"C1", nil, []wireStep{user(`{"op":"Replace","path":"title","value":"x"}`, `"title":"x"`), user(`{"op":"ADD","path":"title","value":"y"}`, `"title":"y"`)}},
		{"C2", nil, []wireStep{
			user(`{"op":"replace","path":"active","value":"False"}`, `"active":false`), found(`active eq "False"`),
			user(`{"op":"add","path":"roles","value":[{"value":"r","primary":"True"}]}`, `"primary":true`), found(`roles[primary eq "True"].value eq "r"`),
		}},
		{"C3", nil, []wireStep{post(`{"userName":"n","externalId":701984,"`+schema.EnterpriseUserURN+`":{"employeeNumber":17}}`, `"externalId":"701984"`, `"employeeNumber":"17"`)}},
		{"C4", nil, []wireStep{
			user(`{"op":"add","path":`+manager+`,"value":"{bob}"}`, `"value":"{bob}"`), user(`{"op":"replace","path":`+manager+`,"value":[{"value":"{ann}"}]}`, `"value":"{ann}"`),
		}},
		{"C5", nil, []wireStep{
			post(`{"userName":"o","emails":{"value":"o@example.com"}}`, `"emails":[{"value":"o@example.com"}]`), user(`{"op":"add","path":"emails","value":{"value":"b@example.com"}}`, "b@example.com"),
			{"PATCH /Groups/{crew}", patchBody(`{"op":"add","path":"members","value":"{ann}"}`), 204, nil, nil},
		}},
		{"C6", nil, []wireStep{user(`{"op":"replace","value":{"name.givenName":"G","`+schema.EnterpriseUserURN+`:department":"D"}}`, `"department":"D"`), found(`name.givenName eq "G"`)}},
		{"C7", nil, []wireStep{
			user(`{"op":"replace","value":{"id":"zzz","schemas":[],"meta":{"version":"1"},"groups":[],"title":"x"}}`, `"id":"{ann}"`),
			refused(`{"op":"replace","path":"id","value":"zzz"}`, "mutability"), refused(`{"op":"replace","path":"meta.version","value":"1"}`, "mutability"),
		}},
		{"C8", nil, []wireStep{
			user(`{"op":"Replace","path":"emails[type eq \"work\"].value","value":"w@example.com"}`, `{"value":"w@example.com","type":"work"}`),
			user(`{"op":"Add","path":"addresses[type eq \"home\"].locality","value":"L"}`, `"locality":"L"`), refused(`{"op":"replace","path":"ims[type co \"x\"].value","value":"v"}`, "noTarget"),
		}},
		{"C9", nil, []wireStep{
			user(`{"op":"add","path":"`+schema.EnterpriseUserURN+`.department","value":"D"}`, `"department":"D"`), user(`{"op":"add","path":"manager","value":[{"value":"{bob}"}]}`, `"value":"{bob}"`),
		}},
		{"C10", nil, []wireStep{
			post(`{"userName":"p","`+schema.EnterpriseUserURN+`":{"department":"D"}}`, `"schemas":["`+schema.UserURN+`","`+schema.EnterpriseUserURN+`"]`),
			post(`{"userName":"q","schemas":["urn:other","`+schema.UserURN+`","`+schema.EnterpriseUserURN+`"]}`, `"schemas":["`+schema.UserURN+`"]`),
			{"PATCH /Users/{ann}", `{"Operations":[{"op":"add","path":"title","value":"x"}],"id":"y"}`, 200, []string{`"title":"x"`}, nil},
		}},
		{"C11", nil, []wireStep{found(`userName eq ann@example.com`)}},
		{"C12", nil, []wireStep{
			{"GET /Users?startindex=1&COUNT=1&zoom=9&", "", 200, []string{`"itemsPerPage":1`}, nil}, {"GET /Users/{ann}?", "", 200, nil, nil}, found(`USERNAME eq "ann@example.com"`),
			{"POST /Users", `{"UserName":"r","Emails":[{"Value":"r@example.com","Primary":"True"}]}`, 201, []string{`"userName":"r"`, `"primary":true`}, nil},
		}},
		{"C13", nil, []wireStep{
			{"GET /Users?startIndex=0", "", 200, []string{`"startIndex":1`}, nil}, {"GET /Users?startIndex=-5&count=-1", "", 200, []string{`"totalResults":2`, `"Resources":[]`}, nil},
			{"GET /Users?startIndex=x", "", 400, []string{"invalidValue"}, nil}, {"GET /Users?count=1.5", "", 400, []string{"invalidValue"}, nil},
		}},
		{"C14", nil, []wireStep{{"POST /Users", `{"userName":"s","id":"mine"}`, 201, nil, []string{"mine"}}}},
		{"C15", nil, []wireStep{
			{"PUT /Users/{ann}", `{"id":"{ann}","userName":"ann@example.com","groups":[{"value":"x"}],"meta":{"version":"W/\"1\""}}`, 200, []string{"{crew}"}, nil},
			{"PUT /Users/{ann}", `{"userName":"ann@example.com","urn:example:2.0:Badge":{"number":"1"}}`, 200, []string{`"number":"1"`}, nil},
			{"PUT /Users/{ann}", `{"userName":"ann@example.com","urn:example:2.0:Badge":{"number":"2"}}`, 400, []string{"mutability"}, nil},
		}},
		{"C16", nil, []wireStep{{"POST /Users", `{"userName":"t","prefferedLanguage":"de"}`, 201, nil, []string{"preffered"}}}},
		{"C16 reject", with(func(p *scim.Profile) { p.Unknown = schema.RejectUnknown }), []wireStep{{"POST /Users", `{"userName":"t","prefferedLanguage":"de"}`, 400, []string{"preferredLanguage"}, nil}}},
		{"C16 patch", nil, []wireStep{{"PATCH /Users/{ann}", patchBody(`{"op":"add","value":{"title":"x","shoeSize":43}}`), 200, []string{`"title":"x"`}, []string{"shoeSize"}}}},
		{"C16 patch reject", with(func(p *scim.Profile) { p.Unknown = schema.RejectUnknown }), []wireStep{
			{"PATCH /Users/{ann}", patchBody(`{"op":"add","value":{"title":"x","shoeSize":43}}`), 400, []string{"shoeSize"}, nil}, {"GET /Users/{ann}", "", 200, nil, []string{"title"}},
		}},
		{"C16 preserve", with(func(p *scim.Profile) { p.Unknown = schema.PreserveUnknown }), []wireStep{
			post(`{"userName":"t","prefferedLanguage":"de","emails":[{"value":"e","tag":7}]}`, `"prefferedLanguage":"de"`, `"tag":7`),
			{"PATCH /Users/{last}", patchBody(`{"op":"add","path":"title","value":"x"}`), 200, []string{`"prefferedLanguage":"de"`, `"tag":7`}, nil},
			{"PUT /Users/{last}", `{"userName":"t","prefferedLanguage":"fr"}`, 200, []string{`"prefferedLanguage":"fr"`}, []string{`"tag"`}},
		}},
		{"C17", nil, []wireStep{
			{"PATCH /Groups/{crew}", patchBody(`{"op":"remove","path":"members[value eq \"{ann}\"]","value":[{"value":"{bob}"}]}`), 204, nil, nil}, {"GET /Groups/{crew}", "", 200, []string{"{bob}"}, []string{"{ann}"}},
			{"PATCH /Groups/{crew}", patchBody(`{"op":"add","path":"members","value":{"members":[{"value":"{ann}"}]}}`), 204, nil, nil}, {"GET /Groups/{crew}", "", 200, []string{"{ann}"}, nil},
		}},
		{"C18", nil, []wireStep{post(`{"userName":"u","emails":[{"value":"u@example.com"}]}`), found(`emails eq "u@example.com"`)}},
		{"C19", nil, []wireStep{
			{"PATCH /Groups/{crew}", patchBody(`{"op":"add","path":"members","value":[{"value":"{ann}","display":"other"},{"value":"{ann}"}]}`), 204, nil, nil},
			{"GET /Groups/{crew}", "", 200, []string{`"value":"{ann}"`}, []string{"other"}},
		}},
		{"C20", nil, []wireStep{{"POST /Users", `{"userName":"v","emails":[{"value":"1","primary":true},{"value":"2","primary":true}]}`, 201, []string{`{"value":"1","primary":false}`, `{"value":"2","primary":true}`}, nil}}},
		{"C20 reject", with(func(p *scim.Profile) { p.Primary = schema.RejectPrimary }), []wireStep{{"POST /Users", `{"userName":"v","emails":[{"value":"1","primary":true},{"value":"2","primary":true}]}`, 400, []string{"invalidValue"}, nil}}},
		{"C20 pass", with(func(p *scim.Profile) { p.Primary = schema.PassPrimary }), []wireStep{post(`{"userName":"v","emails":[{"value":"1","primary":true},{"value":"2","primary":true}]}`, `{"value":"1","primary":true}`)}},
		{"C21", nil, []wireStep{post(`{"userName":"w","locale":"xq-random","timezone":"Mars/Base","preferredLanguage":"??","profileUrl":"not a url"}`, "Mars/Base", "not a url")}},
	}
}
