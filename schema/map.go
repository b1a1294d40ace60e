package schema

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Map returns r as JSON would be read into a map[string]any: objects are maps,
// lists are []any, and strings, references, dateTimes and binary data are
// strings. Numbers are json.Number, so that none loses digits. Everything that
// is stored is there under its canonical name, also what no response may hold,
// and "schemas". Preserved unknown members are included. The map is the
// caller's.
func (r *Resource) Map() map[string]any {
	out := mapRecord(r.typ.root, r.fields)
	uris := make([]any, 0, 1+len(r.typ.byURN))
	for uri := range r.Schemas() {
		uris = append(uris, uri)
	}
	out["schemas"] = uris
	return out
}

func mapRecord(a *attr, record []Value) map[string]any {
	out := make(map[string]any, len(record)+1)
	for _, f := range record {
		if f.kind == KindRaw {
			// It was JSON when it was read.
			_ = json.Unmarshal([]byte("{"+f.Text()+"}"), &out)
			continue
		}
		sub := a.subs[f.attr]
		out[sub.def.Name] = mapValue(sub, f)
	}
	return out
}

func mapValue(a *attr, v Value) any {
	switch v.kind {
	case KindComplex:
		return mapRecord(a, v.children())
	case KindList:
		list := make([]any, 0, v.Len())
		for _, e := range v.All() {
			list = append(list, mapValue(a, e))
		}
		return list
	case KindBoolean:
		return v.Bool()
	case KindInteger, KindDecimal:
		return json.Number(v.Text())
	default:
		return v.Text()
	}
}

// FromMap reads a resource from a map, under the same rules and with the same
// errors as Decode. Besides what Map returns, values may be of any type that
// encodes to JSON; []byte becomes binary data and time.Time a dateTime.
func (t *ResourceType) FromMap(m map[string]any, o *DecodeOptions) (*Resource, *Report, error) {
	var w mapWriter
	if err := w.write(m); err != nil {
		return nil, &Report{}, &ValidationError{[]*PathError{{Offset: -1, Err: ErrValue, Detail: err.Error()}}}
	}
	return t.Decode(w.out, o)
}

// mapWriter writes Go values as JSON. The types that maps of attributes usually
// hold are written here, so that invalid UTF-8 is an error and not replaced.
type mapWriter struct {
	out   []byte
	depth int
}

// maxMapDepth is deeper than what any decoder is asked to read, and finite for
// maps that contain themselves.
const maxMapDepth = 1000

func (w *mapWriter) write(v any) (err error) {
	switch v := v.(type) {
	case nil:
		w.out = append(w.out, "null"...)
	case string:
		w.out, err = jsontext.AppendQuote(w.out, v)
	case bool:
		w.out = strconv.AppendBool(w.out, v)
	case int:
		w.out = strconv.AppendInt(w.out, int64(v), 10)
	case int64:
		w.out = strconv.AppendInt(w.out, v, 10)
	case json.Number:
		return w.number(v)
	case time.Time:
		return w.write(v.Format(time.RFC3339Nano))
	case []byte:
		return w.write(base64.StdEncoding.EncodeToString(v))
	case []any:
		return writeSlice(w, v)
	case []string:
		return writeSlice(w, v)
	case []map[string]any:
		return writeSlice(w, v)
	case map[string]any:
		return w.object(v)
	default:
		return w.other(v)
	}
	return err
}

func (w *mapWriter) number(n json.Number) error {
	if !isDecimal(n.String()) {
		return fmt.Errorf("%q is not a number", n)
	}
	w.out = append(w.out, n...)
	return nil
}

func (w *mapWriter) other(v any) error {
	data, err := json.Marshal(v)
	w.out = append(w.out, data...)
	return err
}

func (w *mapWriter) open(c byte) error {
	if w.depth++; w.depth > maxMapDepth {
		return fmt.Errorf("is nested deeper than %d levels", maxMapDepth)
	}
	w.out = append(w.out, c)
	return nil
}

func (w *mapWriter) close(c byte) {
	w.depth--
	w.out = append(w.out, c)
}

func writeSlice[E any](w *mapWriter, list []E) error {
	if err := w.open('['); err != nil {
		return err
	}
	for i, e := range list {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		if err := w.write(e); err != nil {
			return err
		}
	}
	w.close(']')
	return nil
}

func (w *mapWriter) object(m map[string]any) error {
	if err := w.open('{'); err != nil {
		return err
	}
	for i, name := range slices.Sorted(maps.Keys(m)) {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		if err := w.write(name); err != nil {
			return err
		}
		w.out = append(w.out, ':')
		if err := w.write(m[name]); err != nil {
			return err
		}
	}
	w.close('}')
	return nil
}
