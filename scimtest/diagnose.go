package scimtest

import (
	"cmp"
	"net/http"
)

// diagnose names the likely cause of a failed case: the one that the case itself
// gives, else what the first answer that went wrong points to.
func (r *Result) diagnose() string {
	if r.Outcome != Failed {
		return ""
	}
	if r.Case.Cause != "" {
		return r.Case.Cause
	}
	for i := range r.Steps {
		if s := &r.Steps[i]; len(s.Problems) > 0 && s.Exchange != nil {
			return s.Exchange.diagnose()
		}
	}
	return ""
}

func (e *Exchange) diagnose() string {
	scimType, _ := e.scimError()
	return cmp.Or(scimTypeCauses[scimType], statusCauses[e.Status], e.generalCause())
}

var scimTypeCauses = map[string]string{
	"invalidFilter": "The filter is refused in the form in which it was sent. Clients cannot be told to send another one.",
	"invalidPath":   "The path of the PATCH operation is refused in the form in which it was sent.",
	"noTarget":      "The path of the PATCH operation matches nothing, and the server does not create what is missing.",
	"invalidValue":  "A value is refused in the form in which it was sent, or a reference leads to nothing.",
	"invalidSyntax": "The structure of the body is refused in the form in which it was sent.",
	"mutability":    "The body carries something that only the server may set, and the server refuses instead of ignoring it.",
	"uniqueness":    "A value counts as taken. Either it was not freed, or values are compared too broadly.",
	"tooMany":       "The server refuses a large result instead of returning a page of it.",
}

var statusCauses = map[int]string{
	http.StatusUnauthorized:         "The Authorization header is not accepted for this request.",
	http.StatusForbidden:            "The token may not do this.",
	http.StatusNotFound:             "There is no such route, or the resource was not stored under the id that was returned.",
	http.StatusMethodNotAllowed:     "The endpoint does not implement this method.",
	http.StatusNotAcceptable:        "The Accept header is compared too strictly.",
	http.StatusUnsupportedMediaType: "The Content-Type header is compared too strictly.",
	http.StatusNotImplemented:       "The server does not implement this method.",
}

func (e *Exchange) generalCause() string {
	switch {
	case !e.answered():
		return "The request got no usable answer; the log of the server may say why."
	case e.Status >= 500:
		return "The server failed; its log has the cause."
	case e.Status >= 400:
		return "The server refuses what the client sends."
	}
	return "The request was acknowledged, but its effect or its answer is not what the client relies on."
}
