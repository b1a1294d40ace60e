package schema

// Projection selects what a representation holds (RFC 7644 §3.9).
type Projection struct {
	typ   *ResourceType
	shown []bool // by ord
	raw   bool
}

// verdicts says for every attribute, by ord, whether it is returned.
func (t *ResourceType) verdicts(p *Projection) []bool {
	shown := make([]bool, len(t.all))
	for i, a := range t.all {
		shown[i] = a.def.Returned != ReturnedNever && a.def.Mutability != WriteOnly && a.def.Returned != ReturnedRequest
	}
	return shown
}
