package schema

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

// TestNameTable finds each name in any letter case, and nothing else, whether
// the table is empty, has one name or many.
func TestNameTable(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 4, 5, 8, 100} {
		attrs := make([]*attr, n)
		for i := range attrs {
			attrs[i] = &attr{def: &Attribute{Name: fmt.Sprintf("%sName%dZ", strings.Repeat("x", i%20), i)}}
		}
		table := newNameTable(attrs)
		for _, a := range attrs {
			name := a.def.Name
			for _, spelling := range []string{name, strings.ToUpper(name), strings.ToLower(name)} {
				if table.find(spelling) != a || table.findBytes([]byte(spelling)) != a {
					t.Errorf("%q is not found among %d", spelling, n)
				}
			}
			for _, other := range []string{"", name + "z", name[1:], "y" + name[1:], name[:len(name)-1] + "y"} {
				if found := table.find(other); found != nil && !strings.EqualFold(found.def.Name, other) {
					t.Errorf("%q finds %s", other, found.def.Name)
				}
			}
		}
		if table.find("nothing") != nil {
			t.Errorf("finds what is not among %d", n)
		}
	}
}

// TestFoldHash: letter case makes no difference, but the length does, and so does
// each of the first and last eight bytes.
func TestFoldHash(t *testing.T) {
	for n := range 40 {
		name := strings.Repeat("a", n)
		hash := foldHash(name)
		if foldHash(strings.ToUpper(name)) != hash || foldHash([]byte(name)) != hash {
			t.Errorf("%q is not hashed like its other spellings", name)
		}
		if foldHash(name+"a") == hash {
			t.Errorf("one more letter does not change the hash of %q", name)
		}
		for i := range n {
			if other := name[:i] + "b" + name[i+1:]; (i < 8 || i >= n-8) && foldHash(other) == hash {
				t.Errorf("%q has the hash of %q", other, name)
			}
		}
	}
	if got, want := foldWord("ABCDEFGH"), binary.LittleEndian.Uint64([]byte("abcdefgh")); got != want {
		t.Errorf("the word is %x, want %x", got, want)
	}
}

// TestEqualFoldASCII folds the letters of ASCII and nothing else.
func TestEqualFoldASCII(t *testing.T) {
	for c := range 256 {
		for d := range 256 {
			a, b := []byte{'x', byte(c)}, []byte{'X', byte(d)}
			want := c == d || c < 128 && d < 128 && strings.EqualFold(string(rune(c)), string(rune(d)))
			if got := equalFoldASCII(a, b); got != want {
				t.Errorf("%q and %q are equal: %v", a, b, got)
			}
		}
	}
	if equalFoldASCII("ab", "abc") || equalFoldASCII("abc", "ab") {
		t.Error("texts of different length are equal")
	}
}
