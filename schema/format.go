package schema

// Format is a rule about the values of one attribute that no characteristic of
// RFC 7643 §7 can say, such as the form of an address (§2.3.1).
type Format struct {
	// Path names the attribute as ResourceType.Path reads it. Types that do not
	// have it are not affected.
	Path string
	// Valid reports whether a single value keeps the rule.
	Valid func(Value) bool
	// Detail says what the rule demands, as the end of a sentence that begins with
	// the attribute: "must be a country code of two letters".
	Detail string
}

// CheckFormats reports the values of r that break one of the formats, as a
// *ValidationError that lists all of them, each an ErrValue.
func CheckFormats(r *Resource, formats ...Format) error {
	var found []*PathError
	for _, f := range formats {
		p := Path{r.typ.resolve(f.Path)}
		for v := range r.Values(p) {
			if !f.Valid(v) {
				found = append(found, &PathError{Path: p.String(), Offset: -1, Err: ErrValue, Detail: f.Detail})
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	return &ValidationError{Problems: found}
}
