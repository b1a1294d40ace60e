package schema

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-playground/validator/v10"
)

// rules returns the validator of definitions. It is built once and never
// changed after that.
var rules = sync.OnceValue(func() *validator.Validate {
	v := validator.New()
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("json") })
	for tag, check := range map[string]func(string) bool{
		"attributename": attributeName.MatchString,
		"typename":      typeName.MatchString,
		"endpoint":      endpoint.MatchString,
		"schemauri":     isSchemaURI,
		"utf8":          utf8.ValidString,
	} {
		// It fails only for an empty tag.
		_ = v.RegisterValidation(tag, func(f validator.FieldLevel) bool { return check(f.Field().String()) }, true)
	}
	v.RegisterStructValidation(checkSchema, Schema{})
	v.RegisterStructValidation(checkAttribute, Attribute{})
	return v
})

// ruleTexts says what each rule demands. The parameter of the rule replaces
// %s.
var ruleTexts = map[string]string{
	"attributename":   `is not an attribute name: a letter or "$", then letters, digits, "$", "-" and "_"`,
	"typename":        `is not a name: a letter, then letters, digits, ".", "-" and "_"`,
	"endpoint":        `is not an endpoint: "/" and one path segment, as in "/Users"`,
	"schemauri":       `is not the URI of a schema, as in "urn:example:scim:2.0:Badge"`,
	"utf8":            "is not UTF-8",
	"oneof":           "is none of %s",
	"max":             "has more than %s entries",
	"min":             "is empty",
	"unique":          "has an entry twice",
	"duplicate":       "is the name of another attribute, %s",
	"common":          "is a common attribute of every resource and cannot be another one (RFC 7643 §3.1)",
	"subs":            "is missing: a complex attribute has sub-attributes",
	"simple":          "is for complex attributes only",
	"nested":          "is complex inside a complex attribute (RFC 7643 §2.3.8)",
	"case":            "has no meaning for type %s",
	"canonicaltype":   "is for strings and references, not for type %s",
	"canonicaltwice":  "has %s twice",
	"notreference":    "is for references only",
	"referencetypes":  `is missing: a reference names resource types, "external" or "uri" (RFC 7643 §7)`,
	"writeonly":       "must be never, because the attribute is writeOnly",
	"predefined":      "must be %s, because the meaning of this sub-attribute is fixed (RFC 7643 §2.4)",
	"predefinedmulti": "must be single-valued, because the meaning of this sub-attribute is fixed (RFC 7643 §2.4)",
}

// apply adds what the validator finds in value, a pointer to a struct, with
// pointers below where.
func (p *problems) apply(value any, where string) {
	found, _ := rules().Struct(value).(validator.ValidationErrors)
	for _, f := range found {
		p.add(where+pointerOf(f.Namespace()), ruleText(f))
	}
}

func ruleText(f validator.FieldError) string {
	text, param := ruleTexts[f.Tag()], f.Param()
	if strings.Contains(text, "%s") {
		text = fmt.Sprintf(text, param)
	}
	if v := reflect.ValueOf(f.Value()); v.Kind() == reflect.String && v.Len() > 0 {
		return fmt.Sprintf("%q %s", shorten(v.String()), text)
	}
	return text
}

// shorten keeps a text that came from elsewhere from filling the message.
func shorten(text string) string {
	if len(text) <= maxShown {
		return text
	}
	return strings.ToValidUTF8(text[:maxShown], "") + "…"
}

// maxShown bounds the length, in bytes, of what an error text repeats. An
// attribute with the URN of its schema fits.
const maxShown = 200

var indexPattern = regexp.MustCompile(`\[(\d+)\]`)

// pointerOf turns the validator's "Schema.attributes[3].name" into
// "/attributes/3/name".
func pointerOf(namespace string) string {
	_, namespace, _ = strings.Cut(namespace, ".")
	return "/" + strings.ReplaceAll(indexPattern.ReplaceAllString(namespace, "/$1"), ".", "/")
}
