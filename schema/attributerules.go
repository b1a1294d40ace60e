package schema

import (
	"fmt"
	"strings"

	"github.com/go-playground/validator/v10"
)

// attributeRule is a rule about several characteristics of one attribute: when
// it is broken, the rule is reported for the given member.
type attributeRule struct {
	tag    string
	member string
	broken func(a *Attribute) bool
}

var attributeRules = []attributeRule{
	{"subs", "subAttributes", func(a *Attribute) bool { return a.Type == TypeComplex && len(a.SubAttributes) == 0 }},
	{"simple", "subAttributes", func(a *Attribute) bool { return a.Type != TypeComplex && len(a.SubAttributes) > 0 }},
	{"case", "caseExact", func(a *Attribute) bool { return a.CaseExact && !a.Type.hasCase() }},
	{"case", "uniqueness", func(a *Attribute) bool {
		return a.Uniqueness.orDefault() != UniquenessNone && !a.Type.comparable()
	}},
	{"canonicaltype", "canonicalValues", func(a *Attribute) bool {
		return len(a.CanonicalValues) > 0 && a.Type != TypeString && a.Type != TypeReference
	}},
	{"notreference", "referenceTypes", func(a *Attribute) bool { return a.Type != TypeReference && len(a.ReferenceTypes) > 0 }},
	{"referencetypes", "referenceTypes", func(a *Attribute) bool { return a.Type == TypeReference && len(a.ReferenceTypes) == 0 }},
	{"writeonly", "returned", func(a *Attribute) bool {
		return a.Mutability == WriteOnly && orDefault(a.Returned, ReturnedNever) != ReturnedNever
	}},
}

// predefined maps the sub-attributes of multi-valued attributes whose meaning
// RFC 7643 §2.4 fixes to their type. "value" can have any.
var predefined = map[string]Type{"type": TypeString, "primary": TypeBoolean, "display": TypeString, "$ref": TypeReference}

func checkAttribute(sl validator.StructLevel) {
	a := sl.Current().Interface().(Attribute)
	a.Type = a.Type.orDefault()
	if kinds[a.Type] == KindNone {
		return // reported by the rule of the member
	}
	for _, r := range attributeRules {
		if r.broken(&a) {
			sl.ReportError(nil, r.member, r.member, r.tag, string(a.Type))
		}
	}
	checkCanonicalValues(sl, &a)
	checkNames(sl, "subAttributes", a.SubAttributes)
	for i, sub := range a.SubAttributes {
		member := fmt.Sprintf("subAttributes[%d]", i)
		if sub.Type == TypeComplex && !mayNest(sl) {
			sl.ReportError(nil, member+".type", "", "nested", "")
		}
		want, fixed := predefined[strings.ToLower(sub.Name)]
		if !fixed || !a.MultiValued {
			continue
		}
		if sub.Type.orDefault() != want {
			sl.ReportError(nil, member+".type", "", "predefined", string(want))
		}
		if sub.MultiValued {
			sl.ReportError(nil, member+".multiValued", "", "predefinedmulti", "")
		}
	}
}

// mayNest reports whether the schema being checked may have complex
// sub-attributes: only the schema of schemas does (RFC 7643 §7).
func mayNest(sl validator.StructLevel) bool {
	s, ok := sl.Top().Interface().(*Schema)
	return ok && s.ID == SchemaURN
}

func checkCanonicalValues(sl validator.StructLevel, a *Attribute) {
	seen := make(map[string]bool, len(a.CanonicalValues))
	for _, v := range a.CanonicalValues {
		key := v
		if !a.CaseExact && a.Type != TypeReference {
			key = strings.ToLower(v)
		}
		if seen[key] {
			sl.ReportError(nil, "canonicalValues", "", "canonicaltwice", fmt.Sprintf("%q", shorten(v)))
		}
		seen[key] = true
	}
}

// checkNames reports names that occur twice in any letter case.
func checkNames(sl validator.StructLevel, member string, attrs []Attribute) {
	seen := make(map[string]string, len(attrs))
	for i, a := range attrs {
		folded := strings.ToLower(a.Name)
		if other, twice := seen[folded]; twice && folded != "" {
			sl.ReportError(a.Name, fmt.Sprintf("%s[%d].name", member, i), "", "duplicate", other)
		}
		seen[folded] = a.Name
	}
}

func checkSchema(sl validator.StructLevel) {
	s := sl.Current().Interface().(Schema)
	checkNames(sl, "attributes", s.Attributes)
	commons := commonAttributes()
	for i, a := range s.Attributes {
		for _, common := range commons {
			if strings.EqualFold(a.Name, common.Name) && !lists(a, common) {
				sl.ReportError(a.Name, fmt.Sprintf("attributes[%d].name", i), "", "common", "")
			}
		}
	}
}

// lists reports whether a, which is named like a common attribute, is that
// attribute, listed for the sake of old clients (RFC 7643 §3.1).
func lists(a, common Attribute) bool {
	kinship := func(t Type) Type {
		if t == TypeReference {
			return TypeString // URIs are listed as either
		}
		return t.orDefault()
	}
	return kinship(a.Type) == kinship(common.Type) && a.MultiValued == common.MultiValued
}
