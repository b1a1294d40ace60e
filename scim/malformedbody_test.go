package scim_test

import (
	"encoding/json"
	"net/url"
	"strings"
)

const (
	userURN   = "urn:ietf:params:scim:schemas:core:2.0:User"
	patchURN  = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
	searchURN = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
	bulkURN   = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
)

func queryEscape(text string) string { return url.QueryEscape(text) }

func quote(text string) string {
	data, _ := json.Marshal(text)
	return string(data)
}

func message(urn, members string) string { return `{"schemas":["` + urn + `"],` + members + `}` }

func searchBody(members string) string { return message(searchURN, members) }

func patchBody(operations string) string { return message(patchURN, `"Operations":[`+operations+`]`) }

func bulkBody(operations string) string { return message(bulkURN, `"Operations":[`+operations+`]`) }

// badResources are bodies of the wrong shape, for POST and PUT alike.
func badResources() (rows []bad) {
	add := func(members string, status int, typ string) {
		body := `{"schemas":["` + userURN + `"],` + members + `}`
		rows = append(rows, bad{"POST", "/Users", nil, body, status, typ}, bad{"PUT", "/Users/{user}", nil, body, status, typ})
	}
	for _, members := range []string{
		`"displayName":"no name"`, `"userName":null`, `"userName":""`, `"userName":[]`, `"userName":{}`, `"userName":{"value":{}}`, `"userName":["a","b"]`, `"userName":"x","active":"yes"`,
		`"userName":"x","active":1`, `"userName":"x","active":{}`, `"userName":"x","name":5`, `"userName":"x","name":[{"givenName":"a"},{"givenName":"b"}]`, `"userName":"x","emails":[[]]`, `"userName":"x","emails":[["a"]]`,
		`"userName":"x","emails":[{"value":{}}]`, `"userName":"x","emails":[{"primary":"maybe"}]`, `"userName":"x","emails":true`, `"userName":"x","x509Certificates":[{"value":"%%%"}]`,
		`"userName":"x","urn:example:2.0:Badge":"text"`, `"userName":"x","urn:example:2.0:Badge":{"level":"high"}`, `"userName":"x","urn:example:2.0:Badge":{"level":1.5}`, `"userName":"x","urn:example:2.0:Badge":[1]`,
		`"userName":"x","photos":[{"value":7}]`, `"userName":"x","addresses":[{"country":{}}]`,
	} {
		add(members, 400, "invalidValue")
	}
	for _, members := range []string{`"userName":"x","USERNAME":"y"`, `"userName":"x","name":{"givenName":"a","givenname":"b"}`, `"userName":"x","emails":[{"value":"a","Value":"b"}]`} {
		add(members, 400, "invalidSyntax")
	}
	add(`"userName":"x","zoo":`+strings.Repeat("[", 40)+strings.Repeat("]", 40), 413, "")
	add(`"userName":"x","zoo":[`+strings.Repeat("1,", 100_001)+`1]`, 413, "")
	add(`"userName":"`+strings.Repeat("x", 1<<20)+`"`, 413, "")
	rows = append(rows,
		bad{"POST", "/Users", nil, `{"schemas":["` + userURN + `"],"userName":"kept"}`, 409, "uniqueness"},
		bad{"POST", "/Users", nil, `{"schemas":["` + userURN + `"],"userName":"KEPT"}`, 409, "uniqueness"},
		bad{"POST", "/Users", nil, `{"schemas":"` + userURN + `x","userName":5.}`, 400, "invalidSyntax"},
		bad{"POST", "/Users", nil, `{"schemas":7,"userName":"x"}`, 400, "invalidValue"},
		bad{"POST", "/Users", nil, `{"schemas":[7],"userName":"x"}`, 400, "invalidValue"},
		bad{"POST", "/Groups", nil, `{"displayName":"x","members":[{"value":"nobody"}]}`, 400, "invalidValue"},
		bad{"POST", "/Groups", nil, `{"displayName":"x","members":[{"display":"nobody"}]}`, 400, "invalidValue"},
		bad{"PUT", "/Groups/{group}", nil, `{"displayName":"x","members":[{"value":"{group}"}]}`, 400, "invalidValue"},
		bad{"PUT", "/Users/nobody", nil, `{"userName":"x"}`, 404, ""},
	)
	return rows
}

