package schema

import (
	"encoding"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// codec converts between the values of one attribute and one Go type.
type codec interface {
	// get stores v, which is assigned, in dst.
	get(dst reflect.Value, v Value) error
	// put returns the value of src. What src does not cover is taken from old.
	put(src reflect.Value, old Value) (Value, error)
}

// pointerCodec holds an unassigned value as nil.
type pointerCodec struct{ elem codec }

func (c pointerCodec) get(dst reflect.Value, v Value) error {
	dst.Set(reflect.New(dst.Type().Elem()))
	return c.elem.get(dst.Elem(), v)
}

func (c pointerCodec) put(src reflect.Value, old Value) (Value, error) {
	if src.IsNil() {
		return Value{}, nil
	}
	return c.elem.put(src.Elem(), old)
}

// listCodec holds the values of a multi-valued attribute in a slice.
type listCodec struct {
	attr *attr
	elem codec
}

func (c listCodec) get(dst reflect.Value, v Value) error {
	dst.Set(reflect.MakeSlice(dst.Type(), v.Len(), v.Len()))
	for i, e := range v.All() {
		if err := c.elem.get(dst.Index(i), e); err != nil {
			return c.at(i, err)
		}
	}
	return nil
}

func (c listCodec) put(src reflect.Value, _ Value) (Value, error) {
	values := make([]Value, src.Len())
	for i := range values {
		v, err := c.elem.put(src.Index(i), Value{})
		if err != nil {
			return Value{}, c.at(i, err)
		}
		values[i] = v
	}
	return List(values...), nil
}

// at puts the index of an element into the path of an error: "emails[1].value".
func (c listCodec) at(i int, err error) error {
	if p, ok := errors.AsType[*PathError](err); ok {
		p.Path = c.attr.canonical + "[" + strconv.Itoa(i) + "]" + strings.TrimPrefix(p.Path, c.attr.canonical)
	}
	return err
}

// scalarCodec converts scalars with two functions.
type scalarCodec struct {
	attr *attr
	read func(dst reflect.Value, v Value) bool
	text func(src reflect.Value) (string, error)
}

func (c scalarCodec) get(dst reflect.Value, v Value) error {
	if !c.read(dst, v) {
		return c.attr.wrong(fmt.Sprintf("the value does not fit into a Go %s", dst.Type()))
	}
	return nil
}

func (c scalarCodec) put(src reflect.Value, _ Value) (Value, error) {
	text, err := c.text(src)
	if err != nil {
		return Value{}, c.attr.wrong(err.Error())
	}
	v, ok := ParseValue(c.attr.kind, text)
	if !ok {
		return Value{}, c.attr.wrong(fmt.Sprintf("the Go value is not a %s", c.attr.kind))
	}
	return v, nil
}

func (a *attr) wrong(detail string) error {
	return &PathError{Path: a.canonical, Offset: -1, Err: ErrValue, Detail: detail}
}

// newScalarCodec returns the codec between a and the Go type t, or nil if t
// cannot hold values of a.
func newScalarCodec(a *attr, t reflect.Type) codec {
	own := typeOf(t)
	switch {
	case own == "" || own == TypeComplex || a.kind == KindComplex:
		return nil
	case isText(t) && t != timeType:
		return scalarCodec{a, readText, marshalText}
	case own == TypeString:
		return scalarCodec{a, readString, formatString}
	case kinds[own] == a.kind:
		c := scalars[a.kind]
		c.attr = a
		return c
	default:
		return nil
	}
}

// scalars holds the codecs of Go types that have a data type of their own. A
// Go type only gets here with the kind that typeOf gives it.
var scalars = map[Kind]scalarCodec{
	KindBoolean:  {read: readBool, text: formatBool},
	KindInteger:  {read: readInteger, text: formatInteger},
	KindDecimal:  {read: readDecimal, text: formatDecimal},
	KindDateTime: {read: readTime, text: formatTime},
	KindBinary:   {read: readBytes, text: formatBytes},
}

func readText(dst reflect.Value, v Value) bool {
	return dst.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(v.Text())) == nil
}

func marshalText(src reflect.Value) (string, error) {
	p := reflect.New(src.Type()) // the method may have a pointer receiver
	p.Elem().Set(src)
	text, err := p.Interface().(encoding.TextMarshaler).MarshalText()
	return string(text), err
}

func readString(dst reflect.Value, v Value) bool {
	dst.SetString(v.Text())
	return true
}

func formatString(src reflect.Value) (string, error) { return src.String(), nil }

func readBool(dst reflect.Value, v Value) bool {
	dst.SetBool(v.Bool())
	return true
}

func formatBool(src reflect.Value) (string, error) { return strconv.FormatBool(src.Bool()), nil }

func readInteger(dst reflect.Value, v Value) bool {
	if dst.CanInt() {
		n, err := strconv.ParseInt(v.Text(), 10, 64)
		if err != nil || dst.OverflowInt(n) {
			return false
		}
		dst.SetInt(n)
		return true
	}
	n, err := strconv.ParseUint(v.Text(), 10, 64)
	if err != nil || dst.OverflowUint(n) {
		return false
	}
	dst.SetUint(n)
	return true
}

func formatInteger(src reflect.Value) (string, error) {
	if src.CanInt() {
		return strconv.FormatInt(src.Int(), 10), nil
	}
	return strconv.FormatUint(src.Uint(), 10), nil
}

func readDecimal(dst reflect.Value, v Value) bool {
	f, err := strconv.ParseFloat(v.Text(), dst.Type().Bits())
	dst.SetFloat(f)
	return err == nil
}

func formatDecimal(src reflect.Value) (string, error) {
	f := src.Float()
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "", fmt.Errorf("%v is not a decimal", f)
	}
	return strconv.FormatFloat(f, 'f', -1, src.Type().Bits()), nil
}

func readTime(dst reflect.Value, v Value) bool {
	t, ok := v.Time()
	dst.Set(reflect.ValueOf(t))
	return ok
}

func formatTime(src reflect.Value) (string, error) {
	return src.Interface().(time.Time).Format(time.RFC3339Nano), nil
}

func readBytes(dst reflect.Value, v Value) bool {
	dst.SetBytes(v.Bytes())
	return true
}

func formatBytes(src reflect.Value) (string, error) { return Binary(src.Bytes()).Text(), nil }
