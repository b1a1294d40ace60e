package scim

import (
	"math"
	"net/url"
	"strconv"
	"strings"
)

// params are the query parameters of RFC 7644 §3.4.2 and RFC 9865 §2, from a
// URL or from the body of a search.
type params struct {
	attributes, excluded []string
	filter               string
	sortBy               string
	descending           bool
	startIndex           int // 1-based; 1 if not given
	count                int // -1 if not given
	cursor               string
	dryRun               bool // everything is undone
	hasFilter            bool
	hasCursor            bool
	hasIndex             bool // startIndex was given
}

func noParams() params { return params{startIndex: 1, count: -1} }

// paramSetters know each parameter by its name in lower case. Names are
// compared in any case, because clients send "startindex" (C12).
var paramSetters = map[string]func(*params, string) error{
	"attributes":         func(p *params, v string) error { p.attributes = names(v); return nil },
	"excludedattributes": func(p *params, v string) error { p.excluded = names(v); return nil },
	"filter":             (*params).setFilter,
	"sortby":             func(p *params, v string) error { p.sortBy = strings.TrimSpace(v); return nil },
	"sortorder":          (*params).setOrder,
	"startindex":         (*params).setIndex,
	"count":              (*params).setCount,
	"dryrun":             (*params).setDryRun,
	"cursor":             func(p *params, v string) error { p.cursor, p.hasCursor = v, true; return nil },
}

// parseParams reads a raw query. Unknown parameters and stray separators are
// ignored (RFC 7644 §3.4.2); a known one that is given twice is refused,
// because no choice between two filters is right.
func parseParams(raw string) (params, error) {
	p := noParams()
	var seen map[string]bool
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		name, value, err := unescapePair(strings.TrimLeft(pair, "?"))
		if err != nil {
			return p, err
		}
		set := paramSetters[strings.ToLower(name)]
		if set == nil {
			continue
		}
		if key := strings.ToLower(name); seen[key] {
			return p, badRequest(InvalidValue, "the parameter "+key+" is given twice")
		} else if seen == nil {
			seen = map[string]bool{key: true}
		} else {
			seen[key] = true
		}
		if err := set(&p, value); err != nil {
			return p, err
		}
	}
	return p, p.check()
}

func unescapePair(pair string) (name, value string, err error) {
	name, value, _ = strings.Cut(pair, "=")
	if name, err = url.QueryUnescape(name); err == nil {
		value, err = url.QueryUnescape(value)
	}
	if err != nil {
		return "", "", badRequest(InvalidValue, "the query string is not percent-encoded correctly: "+err.Error())
	}
	return name, value, nil
}

// check refuses combinations that have no meaning.
func (p *params) check() error {
	switch {
	case p.hasCursor && p.hasIndex:
		return badRequest(InvalidValue, "startIndex and cursor are two ways of paging; give one of them") // AMB-66
	case len(p.attributes) > 0 && len(p.excluded) > 0:
		return badRequest(InvalidValue, "attributes and excludedAttributes exclude each other; give one of them") // AMB-16
	}
	return nil
}

func (p *params) setFilter(v string) error {
	p.filter, p.hasFilter = v, true
	return nil
}

func (p *params) setOrder(v string) error {
	switch strings.ToLower(v) {
	case "ascending", "":
		p.descending = false
	case "descending":
		p.descending = true
	default:
		return badRequest(InvalidValue, `sortOrder is "ascending" or "descending"`)
	}
	return nil
}

func (p *params) setIndex(v string) error {
	n, err := integer("startIndex", v)
	p.startIndex, p.hasIndex = max(n, 1), true // RFC 7644 §3.4.2.4
	return err
}

func (p *params) setCount(v string) error {
	n, err := integer("count", v)
	p.count = max(n, 0)
	return err
}

// largest is what larger numbers become. Sums of some do not overflow.
const largest = min(math.MaxInt32, math.MaxInt/8)

// integer reads a whole number of any size; too large ones are the largest.
func integer(name, text string) (int, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	if err == nil {
		return min(int(n), largest), nil
	}
	digits := strings.TrimLeft(text, "+-")
	if digits == "" || strings.Trim(digits, "0123456789") != "" || len(text)-len(digits) > 1 {
		return 0, badRequest(InvalidValue, name+" must be a whole number")
	}
	if text[0] == '-' {
		return 0, nil
	}
	return largest, nil
}

// names splits a list of attribute names. JSON arrays in a URL and quotes are
// not names; they are unknown and so ignored later.
func names(list string) []string {
	var out []string
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// setDryRun reads a parameter of this package. A value that is not understood
// must not be taken for false.
func (p *params) setDryRun(v string) (err error) {
	if p.dryRun, err = strconv.ParseBool(v); err != nil {
		return badRequest(InvalidValue, "dryRun must be true or false")
	}
	return nil
}
