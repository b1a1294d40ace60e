package schema

// nameTable finds attributes by name in any letter case without allocating.
// It is an open-addressing hash table that is filled once.
type nameTable struct {
	slots []nameSlot // length is a power of two, or zero
}

// nameSlot has the name beside the attribute, because a lookup reads little
// else.
type nameSlot struct {
	name string
	attr *attr // nil in an empty slot
}

func newNameTable(attrs []*attr) nameTable {
	if len(attrs) == 0 {
		return nameTable{}
	}
	size := 2
	for size < 2*len(attrs) {
		size *= 2
	}
	t := nameTable{slots: make([]nameSlot, size)}
	for _, a := range attrs {
		i := foldHash(a.def.Name) & (size - 1)
		for t.slots[i].attr != nil {
			i = (i + 1) & (size - 1)
		}
		t.slots[i] = nameSlot{a.def.Name, a}
	}
	return t
}

func (t nameTable) find(name string) *attr { return lookup(t, name) }

func (t nameTable) findBytes(name []byte) *attr { return lookup(t, name) }

func lookup[S ~string | ~[]byte](t nameTable, name S) *attr {
	if len(t.slots) == 0 {
		return nil
	}
	mask := len(t.slots) - 1
	for i := foldHash(name) & mask; ; i = (i + 1) & mask {
		slot := &t.slots[i]
		if slot.attr == nil || len(slot.name) == len(name) && equalFoldASCII(slot.name, name) {
			return slot.attr
		}
	}
}

// foldHash mixes the length with up to sixteen bytes, the first and the last
// eight, in which bit 5 is set so that letter case has no effect. Names come
// from the schema's author, so nobody can aim at collisions with the stored
// keys.
func foldHash[S ~string | ~[]byte](name S) int {
	const prime = 0x9e3779b97f4a7c15
	h := uint64(len(name)) * prime
	if len(name) < 8 {
		for i := range len(name) {
			h = (h ^ uint64(name[i]|0x20)) * prime
		}
	} else {
		h = (h ^ foldWord(name[:8])) * prime
		h = (h ^ foldWord(name[len(name)-8:])) * prime
	}
	return int(h >> 33)
}

// foldWord reads eight bytes.
func foldWord[S ~string | ~[]byte](b S) uint64 {
	_ = b[7]
	word := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
	return word | 0x2020202020202020
}

func equalFoldASCII[A, B ~string | ~[]byte](a A, b B) bool {
	if len(a) != len(b) {
		return false
	}
	if string(a) == string(b) {
		return true
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
