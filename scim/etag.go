package scim

import (
	"strings"
)

// etagOf returns the entity tag of a version as it goes on the wire. Stores
// may keep bare versions; the weak form is then made from them (RFC 7644
// §3.14).
func etagOf(version string) string {
	switch {
	case version == "", strings.HasPrefix(version, `W/"`), strings.HasPrefix(version, `"`):
		return version
	default:
		return `W/"` + version + `"`
	}
}

// opaque returns the part of an entity tag that weak comparison looks at.
func opaque(tag string) string {
	tag = strings.TrimPrefix(tag, "W/")
	return strings.TrimSuffix(strings.TrimPrefix(tag, `"`), `"`)
}

// tagSet is the value of an If-Match or If-None-Match header.
type tagSet struct {
	given bool     // the header is there
	any   bool     // "*"
	tags  []string // opaque parts
}

// matches reports whether version is in the set, by weak comparison (AMB-57).
func (s tagSet) matches(version string) bool {
	if s.any {
		return true
	}
	version = opaque(version)
	for _, tag := range s.tags {
		if tag == version {
			return true
		}
	}
	return false
}

// parseTags reads the lines of an If-Match or If-None-Match header (RFC 9110
// §13.1.1). A tag without quotes is accepted, because meta.version of some
// servers has none and clients copy it.
func parseTags(name string, lines []string) (tagSet, error) {
	var s tagSet
	for _, line := range lines {
		for rest := strings.TrimSpace(line); rest != ""; {
			tag, tail, ok := cutTag(rest)
			if !ok {
				return tagSet{}, badRequest(InvalidValue, name+" is not a list of entity tags")
			}
			s.add(tag)
			rest = tail
		}
	}
	if s.any && len(s.tags) > 0 {
		return tagSet{}, badRequest(InvalidValue, name+` is either "*" or a list of entity tags`)
	}
	return s, nil
}

// lines returns the header again.
func (s *tagSet) lines() []string {
	if s.any {
		return []string{"*"}
	}
	lines := make([]string, len(s.tags))
	for i, tag := range s.tags {
		lines[i] = `W/"` + tag + `"`
	}
	return lines
}

func (s *tagSet) add(tag string) {
	s.given = true
	if tag == "*" {
		s.any = true
		return
	}
	s.tags = append(s.tags, opaque(tag))
}

// cutTag takes the first tag off a list.
func cutTag(list string) (tag, rest string, ok bool) {
	if quote := strings.IndexByte(list, '"'); quote == 0 || quote == 2 && list[:2] == "W/" {
		end := strings.IndexByte(list[quote+1:], '"')
		if end < 0 {
			return "", "", false
		}
		end += quote + 2
		tag, rest = list[:end], strings.TrimSpace(list[end:])
		if rest != "" && rest[0] != ',' {
			return "", "", false
		}
		return tag, strings.TrimSpace(strings.TrimPrefix(rest, ",")), true
	}
	tag, rest, _ = strings.Cut(list, ",")
	tag = strings.TrimSpace(tag)
	return tag, strings.TrimSpace(rest), tag != "" && !strings.ContainsAny(tag, "\" \t")
}

// conditions are the preconditions of a request.
type conditions struct {
	match, noneMatch tagSet
}

// none reports whether there is no precondition at all.
func (c *conditions) none() bool { return !c.match.given && !c.noneMatch.given }

// checkRead applies the conditions to a resource that is read: notModified
// stands for 304 (RFC 9110 §13.2.2).
func (c *conditions) checkRead(version string) (notModified bool, err error) {
	if c.match.given && !c.match.matches(version) {
		return false, errPrecondition()
	}
	return c.noneMatch.given && c.noneMatch.matches(version), nil
}

// checkWrite applies the conditions to a resource that is about to change.
func (c *conditions) checkWrite(version string) error {
	if c.match.given && !c.match.matches(version) || c.noneMatch.given && c.noneMatch.matches(version) {
		return errPrecondition()
	}
	return nil
}

func errPrecondition() *Error {
	return fail(412, "", "the resource has changed: its version is not one that the request names")
}
