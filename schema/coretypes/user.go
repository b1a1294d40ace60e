package coretypes

import "github.com/muster-scim/muster/schema"

// User is the core User with the enterprise extension (RFC 7643 §4.1, §4.3).
type User struct {
	Common
	// UserName is what the user signs in with.
	UserName string `scim:"userName,required,uniqueness=server"`
	// Name is nil if no part of the name is known.
	Name *Name `scim:"name"`
	// DisplayName is the name for people.
	DisplayName string `scim:"displayName"`
	// NickName is the casual name.
	NickName string `scim:"nickName"`
	// ProfileURL is the URL of a page about the user.
	ProfileURL string `scim:"profileUrl,ref=external"`
	// Title is the job title, such as "Vice President".
	Title string `scim:"title"`
	// UserType is the relation to the organization, such as "Contractor".
	UserType string `scim:"userType"`
	// PreferredLanguage is a list of languages as in Accept-Language, such as "en-US, de".
	PreferredLanguage string `scim:"preferredLanguage"`
	// Locale is a BCP 47 tag that decides how dates and numbers look.
	Locale string `scim:"locale"`
	// Timezone is an IANA name, such as "Europe/Vienna".
	Timezone string `scim:"timezone"`
	// Active is nil if the status is not known.
	Active *bool `scim:"active"`
	// Password is cleartext on its way to the service provider, which never returns it.
	Password string `scim:"password,writeOnly"`
	// Emails are email addresses.
	Emails []Email `scim:"emails"`
	// PhoneNumbers are telephone numbers.
	PhoneNumbers []PhoneNumber `scim:"phoneNumbers"`
	// IMs are instant messaging addresses.
	IMs []IM `scim:"ims"`
	// Photos are URLs of pictures.
	Photos []Photo `scim:"photos"`
	// Addresses are physical mailing addresses.
	Addresses []Address `scim:"addresses"`
	// Groups are the groups that the user belongs to; they change through the groups only.
	Groups []GroupReference `scim:"groups,readOnly"`
	// Entitlements are things that the user is entitled to.
	Entitlements []Entitlement `scim:"entitlements"`
	// Roles are the roles of the user.
	Roles []Role `scim:"roles"`
	// X509Certificates are certificates issued to the user.
	X509Certificates []Certificate `scim:"x509Certificates"`

	// Enterprise is nil for a user without data of the extension.
	Enterprise *EnterpriseUser `scim:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`
}

// Name is the parts of a user's name.
type Name struct {
	// Formatted is the whole name in one text.
	Formatted string `scim:"formatted"`
	// FamilyName is the family name, or last name.
	FamilyName string `scim:"familyName"`
	// GivenName is the given name, or first name.
	GivenName string `scim:"givenName"`
	// MiddleName is the middle name or names.
	MiddleName string `scim:"middleName"`
	// HonorificPrefix is a title, such as "Ms.".
	HonorificPrefix string `scim:"honorificPrefix"`
	// HonorificSuffix is a suffix, such as "III".
	HonorificSuffix string `scim:"honorificSuffix"`
}

// Address is a physical address.
type Address struct {
	// Formatted is the whole address in one text.
	Formatted string `scim:"formatted"`
	// StreetAddress is the street with all its details; it can have several lines.
	StreetAddress string `scim:"streetAddress"`
	// Locality is the city.
	Locality string `scim:"locality"`
	// Region is the state or region.
	Region string `scim:"region"`
	// PostalCode is the zip or postal code.
	PostalCode string `scim:"postalCode"`
	// Country is an ISO 3166-1 alpha-2 code.
	Country string `scim:"country"`
	// Type is a label such as "work".
	Type string `scim:"type,canonical=work|home|other"`
	// Primary marks the preferred address.
	Primary bool `scim:"primary,omitzero"`
}

// GroupReference is a group that a user belongs to, directly or not.
type GroupReference struct {
	// Value is the group's id.
	Value schema.ID `scim:"value,caseExact,readOnly"`
	// Ref is the group's URL.
	Ref string `scim:"$ref,readOnly,ref=Group"`
	// Display is the group's name for people.
	Display string `scim:"display,readOnly"`
	// Type is "direct", or "indirect" for a group that contains one of the user's groups.
	Type string `scim:"type,readOnly,canonical=direct|indirect"`
}
