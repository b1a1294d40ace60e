package coretypes

// User is the core User with the enterprise extension (RFC 7643 §4.1, §4.3).
type User struct {
	Common
	UserName          string           `scim:"userName,required,uniqueness=server"`
	Name              *Name            `scim:"name"`
	DisplayName       string           `scim:"displayName"`
	NickName          string           `scim:"nickName"`
	ProfileURL        string           `scim:"profileUrl,ref=external"`
	Title             string           `scim:"title"`
	UserType          string           `scim:"userType"`
	PreferredLanguage string           `scim:"preferredLanguage"`
	Locale            string           `scim:"locale"`
	Timezone          string           `scim:"timezone"`
	Active            *bool            `scim:"active"`
	Password          string           `scim:"password,writeOnly"` // never returned
	Emails            []Email          `scim:"emails"`
	PhoneNumbers      []PhoneNumber    `scim:"phoneNumbers"`
	IMs               []IM             `scim:"ims"`
	Photos            []Photo          `scim:"photos"`
	Addresses         []Address        `scim:"addresses"`
	Groups            []GroupReference `scim:"groups,readOnly"`
	Entitlements      []Entitlement    `scim:"entitlements"`
	Roles             []Role           `scim:"roles"`
	X509Certificates  []Certificate    `scim:"x509Certificates"`

	Enterprise *EnterpriseUser `scim:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`
}

// Name is the parts of a user's name.
type Name struct {
	Formatted       string `scim:"formatted"`
	FamilyName      string `scim:"familyName"`
	GivenName       string `scim:"givenName"`
	MiddleName      string `scim:"middleName"`
	HonorificPrefix string `scim:"honorificPrefix"`
	HonorificSuffix string `scim:"honorificSuffix"`
}

// Address is a physical address. Country is an ISO 3166-1 alpha-2 code.
type Address struct {
	Formatted     string `scim:"formatted"`
	StreetAddress string `scim:"streetAddress"`
	Locality      string `scim:"locality"`
	Region        string `scim:"region"`
	PostalCode    string `scim:"postalCode"`
	Country       string `scim:"country"`
	Type          string `scim:"type,canonical=work|home|other"`
	Primary       bool   `scim:"primary,omitzero"`
}

// GroupReference is a group that a user belongs to, directly or not.
type GroupReference struct {
	Value   string `scim:"value,caseExact,readOnly"` // the group's id
	Ref     string `scim:"$ref,readOnly,ref=Group"`
	Display string `scim:"display,readOnly"`
	Type    string `scim:"type,readOnly,canonical=direct|indirect"`
}
