package schema

import (
	"bytes"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// locate sets the offset of each problem: where the value that its pointer
// names begins, or where it is missing the closest value around it. The text
// must be valid. Only documents with mistakes pay for this second pass, and it
// goes no deeper than the pointers.
func locate(data []byte, found problems) {
	if len(found) == 0 {
		return
	}
	l := locator{data: data, dec: documentDecoder(data), wanted: map[jsontext.Pointer]bool{}, offsets: map[jsontext.Pointer]int64{}}
	for _, p := range found {
		l.want(jsontext.Pointer(p.Pointer))
	}
	l.value("")
	for i, p := range found {
		found[i].Offset = l.closest(jsontext.Pointer(p.Pointer))
	}
}

// locator finds out where the values of a document begin.
type locator struct {
	data    []byte
	dec     *jsontext.Decoder
	wanted  map[jsontext.Pointer]bool
	offsets map[jsontext.Pointer]int64
}

// want asks for the value at p and those around it.
func (l *locator) want(p jsontext.Pointer) {
	l.wanted[p] = true
	if p != "" {
		l.want(p.Parent())
	}
}

func (l *locator) closest(p jsontext.Pointer) int64 {
	offset, ok := l.offsets[p]
	if !ok && p != "" {
		return l.closest(p.Parent())
	}
	return offset
}

// value reads the next value, which is at p.
func (l *locator) value(p jsontext.Pointer) {
	if !l.wanted[p] {
		_ = l.dec.SkipValue()
		return
	}
	between := " \t\r\n,:" // what the decoder read last and the value
	l.offsets[p] = int64(len(l.data) - len(bytes.TrimLeft(l.data[l.dec.InputOffset():], between)))
	switch l.dec.PeekKind() {
	case '{':
		l.token()
		for l.dec.PeekKind() == '"' {
			l.value(p.AppendToken(l.token()))
		}
		l.token()
	case '[':
		l.token()
		for i := 0; l.dec.PeekKind() != ']'; i++ {
			l.value(p.AppendToken(strconv.Itoa(i)))
		}
		l.token()
	default:
		_ = l.dec.SkipValue()
	}
}

// token reads a bracket or a name, which it returns.
func (l *locator) token() string {
	token, _ := l.dec.ReadToken()
	return token.String()
}