func badPatches() (rows []bad) {
	add := func(operation string, status int, typ string) {
		first := `{"op":"replace","path":"title","value":"changed"},`
		rows = append(rows, bad{"PATCH", "/Users/{user}", nil, patchBody(first + operation), status, typ})
	}
	for typ, operations := range map[string][]string{
		"invalidSyntax": {`7`, `null`, `[]`, `{}`, `{"op":7,"path":"title"}`, `{"path":"title","value":"x"}`, `{"op":"move","path":"title"}`, `{"op":"","path":"title"}`, `{"op":"add","op":"add","path":"title","value":"x"}`, `{"op":"add","path":7,"value":"x"}`, `{"op":"copy","from":"a","path":"title"}`},
		"invalidPath":   {`{"op":"add","path":"shoeSize","value":1}`, `{"op":"add","path":"name.shoeSize","value":1}`, `{"op":"add","path":"emails.","value":1}`, `{"op":"add","path":".x","value":1}`, `{"op":"add","path":"emails[type eq \"work\"].shoeSize","value":1}`, `{"op":"add","path":"emails[type eq \"work\"]x","value":1}`, `{"op":"add","path":"urn:none:x","value":1}`, `{"op":"add","path":"a b","value":1}`, `{"op":"add","path":"/title","value":1}`, `{"op":"add","path":"userName[type eq \"x\"]","value":1}`},
		"invalidFilter": {`{"op":"remove","path":"emails["}`, `{"op":"remove","path":"emails[]"}`, `{"op":"remove","path":"emails[type]"}`, `{"op":"remove","path":"emails[type eq]"}`, `{"op":"remove","path":"emails[type like \"x\"]"}`, `{"op":"remove","path":"emails[shoeSize eq 1]"}`, `{"op":"remove","path":"emails[primary gt true]"}`, `{"op":"remove","path":"emails[type eq \"work]"}`},
		"invalidValue":  {`{"op":"add","path":"title"}`, `{"op":"replace","path":"active","value":"perhaps"}`, `{"op":"replace","path":"active","value":{}}`, `{"op":"replace","path":"name","value":7}`, `{"op":"add","path":"emails","value":[[1]]}`, `{"op":"add","value":"text"}`, `{"op":"add","value":[1]}`, `{"op":"replace","path":"urn:example:2.0:Badge:level","value":"high"}`, `{"op":"add"}`, `{"op":"replace"}`, `{"op":"replace","value":{"active":"maybe"}}`},
		"mutability":    {`{"op":"replace","path":"id","value":"x"}`, `{"op":"remove","path":"meta"}`, `{"op":"replace","path":"meta.version","value":"x"}`, `{"op":"add","path":"groups","value":[{"value":"x"}]}`, `{"op":"remove","path":"userName"}`, `{"op":"replace","path":"userName","value":null}`, `{"op":"replace","path":"urn:example:2.0:Badge:issued","value":"2020-01-01T00:00:00Z"}`},
		"noTarget":      {`{"op":"remove"}`, `{"op":"remove","value":"x"}`, `{"op":"replace","path":"emails[type ne \"work\"].value","value":"x"}`, `{"op":"replace","path":"emails[type eq \"a\" or type eq \"b\"].value","value":"x"}`},
	} {
		for _, operation := range operations {
			add(operation, 400, typ)
		}
	}
	many := strings.TrimSuffix(strings.Repeat(`{"op":"remove","path":"title"},`, 1001), ",")
	return append(rows,
		bad{"PATCH", "/Users/{user}", nil, patchBody(""), 400, "invalidSyntax"},
		bad{"PATCH", "/Users/{user}", nil, `{"schemas":["` + patchURN + `"]}`, 400, "invalidSyntax"},
		bad{"PATCH", "/Users/{user}", nil, `{"schemas":["` + patchURN + `"],"Operations":{}}`, 400, "invalidSyntax"},
		bad{"PATCH", "/Users/{user}", nil, `{"schemas":["` + patchURN + `"],"Operations":[],"operations":[]}`, 400, "invalidSyntax"},
		bad{"PATCH", "/Users/{user}", nil, patchBody(many), 413, ""},
		bad{"PATCH", "/Users/nobody", nil, patchBody(`{"op":"remove","path":"title"}`), 404, ""},
		bad{"PATCH", "/Groups/{group}", nil, patchBody(`{"op":"add","path":"members","value":[{"value":"nobody"}]}`), 400, "invalidValue"},
		bad{"PATCH", "/Groups/{group}", nil, patchBody(`{"op":"add","path":"members","value":[{"value":"{group}"}]}`), 400, "invalidValue"},
	)
}

