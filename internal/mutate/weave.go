package main

import (
	"fmt"
	"go/token"
	"slices"
	"strings"
)

// span is a part of a source file.
type span struct{ from, to int }

// weaver puts switches around parts of a source file, which keeps its lines.
type weaver struct {
	source  []byte
	opens   map[int][]string // by offset, the outer ones first
	closes  map[int][]string // by offset, the outer ones first
	replace map[int]string
	skip    map[int]int // where a replacement ends
}

// weave returns source with a switch for each of its mutants, outer ones first.
func weave(source []byte, mutants []mutant) []byte {
	w := &weaver{source: source, opens: map[int][]string{}, closes: map[int][]string{}, replace: map[int]string{}, skip: map[int]int{}}
	for _, m := range mutants {
		m.edit(w, m.id)
	}
	return w.text()
}

func (w *weaver) around(s span, open, end string) {
	w.opens[s.from] = append(w.opens[s.from], open)
	w.closes[s.to] = append(w.closes[s.to], end)
}

// functions are the helpers that exchange operators whose operands are numbers
// or strings.
var functions = map[token.Token]string{
	token.LSS: "mutLess", token.LEQ: "mutLessEqual", token.GTR: "mutMore", token.GEQ: "mutMoreEqual",
	token.ADD: "mutAdd", token.SUB: "mutSub", token.OR: "mutOr", token.AND: "mutAnd",
}

// swap exchanges an operator.
func (w *weaver) swap(op token.Token, id int, x, symbol, y span) {
	whole := span{x.from, y.to}
	switch op {
	case token.EQL, token.NEQ:
		w.invert(id, whole)
	case token.LAND, token.LOR: // by De Morgan
		w.invert(id, whole)
		w.invert(id, span{x.from, symbol.from})
		w.invert(id, y)
	default:
		w.around(whole, fmt.Sprintf("%s(%d, ", functions[op], id), ")")
		w.replace[symbol.from], w.skip[symbol.from] = ",", symbol.to
	}
}

func (w *weaver) invert(id int, s span) {
	w.around(s, "((", fmt.Sprintf(") != mutOn(%d))", id))
}

func (w *weaver) leaveOut(id int, s span) {
	w.around(s, fmt.Sprintf("if !mutOn(%d) { ", id), " }")
}

func (w *weaver) text() []byte {
	var out strings.Builder
	for i := 0; i <= len(w.source); i++ {
		for _, text := range slices.Backward(w.closes[i]) {
			out.WriteString(text)
		}
		for _, text := range w.opens[i] {
			out.WriteString(text)
		}
		if text, ok := w.replace[i]; ok {
			out.WriteString(text)
			i = w.skip[i] - 1
		} else if i < len(w.source) {
			out.WriteByte(w.source[i])
		}
	}
	return []byte(out.String())
}

// switches is the file that is added to the package.
const switches = `
import (
	"cmp"
	"os"
	"strconv"
)

var (
	mutActive, _ = strconv.Atoi(os.Getenv("MUTANT"))
	mutReached   = mutOpen(os.Getenv("MUTANTS_REACHED"))
	mutKnown     [1 << 16]bool
)

func mutOpen(name string) *os.File {
	if name == "" {
		return nil
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		panic(err)
	}
	return f
}

func mutOn(id int) bool {
	if mutReached != nil {
		mutReach(id)
	}
	return id == mutActive
}

func mutReach(id int) {
	if !mutKnown[id] {
		mutKnown[id] = true
		mutReached.WriteString(strconv.Itoa(id) + "\n")
	}
}

type mutNumber interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr | ~float32 | ~float64
}

type mutBits interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

func mutLess[T cmp.Ordered](id int, x, y T) bool      { return x < y || x == y && mutOn(id) }
func mutLessEqual[T cmp.Ordered](id int, x, y T) bool { return x < y || x == y && !mutOn(id) }
func mutMore[T cmp.Ordered](id int, x, y T) bool      { return x > y || x == y && mutOn(id) }
func mutMoreEqual[T cmp.Ordered](id int, x, y T) bool { return x > y || x == y && !mutOn(id) }

func mutInt(id, n int) int {
	if mutOn(id) {
		return n + 1
	}
	return n
}

func mutAdd[T mutNumber](id int, x, y T) T {
	if mutOn(id) {
		return x - y
	}
	return x + y
}

func mutSub[T mutNumber](id int, x, y T) T {
	if mutOn(id) {
		return x + y
	}
	return x - y
}

func mutOr[T mutBits](id int, x, y T) T {
	if mutOn(id) {
		return x & y
	}
	return x | y
}

func mutAnd[T mutBits](id int, x, y T) T {
	if mutOn(id) {
		return x | y
	}
	return x & y
}
`
