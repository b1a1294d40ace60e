package schema

import (
	"encoding/json"
	"fmt"
	"strings"
)

// parseTolerance finds a tolerance by its identifier, such as "boolean-text".
func parseTolerance(id string) (Tolerance, error) {
	for t, info := range Tolerances() {
		if info.ID == id {
			return t, nil
		}
	}
	return 0, fmt.Errorf("%q is not the identifier of a tolerance", id)
}

// String lists the identifiers of the members of s, with commas between them.
func (s ToleranceSet) String() string { return strings.Join(s.ids(), ",") }

func (s ToleranceSet) ids() []string {
	ids := []string{}
	for t, info := range Tolerances() {
		if s.Has(t) {
			ids = append(ids, info.ID)
		}
	}
	return ids
}

// MarshalJSON writes s as a list of identifiers.
func (s ToleranceSet) MarshalJSON() ([]byte, error) { return json.Marshal(s.ids()) }

// UnmarshalJSON reads a list of identifiers. It reports every one that is not
// known.
func (s *ToleranceSet) UnmarshalJSON(data []byte) error {
	var ids []string
	if err := json.Unmarshal(data, &ids); err != nil {
		return fmt.Errorf("wants a list of identifiers of tolerances")
	}
	var set ToleranceSet
	var unknown []string
	for _, id := range ids {
		t, err := parseTolerance(id)
		if err != nil {
			unknown = append(unknown, fmt.Sprintf("%q", id))
			continue
		}
		set |= SetOf(t)
	}
	if len(unknown) > 0 {
		return fmt.Errorf("there is no tolerance %s", strings.Join(unknown, ", "))
	}
	*s = set
	return nil
}