func badSearches() (rows []bad) {
	for _, at := range []string{"/.search", "/Users/.search"} {
		for _, members := range []string{`"startIndex":"x"`, `"count":"1.5"`, `"sortOrder":"up"`, `"sortBy":"shoeSize"`, `"attributes":["id"],"excludedAttributes":["meta"]`, `"cursor":"","startIndex":1`, `"count":1.5`} {
			rows = append(rows, bad{"POST", at, nil, searchBody(members), 400, "invalidValue"})
		}
		for _, members := range []string{`"filter":7`, `"filter":["id pr"]`, `"attributes":7`, `"attributes":[7]`, `"attributes":{}`, `"count":{}`, `"startIndex":true`, `"sortBy":[]`, `"count":1,"COUNT":2`, `"cursor":1`} {
			rows = append(rows, bad{"POST", at, nil, searchBody(members), 400, "invalidSyntax"})
		}
		rows = append(rows,
			bad{"POST", at, nil, `{"count":1}`, 400, "invalidSyntax"}, bad{"POST", at, nil, message(patchURN, `"count":1`), 400, "invalidSyntax"},
			bad{"POST", at, nil, `{"schemas":"` + searchURN + `"}`, 400, "invalidSyntax"}, bad{"POST", at, nil, `{"schemas":[1]}`, 400, "invalidSyntax"},
			bad{"POST", at, nil, searchBody(`"cursor":"forged"`), 400, "invalidCursor"},
		)
	}
	return rows
}

func badBulks() (rows []bad) {
	for _, body := range []string{
		`{"Operations":[]}`, message(searchURN, `"Operations":[]`), `{"schemas":["` + bulkURN + `"]}`, message(bulkURN, `"Operations":{}`), message(bulkURN, `"Operations":7`), bulkBody("7"), bulkBody("null"), bulkBody("[]"),
		bulkBody(`{"method":7}`), bulkBody(`{"path":{}}`), bulkBody(`{"bulkId":1}`), bulkBody(`{"version":1}`), bulkBody(`{"method":"DELETE","METHOD":"POST"}`), message(bulkURN, `"failOnErrors":{},"Operations":[]`), message(bulkURN, `"failOnErrors":true,"Operations":[]`),
	} {
		rows = append(rows, bad{"POST", "/Bulk", nil, body, 400, "invalidSyntax"})
	}
	many := strings.TrimSuffix(strings.Repeat(`{"method":"DELETE","path":"/Users/{user}"},`, 1001), ",")
	return append(rows,
		bad{"POST", "/Bulk", nil, message(bulkURN, `"failOnErrors":0,"Operations":[]`), 400, "invalidValue"},
		bad{"POST", "/Bulk", nil, message(bulkURN, `"failOnErrors":-1,"Operations":[]`), 400, "invalidValue"},
		bad{"POST", "/Bulk", nil, message(bulkURN, `"failOnErrors":"x","Operations":[]`), 400, "invalidValue"},
		bad{"POST", "/Bulk", nil, bulkBody(many), 413, ""},
		bad{"POST", "/Bulk", nil, bulkBody(`{"method":"DELETE","path":"/Users/` + strings.Repeat("x", 4<<20) + `"}`), 413, ""},
	)
}
