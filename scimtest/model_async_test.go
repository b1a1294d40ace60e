package scimtest

import (
	"net/http"
	"net/http/httptest"
)

const asyncResults = "/.async/"

// removeLater accepts a deletion. The model has no other time to do it than now.
func (s *modelServer) removeLater(w http.ResponseWriter, r *record) error {
	if !s.on("accepted and forgotten") {
		if err := s.remove(httptest.NewRecorder(), r); err != nil {
			return err
		}
	}
	if !s.on("no Set-Txn") {
		w.Header().Set("Set-Txn", "txn-"+r.id)
	}
	w.Header().Set("Preference-Applied", "respond-async")
	w.Header().Set("Location", "http://scim.test/scim"+asyncResults+r.id)
	if s.on("accepted with a body") {
		s.write(w, http.StatusAccepted, object{"id": r.id})
		return nil
	}
	w.WriteHeader(http.StatusAccepted)
	return nil
}
