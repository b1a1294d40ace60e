package coretypes

// EnterpriseUser is the enterprise extension of User (RFC 7643 §4.3).
type EnterpriseUser struct {
	EmployeeNumber string   `scim:"employeeNumber"`
	CostCenter     string   `scim:"costCenter"`
	Organization   string   `scim:"organization"`
	Division       string   `scim:"division"`
	Department     string   `scim:"department"`
	Manager        *Manager `scim:"manager"`
}

// Manager is the user whom a user reports to.
type Manager struct {
	Value       string `scim:"value,caseExact"` // the manager's id
	Ref         string `scim:"$ref,ref=User"`
	DisplayName string `scim:"displayName,readOnly"`
}
