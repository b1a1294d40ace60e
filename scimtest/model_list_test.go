package scimtest

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// query holds the parameters of a list, from a URL or a SearchRequest.
type query map[string]string

func (s *modelServer) readQuery(r *http.Request) (query, error) {
	out := query{}
	if r.Method == "GET" {
		for name, values := range r.URL.Query() {
			out[parameterNames[strings.ToLower(name)]] = values[0]
		}
		return out, nil
	}
	body, err := s.readBody(r)
	if s.on("search ignores the body") {
		return out, nil
	}
	for name, v := range body {
		if list, ok := v.([]any); ok {
			v = strings.Join(texts(list), ",")
		}
		out[name] = textOf(v)
	}
	return out, err
}

var parameterNames = map[string]string{
	"filter": "filter", "sortby": "sortBy", "sortorder": "sortOrder", "startindex": "startIndex", "count": "count",
	"cursor": "cursor", "attributes": "attributes", "excludedattributes": "excludedAttributes",
}

func (q query) number(name string, other int) (int, error) {
	text, ok := q[name]
	if !ok {
		return other, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, bad("invalidValue", "%s is no number", name)
	}
	return n, nil
}

func (s *modelServer) list(w http.ResponseWriter, r *http.Request, types []*resType) error {
	q, err := s.readQuery(r)
	if err != nil {
		return err
	}
	found, err := s.matching(types, q)
	if err != nil {
		return err
	}
	if len(found) == 0 && s.on("empty lists are 404") {
		return errMissing
	}
	s.sort(found, q)
	answer, err := s.page(found, q)
	if err != nil {
		return err
	}
	var out []any
	for _, o := range answer["Resources"].([]object) {
		out = append(out, s.project(s.typeOf(o), o, q["attributes"], q["excludedAttributes"]))
	}
	if answer["Resources"] = out; s.on("lists show everything") {
		answer["Resources"] = found
	}
	s.write(w, http.StatusOK, answer)
	return nil
}

func (s *modelServer) typeOf(o object) *resType {
	for _, t := range s.types {
		if t.name == textAt(o["meta"], "resourceType") {
			return t
		}
	}
	return s.types[0]
}

func (s *modelServer) matching(types []*resType, q query) ([]object, error) {
	matches := func(object) bool { return true }
	if text, ok := q["filter"]; ok && !s.on("filters ignored") {
		m, err := s.parseFilter(types, s.unquote(text))
		if err != nil && !s.on("malformed filters ignored") {
			return nil, err
		}
		if err == nil {
			matches = m
		}
	}
	var out []object
	for _, r := range s.all {
		o := s.represent(r)
		if slices.Contains(types, r.t) && (!r.deleted || s.on("deleted stay in lists")) && matches(o) {
			out = append(out, o)
		}
	}
	return out, nil
}

// unquote is a fault: it treats the filter as text.
func (s *modelServer) unquote(text string) string {
	if s.on("filters are not parsed") {
		return strings.ReplaceAll(text, `\"`, `"`)
	}
	return text
}

func (s *modelServer) sort(found []object, q query) {
	if s.on("each page sorted alone") && q["startIndex"] != "" {
		slices.Reverse(found)
		return
	}
	a, at, ok := s.attribute(s.types[0], q["sortBy"])
	if !ok {
		a, at, ok = s.attribute(s.types[1], q["sortBy"])
	}
	if !ok || s.on("sortBy ignored") {
		return
	}
	slices.SortStableFunc(found, func(x, y object) int {
		c := s.compareKeys(a, s.sortKey(x, at), s.sortKey(y, at))
		if q["sortOrder"] == "descending" && !s.on("sortOrder ignored") {
			return -c
		}
		return c
	})
}

func (s *modelServer) sortKey(o object, at []string) []any {
	if list, ok := o[at[0]].([]any); ok && !s.on("sort by first value") {
		for _, e := range list {
			if member(e, "primary") == true {
				return valuesAt(e, at[1:])
			}
		}
	}
	return valuesAt(o, at)
}

func (s *modelServer) compareKeys(a *attr, x, y []any) int {
	if len(x) == 0 || len(y) == 0 {
		c := cmp.Compare(len(y), len(x)) // the one without value is last
		if s.on("missing values first") {
			return -c
		}
		return c
	}
	if a.caseExact || s.on("sort by bytes") {
		return strings.Compare(textOf(x[0]), textOf(y[0]))
	}
	return strings.Compare(strings.ToLower(textOf(x[0])), strings.ToLower(textOf(y[0])))
}

const modelPage = 100

