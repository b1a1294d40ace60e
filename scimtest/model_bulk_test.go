package scimtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// bulk performs the operations in an order in which references can be resolved.
func (s *modelServer) bulk(w http.ResponseWriter, r *http.Request) error {
	body, err := s.readBody(r)
	if err != nil {
		return err
	}
	if size := len(compactJSON(body)); size > 20_000 && !s.on("bulk without size limit") {
		return failure{http.StatusRequestEntityTooLarge, "", "at most 20000 bytes"}
	}
	operations, ok := body["Operations"].([]any)
	if !ok {
		return bad("invalidSyntax", "no Operations")
	}
	if len(operations) > 10 && !s.on("bulk without limit") {
		return failure{http.StatusRequestEntityTooLarge, "", s.limitText("at most 10 operations")}
	}
	b := &bulkJob{s: s, results: make([]any, len(operations)), ids: map[string]string{}}
	stopAt, _ := body["failOnErrors"].(json.Number)
	b.run(operations, string(stopAt))
	results := slices.DeleteFunc(b.results, func(v any) bool { return v == nil })
	s.write(w, http.StatusOK, object{"schemas": []any{messagesURN + "BulkResponse"}, "Operations": results})
	return nil
}

func (s *modelServer) limitText(text string) string {
	if s.on("limit not named") {
		return "too many"
	}
	return text
}

type bulkJob struct {
	s       *modelServer
	results []any
	ids     map[string]string
	errors  int
	waiting []string // bulkIds that refer to later ones
}

// run goes over the operations twice: what refers to a later bulkId waits.
func (b *bulkJob) run(operations []any, stopAt string) {
	for round := range 2 {
		for i, v := range operations {
			o, _ := v.(object)
			if b.results[i] != nil {
				continue
			}
			if round == 0 && b.waits(o) {
				b.waiting = append(b.waiting, textAt(o, "bulkId"))
				continue
			}
			b.results[i] = b.one(o)
			if b.errors > 0 && (fmt.Sprint(b.errors) == stopAt && !b.s.on("failOnErrors ignored") || b.s.on("bulk stops at the first error")) {
				return
			}
		}
	}
}

func (b *bulkJob) waits(o object) bool {
	text := compactJSON(o["data"])
	for id := range b.ids {
		text = strings.ReplaceAll(text, "bulkId:"+id+`"`, "")
	}
	return strings.Contains(text, "bulkId:") && !b.s.on("bulkId stored as it is")
}

func (b *bulkJob) one(o object) object {
	out := object{"method": o["method"], "bulkId": o["bulkId"]}
	if out["bulkId"] == nil {
		delete(out, "bulkId")
	}
	status, location, err := b.perform(o)
	if f, ok := err.(failure); ok {
		b.errors++
		status = f.status
		if out["response"] = b.s.errorBody(f); b.s.on("bulk errors without response") {
			delete(out, "response")
		}
	}
	if location == "" && o["method"] != "POST" && !b.s.on("no location for failures") {
		location = "http://scim.test/scim" + textAt(o, "path")
	}
	if location != "" {
		out["location"] = location
	}
	if out["status"] = strconv.Itoa(status); b.s.on("numeric bulk status") {
		out["status"] = status
	}
	return out
}

func (b *bulkJob) perform(o object) (status int, location string, err error) {
	path, data := textAt(o, "path"), b.resolve(o["data"])
	if b.circular(data) {
		return 0, "", failure{http.StatusConflict, "", "a circle of references"}
	}
	if !b.s.on("bulkId stored as it is") && strings.Contains(compactJSON(data), "bulkId:") {
		return 0, "", bad("invalidValue", "unknown bulkId")
	}
	for _, t := range b.s.types {
		rest, ok := strings.CutPrefix(path+"/", t.endpoint+"/")
		if !ok {
			continue
		}
		body, _ := data.(object)
		return b.on(t, strings.TrimSuffix(rest, "/"), textAt(o, "method"), textAt(o, "bulkId"), body)
	}
	return 0, "", failure{http.StatusBadRequest, "invalidValue", "no such path"}
}

func (b *bulkJob) on(t *resType, id, method, bulkID string, body object) (int, string, error) {
	if method == "POST" && id == "" {
		made, err := b.s.create(t, body)
		if err != nil {
			return 0, "", err
		}
		b.ids[bulkID] = made.id
		return http.StatusCreated, b.s.location(made), nil
	}
	found := b.s.find(t, id)
	if found == nil && !b.s.on("bulk accepts any method") {
		return 0, "", errMissing
	}
	switch method {
	case "PUT":
		data, err := b.s.clean(t, body)
		if err == nil {
			err = b.s.store(found, data, "replace")
		}
		return http.StatusOK, b.s.location(found), err
	case "PATCH":
		return http.StatusOK, b.s.location(found), b.s.applyPatch(found, body)
	case "DELETE":
		found.deleted = true
		return http.StatusNoContent, b.s.location(found), nil
	}
	if b.s.on("bulk accepts any method") {
		return http.StatusOK, "", nil
	}
	return 0, "", bad("invalidSyntax", "no such method")
}

// circular reports whether data refers to an operation that waits itself.
func (b *bulkJob) circular(data any) bool {
	if b.s.on("bulkId stored as it is") || b.s.on("circles are bad requests") {
		return false
	}
	return slices.ContainsFunc(b.waiting, func(id string) bool { return strings.Contains(compactJSON(data), `"bulkId:`+id+`"`) })
}

// resolve replaces references in all texts of a value.
func (b *bulkJob) resolve(v any) any {
	if b.s.on("bulkId stored as it is") {
		return v
	}
	known := vars{}
	maps.Copy(known, b.ids)
	text := compactJSON(v)
	for bulkID, id := range known {
		text = strings.ReplaceAll(text, `"bulkId:`+bulkID+`"`, `"`+id+`"`)
	}
	out, _ := decodeJSON([]byte(text))
	return out
}
