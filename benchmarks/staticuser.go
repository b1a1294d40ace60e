package benchmarks

// staticList is what a service that knows nothing of SCIM would encode.
type staticList struct {
	Schemas      []string     `json:"schemas"`
	Resources    []staticUser `json:"Resources"`
	TotalResults int          `json:"totalResults"`
	ItemsPerPage int          `json:"itemsPerPage"`
	StartIndex   int          `json:"startIndex"`
}

type staticUser struct {
	Schemas           []string         `json:"schemas"`
	ID                string           `json:"id"`
	ExternalID        string           `json:"externalId"`
	Meta              staticMeta       `json:"meta"`
	UserName          string           `json:"userName"`
	Name              staticName       `json:"name"`
	DisplayName       string           `json:"displayName"`
	Title             string           `json:"title"`
	PreferredLanguage string           `json:"preferredLanguage"`
	Timezone          string           `json:"timezone"`
	Active            bool             `json:"active"`
	Emails            []staticContact  `json:"emails"`
	PhoneNumbers      []staticContact  `json:"phoneNumbers"`
	Groups            []staticGroup    `json:"groups,omitempty"`
	Enterprise        staticEnterprise `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`
}

type staticMeta struct {
	ResourceType string `json:"resourceType"`
	Created      string `json:"created"`
	LastModified string `json:"lastModified"`
	Location     string `json:"location"`
	Version      string `json:"version"`
}

type staticName struct {
	Formatted  string `json:"formatted"`
	FamilyName string `json:"familyName"`
	GivenName  string `json:"givenName"`
}

type staticContact struct {
	Value   string `json:"value"`
	Type    string `json:"type"`
	Primary bool   `json:"primary,omitzero"`
}

type staticGroup struct {
	Value   string `json:"value"`
	Ref     string `json:"$ref"`
	Display string `json:"display"`
	Type    string `json:"type"`
}

type staticEnterprise struct {
	EmployeeNumber string `json:"employeeNumber"`
	CostCenter     string `json:"costCenter"`
	Organization   string `json:"organization"`
	Department     string `json:"department"`
}
