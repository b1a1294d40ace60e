package schema

import (
	"fmt"
	"reflect"
)

// structPlan converts between a Go struct and the attributes of one complex
// value, or of a whole resource.
type structPlan struct {
	fields []plannedField
}

type plannedField struct {
	index     []int
	attr      *attr
	codec     codec
	omitsZero bool // the zero value of the Go type means unassigned
}

// planFor returns the plan for the struct type typ. It is made once.
func (t *ResourceType) planFor(typ reflect.Type) (*structPlan, error) {
	if p, ok := t.plans.Load(typ); ok {
		return p.(*structPlan), nil
	}
	if typ.Kind() != reflect.Struct {
		return nil, problems{{Offset: -1, Detail: fmt.Sprintf("%s is not a struct", typ)}}.err()
	}
	p := planner{typ: t}
	plan := p.plan(t.root, typ)
	if err := p.found.err(); err != nil {
		return nil, err
	}
	t.plans.Store(typ, plan)
	return plan, nil
}

// planner makes plans. It descends with the attributes, so a Go type that
// contains itself does no harm.
type planner struct {
	typ   *ResourceType
	found problems
}

func (p *planner) plan(a *attr, t reflect.Type) *structPlan {
	fields, found := structFields(t)
	p.found = append(p.found, found...)
	plan := &structPlan{}
	for _, f := range fields {
		sub := a.names.find(f.attr.Name)
		if sub == nil {
			where := a.canonical
			if a == p.typ.root {
				where = p.typ.Name()
			}
			p.found.add("", fmt.Sprintf("Go field %s: %s has no attribute %q", f.goName, where, f.attr.Name))
			continue
		}
		c := p.codec(sub, f.typ, false)
		if c == nil {
			p.found.add("", fmt.Sprintf("Go field %s: a %s cannot hold %s, which is %s", f.goName, f.typ, sub.canonical, describeType(sub)))
			continue
		}
		plan.fields = append(plan.fields, plannedField{f.index, sub, c, f.omitZero || zeroIsUnassigned(f.typ)})
	}
	return plan
}

// codec returns the codec between a and the Go type t, or nil. element says
// that t is for one value of a multi-valued attribute.
func (p *planner) codec(a *attr, t reflect.Type, element bool) codec {
	list := a.def.MultiValued && !element
	switch {
	case t.Kind() == reflect.Pointer:
		if c := p.codec(a, t.Elem(), element); c != nil {
			return pointerCodec{c}
		}
		return nil
	case list != isList(t):
		return nil
	case list:
		if c := p.codec(a, t.Elem(), true); c != nil {
			return listCodec{a, c}
		}
		return nil
	case typeOf(t) == TypeComplex && a.kind == KindComplex:
		return p.plan(a, t)
	default:
		return newScalarCodec(a, t)
	}
}

func describeType(a *attr) string {
	if a.def.MultiValued {
		return "a list of " + string(a.def.Type)
	}
	return string(a.def.Type)
}

// zeroIsUnassigned says for which Go types the zero value means that there is
// no value: all but booleans and numbers.
func zeroIsUnassigned(t reflect.Type) bool {
	switch typeOf(t) {
	case TypeBoolean, TypeInteger, TypeDecimal:
		return false
	default:
		return true
	}
}

func (p *structPlan) get(dst reflect.Value, v Value) error {
	for _, f := range p.fields {
		if err := f.get(dst, field(v.record(), f.attr.index)); err != nil {
			return err
		}
	}
	return nil
}

func (f *plannedField) get(dst reflect.Value, v Value) error {
	target := dst.FieldByIndex(f.index)
	if v.IsZero() {
		target.SetZero()
		return nil
	}
	return f.codec.get(target, v)
}

func (p *structPlan) put(src reflect.Value, old Value) (Value, error) {
	record := old.record()
	for _, f := range p.fields {
		v, err := f.put(src, field(record, f.attr.index))
		if err != nil {
			return Value{}, err
		}
		record = withField(record, f.attr.index, v)
	}
	return complexOf(record), nil
}

func (f *plannedField) put(src reflect.Value, old Value) (Value, error) {
	source := src.FieldByIndex(f.index)
	if f.omitsZero && source.IsZero() {
		return Value{}, nil
	}
	return f.codec.put(source, old)
}
