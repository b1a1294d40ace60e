package schema

func (d Definition) validate() error {
	var found problems
	if d.Schema == nil || d.Name == "" || d.Endpoint == "" {
		found.add("/resourceType", "has no name, endpoint or schema")
	}
	return found.err()
}
