package scim

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-playground/validator/v10"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
)

// maxProfilePage is the largest page that a profile can ask for. A page is held
// in memory.
const maxProfilePage = 10_000

// check adds the mistakes of p that can be seen without the types of a service.
func (p *Profile) check(e *ProfileError) {
	if p.Off&^schema.Strict != 0 {
		e.add("Off", "holds a tolerance that does not exist", "use schema.SetOf with the constants")
	}
	checkChoice(e, "Unknown", p.Unknown, schema.RejectUnknown)
	checkChoice(e, "RemoveValue", p.RemoveValue, patch.RemoveReject)
	checkChoice(e, "Primary", p.Primary, schema.PassPrimary)
	switch p.PatchBody {
	case BodyExceptGroups, BodyAlways, BodyNever:
	default:
		e.add("PatchBody", fmt.Sprintf("%q is not a choice", p.PatchBody), "use one of the PatchBody constants")
	}
	if p.MaxPageSize < 0 || p.MaxPageSize > maxProfilePage {
		e.add("MaxPageSize", fmt.Sprintf("is %d", p.MaxPageSize), fmt.Sprintf("use a number up to %d, or 0 for Limits.PageSize", maxProfilePage))
	}
	checkLimitTags(p.Limits, e.add)
	for _, from := range sorted(p.SchemaAliases) {
		if to := p.SchemaAliases[from]; from == "" || to == "" || strings.EqualFold(from, to) {
			e.add(fmt.Sprintf("SchemaAliases[%q]", from), fmt.Sprintf("stands for %q", to), "map the URN that the client uses to the one that is served")
		}
	}
}

func checkChoice[T ~uint8](e *ProfileError, field string, value, last T) {
	if value > last {
		e.add(field, fmt.Sprintf("%d is not a choice", value), "use one of the constants of its type")
	}
}

// checkLimitTags reports the limits that are negative.
func checkLimitTags(l Limits, add func(field, detail, cure string)) {
	var found validator.ValidationErrors
	if errors.As(structTags.Struct(l), &found) {
		for _, f := range found {
			add(f.Namespace(), fmt.Sprintf("is %v", f.Value()), "use a positive number, or 0 for the default")
		}
	}
}

// sorted returns the keys of m in order, so that mistakes are always reported
// in the same one.
func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
