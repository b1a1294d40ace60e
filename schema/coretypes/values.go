package coretypes

// Email is an email address.
type Email struct {
	Value   string `scim:"value"`
	Display string `scim:"display,readWrite"`
	Type    string `scim:"type,canonical=work|home|other"`
	Primary bool   `scim:"primary,omitzero"`
}

// PhoneNumber is a telephone number.
type PhoneNumber struct {
	Value   string `scim:"value"`
	Display string `scim:"display,readWrite"`
	Type    string `scim:"type,canonical=work|home|mobile|fax|pager|other"`
	Primary bool   `scim:"primary,omitzero"`
}

// IM is an instant messaging address.
type IM struct {
	Value   string `scim:"value"`
	Display string `scim:"display,readWrite"`
	Type    string `scim:"type,canonical=aim|gtalk|icq|xmpp|msn|skype|qq|yahoo|other"`
	Primary bool   `scim:"primary,omitzero"`
}

// Photo is the URL of a picture.
type Photo struct {
	Value   string `scim:"value,ref=external"`
	Display string `scim:"display,readWrite"`
	Type    string `scim:"type,canonical=photo|thumbnail"`
	Primary bool   `scim:"primary,omitzero"`
}

// Entitlement is something that a user is entitled to.
type Entitlement struct {
	Value   string `scim:"value"`
	Display string `scim:"display,readWrite"`
	Type    string `scim:"type"`
	Primary bool   `scim:"primary,omitzero"`
}

// Role is a role of a user.
type Role struct {
	Value   string `scim:"value"`
	Display string `scim:"display,readWrite"`
	Type    string `scim:"type"`
	Primary bool   `scim:"primary,omitzero"`
}

// Certificate is one DER-encoded X.509 certificate.
type Certificate struct {
	Value   []byte `scim:"value"`
	Display string `scim:"display,readWrite"`
	Type    string `scim:"type"`
	Primary bool   `scim:"primary,omitzero"`
}
