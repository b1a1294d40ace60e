package scimtest

import (
	"net/http"
	"strings"
)

func (s *modelServer) discovery(w http.ResponseWriter, r *http.Request, path string) error {
	if r.Method != "GET" {
		return failure{http.StatusMethodNotAllowed, "", "read only"}
	}
	if r.URL.Query().Has("filter") && !s.on("discovery can be filtered") {
		return failure{http.StatusForbidden, "", "no filters here"}
	}
	kind, id, one := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	var all []any
	switch kind {
	case "ServiceProviderConfig":
		s.write(w, http.StatusOK, s.config())
		return nil
	case "Schemas":
		all = s.schemaDocs()
	case "ResourceTypes":
		all = s.typeDocs()
	}
	if one {
		for _, doc := range all {
			if textAt(doc, "id") == id && !s.on("no single discovery resources") {
				s.write(w, http.StatusOK, doc)
				return nil
			}
		}
		return errMissing
	}
	if s.on("discovery is paged") && r.URL.Query().Get("count") != "" {
		all = all[:1]
	}
	if s.on("discovery lists are bare arrays") {
		s.write(w, http.StatusOK, all)
		return nil
	}
	s.write(w, http.StatusOK, object{"schemas": []any{listURN}, "totalResults": len(all), "startIndex": 1, "itemsPerPage": len(all), "Resources": all})
	return nil
}

func (s *modelServer) config() object {
	yes := object{"supported": true}
	out := object{
		"schemas": []any{configURN}, "patch": yes, "sort": yes, "etag": yes, "changePassword": object{"supported": false},
		"filter":     object{"supported": true, "maxResults": modelPage},
		"bulk":       object{"supported": true, "maxOperations": 10, "maxPayloadSize": 20_000},
		"pagination": object{"cursor": true, "index": true, "maxPageSize": modelPage}, "authenticationSchemes": []any{},
		"securityEvents": object{"asyncRequest": "request", "eventUris": []any{}},
	}
	if s.on("half a configuration") {
		delete(out, "sort")
	}
	if s.on("half a pagination attribute") {
		out["pagination"] = object{"cursor": true}
	}
	return out
}

func (s *modelServer) schemaDocs() []any {
	var out []any
	for _, t := range s.types {
		out = append(out, s.schemaDoc(t, t.schema, ""))
		for _, e := range t.extensions {
			if !s.on("extension schema not listed") {
				out = append(out, s.schemaDoc(t, e.urn, e.urn))
			}
		}
	}
	if s.on("message schemas listed") {
		out = append(out, object{"id": patchURN, "name": "PatchOp", "attributes": []any{}})
	}
	return out
}

func (s *modelServer) schemaDoc(t *resType, id, urn string) object {
	var attrs []any
	for _, a := range t.attrs {
		if a.urn == urn {
			attrs = append(attrs, s.attrDoc(a))
		}
	}
	return object{"schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:Schema"}, "id": id, "name": t.name, "attributes": attrs}
}

func (s *modelServer) attrDoc(a *attr) object {
	out := object{"name": a.name, "type": a.typ, "multiValued": a.multi, "required": a.required, "caseExact": a.caseExact,
		"mutability": a.mutability, "returned": a.returned, "uniqueness": a.uniqueness}
	if len(a.refTypes) > 0 {
		out["referenceTypes"] = a.refTypes
	}
	var subs []any
	for _, sub := range a.subs {
		subs = append(subs, s.attrDoc(sub))
	}
	if subs != nil {
		out["subAttributes"] = subs
	}
	if s.on("misspelt characteristic") && a.typ == "boolean" {
		out["type"] = "Bool"
	}
	return out
}

func (s *modelServer) typeDocs() []any {
	var out []any
	for _, t := range s.types {
		doc := object{"schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:ResourceType"}, "id": t.name, "name": t.name, "endpoint": s.endpoint(t), "schema": t.schema}
		var extensions []any
		for _, e := range t.extensions {
			extensions = append(extensions, object{"schema": e.urn, "required": e.required})
		}
		if doc["schemaExtensions"] = extensions; extensions == nil {
			delete(doc, "schemaExtensions")
		}
		out = append(out, doc)
	}
	return out
}

func (s *modelServer) endpoint(t *resType) string {
	if s.on("wrong endpoint advertised") {
		return t.endpoint + "V2"
	}
	return t.endpoint
}