func (s *modelServer) page(found []object, q query) (object, error) {
	count, err := q.number("count", modelPage)
	if err != nil {
		return nil, err
	}
	if count > modelPage && s.on("large counts refused") {
		return nil, bad("tooMany", "at most %d", modelPage)
	}
	if count == 0 && s.on("count 0 is unset") || count > modelPage {
		count = modelPage
	}
	if _, given := q["count"]; !given && s.on("no default page size") {
		count = 0
	}
	count = max(count, 0)
	total := len(found)
	if _, ok := q["cursor"]; ok {
		return s.cursorPage(found, q, count)
	}
	start, err := q.number("startIndex", 1)
	if err != nil {
		return nil, err
	}
	if start < 1 && s.on("startIndex 0 refused") {
		return nil, bad("invalidValue", "startIndex starts at 1")
	}
	if start = max(start, 1); s.on("pages are 0-based") {
		start++
	}
	from := min(start-1, total)
	part := found[from:min(from+count, total)]
	if s.on("count ignored") {
		part = found[from:]
	}
	if s.on("past the end is an error") && from == total && total > 0 {
		return nil, bad("invalidValue", "no such page")
	}
	answer := object{"schemas": []any{listURN}, "totalResults": total, "startIndex": start, "itemsPerPage": len(part), "Resources": part}
	if s.on("total counts the page") {
		answer["totalResults"] = len(part)
	}
	if s.on("numbers as texts") {
		answer["totalResults"] = strconv.Itoa(total)
	}
	return answer, nil
}

// cursorPage pages by the id of the last resource seen.
func (s *modelServer) cursorPage(found []object, q query, count int) (object, error) {
	from := 0
	if cursor := q["cursor"]; cursor != "" {
		last, size, ok := s.openCursor(cursor, q["filter"])
		if ok && size != count {
			return nil, bad("invalidCount", "the first page had count %d", size)
		}
		if !ok {
			return nil, bad("invalidCursor", "not one of ours")
		}
		from = s.after(found, last, q)
		if s.on("cursors are offsets") {
			from, _ = strconv.Atoi(last)
		}
	}
	part := found[min(from, len(found)):min(from+count, len(found))]
	answer := object{"schemas": []any{listURN}, "totalResults": len(found), "itemsPerPage": len(part), "Resources": part}
	if s.on("cursor pages lose the order") {
		slices.Reverse(part)
	}
	if s.on("cursors never end") {
		answer["nextCursor"] = s.sealCursor(textAt(found[len(found)-1], "id"), len(found), count, q["filter"])
	}
	if n := len(part); n > 0 && from+n < len(found) {
		answer["nextCursor"] = s.sealCursor(textAt(part[n-1], "id"), from+n, count, q["filter"])
	}
	return answer, nil
}

// after is the place behind the last resource of a page, which may be deleted.
func (s *modelServer) after(found []object, last string, q query) int {
	at := slices.IndexFunc(s.all, func(r *record) bool { return r.id == last })
	if at < 0 {
		return 0
	}
	all := append(slices.Clone(found), s.represent(s.all[at]))
	slices.SortStableFunc(all, func(x, y object) int {
		order := func(o object) int { return slices.IndexFunc(s.all, func(r *record) bool { return r.id == o["id"] }) }
		return cmp.Compare(order(x), order(y))
	})
	s.sort(all, q)
	return slices.IndexFunc(all, func(o object) bool { return o["id"] == last }) + s.present(found, last)
}

// present is 1 when the resource is in the list, else 0.
func (s *modelServer) present(found []object, id string) int {
	if slices.ContainsFunc(found, func(o object) bool { return o["id"] == id }) {
		return 1
	}
	return 0
}

func (s *modelServer) sealCursor(last string, offset, size int, filter string) string {
	if s.on("cursors are offsets") {
		last = strconv.Itoa(offset)
	}
	content := last + "|" + strconv.Itoa(size)
	sealed := base64.RawURLEncoding.EncodeToString([]byte(content + "|" + fmt.Sprint(checksum(content+filter))))
	if s.on("cursors need escaping") {
		return sealed + "+/="
	}
	return sealed
}

func (s *modelServer) openCursor(cursor, filter string) (last string, size int, ok bool) {
	data, err := base64.RawURLEncoding.Strict().DecodeString(strings.TrimSuffix(cursor, "+/="))
	last, rest, _ := strings.Cut(string(data), "|")
	count, sum, _ := strings.Cut(rest, "|")
	size, _ = strconv.Atoi(count)
	if s.on("forged cursors accepted") {
		return last, 1, true
	}
	return last, size, err == nil && sum == fmt.Sprint(checksum(last+"|"+count+filter))
}

// checksum stands for a real authentication code.
func checksum(text string) (sum uint64) {
	for _, b := range []byte("key" + text) {
		sum = sum*1099511628211 + uint64(b)
	}
	return sum
}
