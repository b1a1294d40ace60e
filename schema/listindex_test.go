package schema

import (
	"fmt"
	"hash/maphash"
	"strconv"
	"testing"
)

// TestIndexOfElementAgain looks up each key several times: the first look-up
// searches, the second builds an index, and both have to find what ElementKey
// says.
func TestIndexOfElementAgain(t *testing.T) {
	typ := Definition{Name: "T", Endpoint: "/T", Schema: &Schema{ID: "urn:example:t", Attributes: []Attribute{
		{Name: "exact", MultiValued: true, CaseExact: true}, {Name: "folded", MultiValued: true}, {Name: "numbers", MultiValued: true, Type: TypeDecimal},
		{Name: "links", MultiValued: true, Type: TypeComplex, SubAttributes: []Attribute{{Name: "type"}, {Name: "value"}}},
	}}}.MustCompile()
	texts := []string{"", "a", "A", "aB", "ab", "abc", "Straße", "STRASSE", "straẞe", "ß", "İ", "i", "ı", "I", "\u212a", "k", "e\u0301", "é", "É", "x\u00c5y", "X\u212bY", "Σ", "ς"}
	for range chunkSize {
		texts = append(texts, fmt.Sprintf("Filler %d", len(texts)))
	}
	for _, name := range []string{"exact", "folded", "links"} {
		p := typ.MustPath(name)
		elements := make([]Value, len(texts))
		for i, text := range texts {
			elements[i] = String(text)
			if p.Kind() == KindComplex {
				value, _ := p.Sub("value")
				elements[i] = Complex(Field{value, elements[i]})
			}
		}
		list := List(elements...)
		for i, e := range elements {
			key := p.ElementKey(e)
			want := -1
			for j := range elements {
				if key != "" && p.ElementKey(elements[j]) == key {
					want = j
					break
				}
			}
			fresh := List(elements...)
			if first, second, later := fresh.IndexOfElement(p, key), fresh.IndexOfElement(p, key), list.IndexOfElement(p, key); first != want || second != want || later != want {
				t.Errorf("%s[%d] %q: found at %d, %d and %d, not at %d", name, i, key, first, second, later, want)
			}
		}
	}
	numbers := typ.MustPath("numbers")
	n := List(Int(1), Decimal(2.5))
	if at := n.IndexOfElement(numbers, numbers.FoldValue(Decimal(2.5))); at != 1 {
		t.Errorf("numbers: %d", at)
	}
	if at := String("a").IndexOfElement(numbers, "a"); at != -1 {
		t.Errorf("no list: %d", at)
	}
}

// TestIndexOfElementOfAnother: an index is for one attribute; another one that
// is compared in another way does not use it.
func TestIndexOfElementOfAnother(t *testing.T) {
	user := UserDefinition().MustCompile()
	folded, exact := user.MustPath("displayName"), user.MustPath("externalId")
	texts := []Value{String("ab"), String("AB")}
	for _, id := range ids(chunkSize) {
		texts = append(texts, String(id))
	}
	list := List(texts...)
	for range 3 {
		if a, b := list.IndexOfElement(exact, "AB"), list.IndexOfElement(folded, "ab"); a != 1 || b != 0 {
			t.Errorf("found at %d and %d", a, b)
		}
	}
	links := listsOf().MustPath("links")
	ref, _ := links.Sub("$ref")
	if at := List(Complex(Field{ref, Reference("a")})).IndexOfElement(links, "a"); at != -1 {
		t.Errorf("an element without a value: %d", at)
	}
}

// TestIndexOfElementAlike looks up a key whose hash is, as far as the index
// keeps it, that of an element.
func TestIndexOfElementAlike(t *testing.T) {
	p := UserDefinition().MustCompile().MustPath("displayName")
	var texts []Value
	for _, id := range ids(2 * chunkSize) {
		texts = append(texts, String(id))
	}
	list, seen := List(texts...), map[uint32]bool{}
	mask := uint64(len(newKeyTable(p, texts[:chunkSize]).slots) - 1)
	kept := func(key string) uint32 {
		hash := maphash.String(keySeed, key)
		return uint32(hash>>48)<<16 | uint32(hash&mask)
	}
	for _, e := range texts[:chunkSize] {
		seen[kept(e.Text())] = true
	}
	key := "x"
	for i := 0; !seen[kept(key)]; i++ {
		key = "x" + strconv.Itoa(i)
	}
	for range 3 {
		if at := list.IndexOfElement(p, key); at != -1 {
			t.Errorf("%q is found at %d", key, at)
		}
	}
}
