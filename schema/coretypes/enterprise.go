package coretypes

import "github.com/muster-scim/muster/schema"

// EnterpriseUser is the enterprise extension of User (RFC 7643 §4.3).
type EnterpriseUser struct {
	// EmployeeNumber is the identifier that the employer assigned.
	EmployeeNumber string `scim:"employeeNumber"`
	// CostCenter is the name of a cost center.
	CostCenter string `scim:"costCenter"`
	// Organization is the name of an organization.
	Organization string `scim:"organization"`
	// Division is the name of a division.
	Division string `scim:"division"`
	// Department is the name of a department.
	Department string `scim:"department"`
	// Manager is nil for a user without one.
	Manager *Manager `scim:"manager"`
}

// Manager is the user whom a user reports to.
type Manager struct {
	// Value is the manager's id.
	Value schema.ID `scim:"value,caseExact"`
	// Ref is the manager's URL.
	Ref string `scim:"$ref,ref=User"`
	// DisplayName is the manager's name for people.
	DisplayName string `scim:"displayName,readOnly"`
}
