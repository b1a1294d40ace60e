package coretypes

// Email is an email address.
type Email struct {
	// Value is the address.
	Value string `scim:"value"`
	// Display is the value for people.
	Display string `scim:"display,readWrite"`
	// Type is a label such as "work".
	Type string `scim:"type,canonical=work|home|other"`
	// Primary marks the preferred value of the list.
	Primary bool `scim:"primary,omitzero"`
}

// PhoneNumber is a telephone number.
type PhoneNumber struct {
	// Value is the number, best in the form of RFC 3966.
	Value string `scim:"value"`
	// Display is the value for people.
	Display string `scim:"display,readWrite"`
	// Type is a label such as "work".
	Type string `scim:"type,canonical=work|home|mobile|fax|pager|other"`
	// Primary marks the preferred value of the list.
	Primary bool `scim:"primary,omitzero"`
}

// IM is an instant messaging address.
type IM struct {
	// Value is the address.
	Value string `scim:"value"`
	// Display is the value for people.
	Display string `scim:"display,readWrite"`
	// Type is a label such as "work".
	Type string `scim:"type,canonical=aim|gtalk|icq|xmpp|msn|skype|qq|yahoo|other"`
	// Primary marks the preferred value of the list.
	Primary bool `scim:"primary,omitzero"`
}

// Photo is the URL of a picture.
type Photo struct {
	// Value is the URL of the picture.
	Value string `scim:"value,ref=external"`
	// Display is the value for people.
	Display string `scim:"display,readWrite"`
	// Type is a label such as "work".
	Type string `scim:"type,canonical=photo|thumbnail"`
	// Primary marks the preferred value of the list.
	Primary bool `scim:"primary,omitzero"`
}

// Entitlement is something that a user is entitled to.
type Entitlement struct {
	// Value is the entitlement.
	Value string `scim:"value"`
	// Display is the value for people.
	Display string `scim:"display,readWrite"`
	// Type is a label such as "work".
	Type string `scim:"type"`
	// Primary marks the preferred value of the list.
	Primary bool `scim:"primary,omitzero"`
}

// Role is a role of a user.
type Role struct {
	// Value is the role.
	Value string `scim:"value"`
	// Display is the value for people.
	Display string `scim:"display,readWrite"`
	// Type is a label such as "work".
	Type string `scim:"type"`
	// Primary marks the preferred value of the list.
	Primary bool `scim:"primary,omitzero"`
}

// Certificate is one DER-encoded X.509 certificate.
type Certificate struct {
	// Value is the DER-encoded certificate.
	Value []byte `scim:"value"`
	// Display is the value for people.
	Display string `scim:"display,readWrite"`
	// Type is a label such as "work".
	Type string `scim:"type"`
	// Primary marks the preferred value of the list.
	Primary bool `scim:"primary,omitzero"`
}
