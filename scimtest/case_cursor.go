package scimtest

import (
	"net/http"
	"strings"
)

var cursorCases = []rfcCase{
	{name: "cursor/walk", covers: "9865-2-01 9865-2-08 9865-2-09 9865-2-05 9865-2-11 9865-2-14", feature: "cursor", each: cursorWalk,
		title: "Following nextCursor yields every resource once; the first page has no previousCursor, the last no nextCursor",
		cause: "The cursor is the index of the next row, so that pages shift when others write; or the last page still has a cursor."},
	{name: "cursor/stable", covers: "9865-2-08", feature: "cursor", each: cursorStable,
		title: "A resource that is deleted on an earlier page makes no other one disappear",
		cause: "The cursor hides an offset."},
	{name: "cursor/zero", covers: "9865-2-03 9865-2-04", feature: "cursor", each: cursorZero,
		title: "count=0, or a negative one, returns totalResults and no resources"},
	{name: "cursor/characters", covers: "9865-2-02 9865-2-12", feature: "cursor", each: cursorCharacters,
		title: "Cursors consist of unreserved URL characters"},
	{name: "cursor/invalid", covers: "9865-2.1-02 9865-5.2-06 9865-2.1-01 9865-5.2-07", feature: "cursor", each: cursorInvalid,
		title: "A cursor that the server did not make is 400 invalidCursor",
		cause: "The cursor is decoded and trusted; a forged one reads other data."},
	{name: "cursor/sorted", covers: "9865-2.2-01", feature: "cursor", level: Recommended, each: cursorSorted,
		title: "Pages by cursor follow sortBy"},
	{name: "cursor/changed-count", covers: "9865-2.1-04", feature: "cursor", level: Informational, each: cursorChangedCount,
		title: "Another count with a cursor is 400 invalidCount"},
	{name: "cursor/other-query", covers: "9865-2-13", feature: "cursor", level: Recommended, each: cursorOtherQuery,
		title: "A cursor used with another filter is refused"},
	{name: "cursor/search", covers: "9865-3-01", feature: "cursor", level: Recommended, each: cursorSearch,
		title: "/.search takes cursor and count in the body"},
}

// follow reads page after page and returns the ids and the replies.
func (p *probe) follow(t *resType, filter, count string) (ids []string, pages []*reply) {
	for cursor := ""; ; {
		r := p.query("next page", t, "filter", filter, "cursor", cursor, "count", count).must(http.StatusOK)
		pages, ids = append(pages, r), append(ids, r.ids()...)
		cursor = textAt(r.body, "nextCursor")
		if cursor == "" {
			return ids, pages
		}
		if len(pages) > 20 {
			r.problem("/nextCursor", "an end of the pages", "a cursor on every page")
			p.stop()
		}
	}
}

func cursorWalk(p *probe, t *resType) {
	all, filter := p.several(t, 5)
	ids, pages := p.follow(t, filter, "2")
	last := pages[len(pages)-1]
	last.sameSet("the resources of all pages", names(all, ids), names(all, idsOf(all)))
	pages[0].lacks("/previousCursor")
	for _, page := range pages {
		n := len(page.ids())
		page.expect(n <= 2, "/Resources", "at most 2 resources", listed(names(all, page.ids())))
		if page.at("/totalResults") != nil {
			page.has("/totalResults", 5)
		}
	}
}

func cursorStable(p *probe, t *resType) {
	all, filter := p.several(t, 4)
	first := p.query("first page", t, "filter", filter, "cursor", "", "count", "2").must(http.StatusOK).has("/nextCursor", anything)
	gone := first.ids()
	if len(gone) == 0 {
		p.stop()
	}
	p.send("delete the first of it", http.MethodDelete, t.endpoint+"/"+percentEncode(gone[0]), nil).must(http.StatusNoContent)
	second := p.query("second page", t, "filter", filter, "cursor", textAt(first.body, "nextCursor"), "count", "2").must(http.StatusOK)
	second.sameSet("the resources of both pages", names(all, append(gone, second.ids()...)), names(all, idsOf(all)))
}

func cursorZero(p *probe, t *resType) {
	_, filter := p.several(t, 2)
	for _, count := range []string{"0", "-3"} {
		p.query("ask for "+count, t, "filter", filter, "cursor", "", "count", count).must(http.StatusOK).has("/totalResults", 2).lacks("/Resources")
	}
}

func cursorCharacters(p *probe, t *resType) {
	_, filter := p.several(t, 2)
	r := p.query("first page", t, "filter", filter, "cursor", "", "count", "1").must(http.StatusOK).has("/nextCursor", anything)
	cursor := textAt(r.body, "nextCursor")
	r.expect(strings.Trim(cursor, unreserved) == "", "/nextCursor", "unreserved characters only", cursor)
}

func cursorInvalid(p *probe, t *resType) {
	_, filter := p.several(t, 2)
	r := p.query("first page", t, "filter", filter, "cursor", "", "count", "1").must(http.StatusOK).has("/nextCursor", anything)
	good := textAt(r.body, "nextCursor")
	for _, cursor := range []string{"nonsense", forged(good), good + good} {
		p.query("a forged cursor", t, "filter", filter, "cursor", cursor, "count", "1").fails(http.StatusBadRequest, "invalidCursor")
	}
}

// forged changes one character in the middle of a cursor.
func forged(cursor string) string {
	i := len(cursor) / 2
	if i < len(cursor) && cursor[i] == 'A' {
		return cursor[:i] + "B" + cursor[i+1:]
	}
	return cursor[:i] + "A" + cursor[min(i+1, len(cursor)):]
}

func cursorOtherQuery(p *probe, t *resType) {
	_, filter := p.several(t, 2)
	r := p.query("first page", t, "filter", filter, "cursor", "", "count", "1").must(http.StatusOK).has("/nextCursor", anything)
	p.query("another filter", t, "filter", "id pr", "cursor", textAt(r.body, "nextCursor"), "count", "1").fails(http.StatusBadRequest)
}

func cursorSearch(p *probe, t *resType) {
	all, filter := p.several(t, 2)
	first := p.search("first page", t.endpoint, object{"filter": filter, "cursor": "", "count": 1}).must(http.StatusOK).has("/nextCursor", anything)
	next := object{"filter": filter, "cursor": textAt(first.body, "nextCursor"), "count": 1}
	second := p.search("second page", t.endpoint, next).must(http.StatusOK).lacks("/nextCursor")
	second.sameSet("the resources of both pages", names(all, append(first.ids(), second.ids()...)), names(all, idsOf(all)))
}

func cursorSorted(p *probe, t *resType) {
	if !p.m.supports("sort") {
		p.skip("the server does not announce sort")
	}
	r, by := p.ranked(t, "c", "a", "b")
	first := p.sorted("first page", t, "sortBy", by, "cursor", "", "count", "2").ordered(r[1], r[2]).has("/nextCursor", anything)
	p.sorted("second page", t, "sortBy", by, "cursor", textAt(first.body, "nextCursor"), "count", "2").ordered(r[0])
}

func cursorChangedCount(p *probe, t *resType) {
	_, filter := p.several(t, 4)
	r := p.query("first page", t, "filter", filter, "cursor", "", "count", "1").must(http.StatusOK).has("/nextCursor", anything)
	p.query("another count", t, "filter", filter, "cursor", textAt(r.body, "nextCursor"), "count", "2").fails(http.StatusBadRequest, "invalidCount")
}
