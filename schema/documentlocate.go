package schema

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxLocated is the depth below which no mistake is reported: what is deeper
// counts as part of the value around it.
const maxLocated = 16

func cutPointer(pointer string) string {
	for i, depth := 0, 0; i < len(pointer); i++ {
		if pointer[i] != '/' {
			continue
		}
		if depth++; depth > maxLocated {
			return pointer[:i]
		}
	}
	return pointer
}

// locate fills in the offset of the problems that have none: where the value
// that the pointer names begins, or where it is missing the closest value
// around it. Only documents with mistakes pay for this second pass.
func locate(data []byte, found problems) {
	offsets := map[string]int64{}
	for _, p := range found {
		if p.Offset < 0 {
			for pointer := p.Pointer; pointer != ""; pointer = around(pointer) {
				offsets[pointer] = -1
			}
		}
	}
	if len(found) > 0 {
		findOffsets(data, offsets)
	}
	for i := range found {
		if found[i].Offset < 0 {
			found[i].Offset = closest(offsets, found[i].Pointer)
		}
	}
}

// around returns the pointer to what contains the value at pointer.
func around(pointer string) string { return pointer[:max(strings.LastIndexByte(pointer, '/'), 0)] }

func closest(offsets map[string]int64, pointer string) int64 {
	for ; pointer != ""; pointer = around(pointer) {
		if at, ok := offsets[pointer]; ok && at >= 0 {
			return at
		}
	}
	return 0
}

// findOffsets sets the offsets of those pointers that it meets.
func findOffsets(data []byte, offsets map[string]int64) {
	dec := jsontext.NewDecoder(bytes.NewReader(data), jsontext.AllowDuplicateNames(true))
	for {
		length := 1 // of a delimiter
		kind := dec.PeekKind()
		isName := false
		if around, n := dec.StackIndex(dec.StackDepth()); around == '{' {
			isName = n%2 == 0
		}
		if kind == '{' || kind == '[' || kind == '}' || kind == ']' {
			if dec.StackDepth() > maxLocated && dec.SkipValue() == nil {
				continue
			}
			if _, err := dec.ReadToken(); err != nil {
				return
			}
		} else {
			v, err := dec.ReadValue()
			if err != nil {
				return
			}
			length = len(v)
		}
		if pointer := string(dec.StackPointer()); !isName && kind != '}' && kind != ']' {
			if at, wanted := offsets[pointer]; wanted && at < 0 {
				offsets[pointer] = dec.InputOffset() - int64(length)
			}
		}
	}
}
