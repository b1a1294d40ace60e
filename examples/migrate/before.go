package migrate

import (
	"errors"
	"net/http"

	"github.com/elimity-com/scim"
	scimerrors "github.com/elimity-com/scim/errors"
	"github.com/elimity-com/scim/optional"
	"github.com/elimity-com/scim/schema"
)

const badgeURN = "urn:example:scim:2.0:Badge"

// userSchema is what the service keeps of the core User.
func userSchema() schema.Schema {
	return schema.Schema{
		ID: "urn:ietf:params:scim:schemas:core:2.0:User", Name: optional.NewString("User"),
		Attributes: []schema.CoreAttribute{
			schema.SimpleCoreAttribute(schema.SimpleStringParams(schema.StringParams{
				Name: "userName", Required: true, Uniqueness: schema.AttributeUniquenessServer(),
			})),
			schema.ComplexCoreAttribute(schema.ComplexParams{Name: "name", SubAttributes: []schema.SimpleParams{
				schema.SimpleStringParams(schema.StringParams{Name: "givenName"}),
				schema.SimpleStringParams(schema.StringParams{Name: "familyName"}),
			}}),
			schema.SimpleCoreAttribute(schema.SimpleBooleanParams(schema.BooleanParams{Name: "active"})),
		},
	}
}

func badgeSchema() schema.Schema {
	return schema.Schema{
		ID: badgeURN, Name: optional.NewString("Badge"),
		Attributes: []schema.CoreAttribute{
			schema.SimpleCoreAttribute(schema.SimpleStringParams(schema.StringParams{Name: "number"})),
		},
	}
}

// Before serves the directory with elimity-com/scim.
func Before(d *Directory) (http.Handler, error) {
	server, err := scim.NewServer(&scim.ServerArgs{
		ServiceProviderConfig: &scim.ServiceProviderConfig{SupportFiltering: true, SupportPatch: true},
		ResourceTypes: []scim.ResourceType{{
			ID: optional.NewString("User"), Name: "User", Endpoint: "/Users", Schema: userSchema(),
			SchemaExtensions: []scim.SchemaExtension{{Schema: badgeSchema()}},
			Handler:          people{d},
		}},
	})
	return http.StripPrefix("/scim", server), err // the server itself takes off /v2
}

// people is a ResourceHandler.
type people struct{ directory *Directory }

func (h people) Create(_ *http.Request, attributes scim.ResourceAttributes) (scim.Resource, error) {
	return result(h.directory.Save(fromAttributes(attributes)))
}

func (h people) Get(_ *http.Request, id string) (scim.Resource, error) {
	return result(h.directory.Find(id))
}

// GetAll filters in memory and cuts the page.
func (h people) GetAll(_ *http.Request, params scim.ListRequestParams) (scim.Page, error) {
	var matches []scim.Resource
	for _, p := range h.directory.All() {
		r, _ := result(p, nil)
		if params.FilterValidator == nil || params.FilterValidator.PassesFilter(r.Attributes) == nil {
			matches = append(matches, r)
		}
	}
	from := min(params.StartIndex-1, len(matches))
	return scim.Page{TotalResults: len(matches), Resources: matches[from:min(from+params.Count, len(matches))]}, nil
}

func (h people) Replace(_ *http.Request, id string, attributes scim.ResourceAttributes) (scim.Resource, error) {
	p := fromAttributes(attributes)
	p.ID = id
	return result(h.directory.Save(p))
}

func (h people) Delete(_ *http.Request, id string) error {
	_, err := result(Person{}, h.directory.Delete(id, 0))
	return err
}

// Patch applies the operations that it knows: whole attributes, and a sub-attribute
// of name. The library has checked that they fit the schema.
func (h people) Patch(_ *http.Request, id string, operations []scim.PatchOperation) (scim.Resource, error) {
	p, err := h.directory.Find(id)
	if err != nil {
		return result(p, err)
	}
	r, _ := result(p, nil)
	for _, op := range operations {
		if err := apply(r.Attributes, op); err != nil {
			return scim.Resource{}, err
		}
	}
	changed := fromAttributes(r.Attributes)
	changed.ID = id
	return result(h.directory.Save(changed))
}

func apply(attributes scim.ResourceAttributes, op scim.PatchOperation) error {
	switch values, isMap := op.Value.(map[string]any); {
	case op.Path == nil && isMap:
		for name, value := range values {
			attributes[name] = value
		}
	case op.Path == nil || op.Path.ValueExpression != nil || op.Path.AttributePath.SubAttributeName() != "" && op.Path.AttributePath.AttributeName != "name":
		return scimerrors.ScimErrorInvalidPath
	case op.Op == scim.PatchOperationRemove:
		delete(target(attributes, op), last(op))
	default:
		target(attributes, op)[last(op)] = op.Value
	}
	return nil
}

// target is the object that an operation changes a member of.
func target(attributes scim.ResourceAttributes, op scim.PatchOperation) map[string]any {
	parent := ""
	switch {
	case op.Path.AttributePath.SubAttributeName() != "":
		parent = op.Path.AttributePath.AttributeName
	case op.Path.AttributePath.URI() == badgeURN:
		parent = badgeURN
	default:
		return attributes
	}
	object, _ := attributes[parent].(map[string]any)
	if object == nil {
		object = map[string]any{}
		attributes[parent] = object
	}
	return object
}

func last(op scim.PatchOperation) string {
	if sub := op.Path.AttributePath.SubAttributeName(); sub != "" {
		return sub
	}
	return op.Path.AttributePath.AttributeName
}

func fromAttributes(attributes scim.ResourceAttributes) Person {
	name, _ := attributes["name"].(map[string]any)
	badge, _ := attributes[badgeURN].(map[string]any)
	active, given := attributes["active"].(bool)
	return Person{
		ExternalID: text(attributes["externalId"]), Login: text(attributes["userName"]),
		Given: text(name["givenName"]), Family: text(name["familyName"]),
		Badge: text(badge["number"]), Disabled: given && !active,
	}
}

func text(value any) string {
	s, _ := value.(string)
	return s
}

// result turns a person, or the error of the directory, into what the library
// wants.
func result(p Person, err error) (scim.Resource, error) {
	switch {
	case errors.Is(err, errNobody):
		return scim.Resource{}, scimerrors.ScimErrorResourceNotFound(p.ID)
	case errors.Is(err, errTaken):
		return scim.Resource{}, scimerrors.ScimErrorUniqueness
	case err != nil:
		return scim.Resource{}, err
	}
	attributes := scim.ResourceAttributes{
		"userName": p.Login, "active": !p.Disabled,
		"name":   map[string]any{"givenName": p.Given, "familyName": p.Family},
		badgeURN: map[string]any{"number": p.Badge},
	}
	if p.ExternalID != "" {
		attributes["externalId"] = p.ExternalID
	}
	return scim.Resource{ID: p.ID, Attributes: attributes, Meta: scim.Meta{Created: &p.Created, LastModified: &p.Modified}}, nil
}
