package schema

var kindNames = [...]string{
	"nothing", "string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex", "list", "raw JSON",
}

// String returns the kind's name in SCIM terms.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}
