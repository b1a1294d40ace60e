package scimtest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// group is the results of one clause or of one client, as reports show them.
type group struct {
	Name    string // "RFC 7644 §3.5.2" or "okta"
	Subject string // what the clause is about, or the client's full name
	Results []*Result
}

// Count returns how many results ended in an outcome.
func (g *group) Count(o Outcome) int {
	n := 0
	for _, r := range g.Results {
		if r.Outcome == o {
			n++
		}
	}
	return n
}

// clauses groups the RFC cases, in the order of the texts.
func (r *Report) clauses() []*group {
	out := r.groups(func(c *Case) string { return c.Clause }, clauseSubjects)
	slices.SortFunc(out, func(a, b *group) int { return compareClauses(a.Name, b.Name) })
	return out
}

// clients groups the traces by identity provider.
func (r *Report) clients() []*group {
	out := r.groups(func(c *Case) string { return c.IdP }, clientNames)
	slices.SortFunc(out, func(a, b *group) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

func (r *Report) groups(key func(*Case) string, subjects map[string]string) []*group {
	var out []*group
	for i := range r.Results {
		result := &r.Results[i]
		name := key(&result.Case)
		if name == "" {
			continue
		}
		at := slices.IndexFunc(out, func(g *group) bool { return g.Name == name })
		if at < 0 {
			at = len(out)
			out = append(out, &group{Name: name, Subject: subjects[name]})
		}
		out[at].Results = append(out[at].Results, result)
	}
	return out
}

// compareClauses orders "RFC 7644 §3.4.2" by number, section by section.
func compareClauses(a, b string) int {
	split := func(r rune) bool { return r == ' ' || r == '.' || r == '§' }
	return slices.CompareFunc(strings.FieldsFunc(a, split), strings.FieldsFunc(b, split), func(x, y string) int {
		m, errX := strconv.Atoi(x)
		n, errY := strconv.Atoi(y)
		if errX != nil || errY != nil {
			return cmp.Compare(x, y)
		}
		return cmp.Compare(m, n)
	})
}

var clauseSubjects = map[string]string{
	"RFC 7643 §1.1":     "required attributes",
	"RFC 7643 §2.1":     "attribute names",
	"RFC 7643 §2.3":     "data types",
	"RFC 7643 §2.3.2":   "booleans",
	"RFC 7643 §2.3.7":   "references",
	"RFC 7643 §2.4":     "multi-valued attributes",
	"RFC 7643 §2.5":     "unassigned values",
	"RFC 7643 §3":       "schemas of a resource",
	"RFC 7643 §3.1":     "id, externalId and meta",
	"RFC 7643 §4.1.1":   "single attributes of User",
	"RFC 7643 §4.1.2":   "multi-valued attributes of User",
	"RFC 7643 §4.2":     "Group",
	"RFC 7643 §7":       "schemas and characteristics",
	"RFC 7644 §1.2":     "encoding of URLs",
	"RFC 7644 §3.1":     "messages",
	"RFC 7644 §3.2":     "endpoints and methods",
	"RFC 7644 §3.3":     "creating with POST",
	"RFC 7644 §3.4":     "retrieving",
	"RFC 7644 §3.4.1":   "retrieving with GET",
	"RFC 7644 §3.4.2":   "lists",
	"RFC 7644 §3.4.2.2": "filters",
	"RFC 7644 §3.4.2.3": "sorting",
	"RFC 7644 §3.4.2.4": "paging by index",
	"RFC 7644 §3.4.2.5": "choosing attributes",
	"RFC 7644 §3.4.3":   "POST /.search",
	"RFC 7644 §3.5":     "changing resources",
	"RFC 7644 §3.5.1":   "replacing with PUT",
	"RFC 7644 §3.5.2":   "PATCH",
	"RFC 7644 §3.5.2.1": "PATCH add",
	"RFC 7644 §3.5.2.2": "PATCH remove",
	"RFC 7644 §3.5.2.3": "PATCH replace",
	"RFC 7644 §3.6":     "deleting",
	"RFC 7644 §3.7":     "bulk",
	"RFC 7644 §3.7.1":   "circular references in bulk",
	"RFC 7644 §3.7.2":   "bulkId references",
	"RFC 7644 §3.7.4":   "limits of bulk",
	"RFC 7644 §3.8":     "data formats",
	"RFC 7644 §3.9":     "attributes of responses",
	"RFC 7644 §3.10":    "attribute notation",
	"RFC 7644 §3.11":    "/Me",
	"RFC 7644 §3.12":    "errors",
	"RFC 7644 §3.14":    "versions",
	"RFC 7644 §4":       "discovery",
	"RFC 7644 §5":       "preparing names for comparison",
	"RFC 9865 §2":       "paging by cursor",
	"RFC 9865 §2.1":     "cursor errors",
	"RFC 9865 §2.2":     "order of cursor pages",
	"RFC 9865 §3":       "cursors in /.search",
	"RFC 9865 §4":       "announcing pagination",
	"RFC 9967 §2.5.1.1": "asynchronous requests",
	"RFC 9967 §5":       "access to results",
}

var clientNames = map[string]string{
	"authentik": "authentik", "connid": "ConnId (Apache Syncope, midPoint)", "cyberark": "CyberArk Identity", "entra": "Microsoft Entra ID",
	"google": "Google", "jumpcloud": "JumpCloud", "keycloak": "Keycloak", "midpoint": "midPoint", "okta": "Okta", "onelogin": "OneLogin",
	"ping": "Ping Identity", "rippling": "Rippling", "sailpoint": "SailPoint",
}
