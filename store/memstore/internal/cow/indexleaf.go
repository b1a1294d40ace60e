package cow

import "slices"

// list returns the entries.
func (l *indexLeaf) list() []uint64 { return l.entries[:l.len] }

// search returns the position of the first entry that is not less than one.
// Hashes are spread evenly, so it is near where it can be expected.
func (l *indexLeaf) search(entry uint64) int {
	list := l.list()
	i := int(uint64(hashOf(entry)<<l.bits) * uint64(len(list)) >> 32)
	for i > 0 && list[i-1] >= entry {
		i--
	}
	for i < len(list) && list[i] < entry {
		i++
	}
	return i
}

func (l *indexLeaf) insert(entry uint64) {
	i := l.search(entry)
	copy(l.entries[i+1:], l.entries[i:l.len])
	l.entries[i] = entry
	l.len++
}

func (l *indexLeaf) remove(entry uint64) {
	if i := l.search(entry); i < int(l.len) && l.entries[i] == entry {
		copy(l.entries[i:], l.entries[i+1:l.len])
		l.len--
	}
}

// divide returns two leaves with the entries by the next bit of their hashes.
func (l *indexLeaf) divide(e Edit) (low, high *indexLeaf) {
	bit := uint32(1) << (31 - l.bits)
	at, _ := slices.BinarySearch(l.list(), entryOf(l.prefix|bit, 0))
	low = &indexLeaf{edit: e, prefix: l.prefix, bits: l.bits + 1, len: uint8(at)}
	high = &indexLeaf{edit: e, prefix: l.prefix | bit, bits: l.bits + 1, len: l.len - uint8(at)}
	copy(low.entries[:], l.entries[:at])
	copy(high.entries[:], l.entries[at:l.len])
	return low, high
}

// own returns the leaf if it belongs to e, or else a copy that does.
func (l *indexLeaf) own(e Edit) *indexLeaf {
	if l.edit == e {
		return l
	}
	own := *l
	own.edit = e
	return &own
}
