package schema

// nameTable finds attributes by name in any letter case without allocating.
// It is an open-addressing hash table that is filled once.
type nameTable struct {
	slots []*attr // length is a power of two, or zero
}

func newNameTable(attrs []*attr) nameTable {
	if len(attrs) == 0 {
		return nameTable{}
	}
	size := 2
	for size < 2*len(attrs) {
		size *= 2
	}
	t := nameTable{slots: make([]*attr, size)}
	for _, a := range attrs {
		i := foldHash(a.def.Name) & (size - 1)
		for t.slots[i] != nil {
			i = (i + 1) & (size - 1)
		}
		t.slots[i] = a
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
	for i := foldHash(name) & mask; t.slots[i] != nil; i = (i + 1) & mask {
		if equalFoldASCII(t.slots[i].def.Name, name) {
			return t.slots[i]
		}
	}
	return nil
}

// foldHash is FNV-1a over the name with ASCII letters lowered. Names come from
// the schema's author, so nobody can aim at collisions with the stored keys.
func foldHash[S ~string | ~[]byte](name S) int {
	h := uint32(2166136261)
	for i := range len(name) {
		h = (h ^ uint32(lower(name[i]))) * 16777619
	}
	return int(h >> 1)
}

func equalFoldASCII[A, B ~string | ~[]byte](a A, b B) bool {
	if len(a) != len(b) {
		return false
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
