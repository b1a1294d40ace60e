package cow

import (
	"hash/maphash"
	"slices"
)

const (
	indexBits   = 5
	indexFan    = 1 << indexBits
	indexLevels = 32 / indexBits
	indexLeafs  = 62 // entries of a leaf, which then takes 512 bytes
	indexFew    = 16 // entries that need no leaf
)

var seed = maphash.MakeSeed()

// Hash returns the hash of a text for an Index.
func Hash(text string) uint32 { return uint32(maphash.String(seed, text) >> 32) }

// HashNumber returns the hash of a number for an Index. Different numbers have
// different hashes.
func HashNumber(n uint32) uint32 {
	n ^= n >> 16
	n *= 0x85ebca6b
	n ^= n >> 13
	n *= 0xc2b2ae35
	return n ^ n>>16
}

// Index finds numbers by a hash. It holds no keys: who looks something up
// checks whether a number with the right hash is the one. The zero Index is
// empty.
//
// It is a trie over the bits of the hash. A leaf has room for many entries and
// is divided in two when it is full, so neighbouring kids of a branch may be one
// leaf. There are no pointers in a leaf, and its entries are in the order of
// their hashes, so a lookup fetches one or two lines of it.
type Index struct {
	root indexKid
	size int
	rest []uint64 // entries as long as they are few, and those for which the trie is too shallow
}

// indexKid is a branch or a leaf, or nothing in an empty Index.
type indexKid struct {
	branch *indexBranch
	leaf   *indexLeaf
}

type indexBranch struct {
	edit Edit
	kids [indexFan]indexKid
}

// indexLeaf holds entries whose hashes have their first bits in common.
type indexLeaf struct {
	edit    Edit
	prefix  uint32 // these bits, followed by zeros
	bits    uint8  // their number
	len     uint8
	entries [indexLeafs]uint64
}

func entryOf(hash, number uint32) uint64 { return uint64(hash)<<32 | uint64(number) }
func hashOf(entry uint64) uint32         { return uint32(entry >> 32) }

// kidAt picks the kid of a branch; the first level takes the first bits.
func kidAt(hash uint32, level int) int {
	return int(hash>>(32-indexBits*(level+1))) & (indexFan - 1)
}

// Len returns the number of entries.
func (x *Index) Len() int { return x.size }

// Find returns a number with the given hash for which is returns true.
func (x *Index) Find(hash uint32, is func(number uint32) bool) (number uint32, ok bool) {
	kid := x.root
	for level := 0; kid.branch != nil; level++ {
		kid = kid.branch.kids[kidAt(hash, level)]
	}
	if leaf := kid.leaf; leaf != nil {
		for i := leaf.search(entryOf(hash, 0)); i < int(leaf.len) && hashOf(leaf.entries[i]) == hash; i++ {
			if number = uint32(leaf.entries[i]); is(number) {
				return number, true
			}
		}
	}
	for _, entry := range x.rest {
		if number = uint32(entry); hashOf(entry) == hash && is(number) {
			return number, true
		}
	}
	return 0, false
}

// Add adds a number. It must not be there with this hash.
func (x *Index) Add(e Edit, hash, number uint32) {
	x.size++
	entry := entryOf(hash, number)
	if x.root == (indexKid{}) {
		if len(x.rest) < indexFew {
			x.rest = append(slices.Clip(x.rest), entry)
			return
		}
		few := x.rest
		x.rest = nil
		for _, entry := range few {
			x.insert(e, entry)
		}
	}
	x.insert(e, entry)
}

func (x *Index) insert(e Edit, entry uint64) {
	if !x.root.add(e, 0, entry) {
		x.rest = append(slices.Clip(x.rest), entry)
	}
}

// Remove removes a number. It must be there with this hash.
func (x *Index) Remove(e Edit, hash, number uint32) {
	entry := entryOf(hash, number)
	x.size--
	if i := slices.Index(x.rest, entry); i >= 0 {
		x.rest = slices.Delete(slices.Clone(x.rest), i, i+1)
		return
	}
	x.root.remove(e, 0, entry)
}

// add adds an entry in a place that is no other's. It reports false if there
// is no room.
func (k *indexKid) add(e Edit, level int, entry uint64) bool {
	if k.branch == nil {
		if k.leaf == nil {
			k.leaf = &indexLeaf{edit: e}
		}
		if k.leaf.len < indexLeafs {
			k.leaf = k.leaf.own(e)
			k.leaf.insert(entry)
			return true
		}
		if level == indexLevels {
			return false
		}
		branch := &indexBranch{edit: e}
		for i := range branch.kids {
			branch.kids[i] = *k
		}
		*k = indexKid{branch: branch}
	}
	k.branch = k.branch.own(e)
	return k.branch.add(e, level, entry)
}

func (b *indexBranch) add(e Edit, level int, entry uint64) bool {
	for {
		kid := &b.kids[kidAt(hashOf(entry), level)]
		if kid.isOwnAt(level) {
			return kid.add(e, level+1, entry)
		}
		if kid.leaf.len < indexLeafs {
			leaf := kid.leaf.own(e)
			leaf.insert(entry)
			b.put(level, leaf)
			return true
		}
		low, high := kid.leaf.divide(e)
		b.put(level, low)
		b.put(level, high)
	}
}

// isOwnAt reports whether what is in a kid of a branch is in no other kid.
func (k *indexKid) isOwnAt(level int) bool {
	return k.branch != nil || int(k.leaf.bits) == indexBits*(level+1)
}

// put makes a leaf the kid for all hashes that begin with its bits.
func (b *indexBranch) put(level int, leaf *indexLeaf) {
	span := 1 << (indexBits*(level+1) - int(leaf.bits))
	from := kidAt(leaf.prefix, level)
	for i := range span {
		b.kids[from+i] = indexKid{leaf: leaf}
	}
}

// remove removes an entry in a place that is no other's.
func (k *indexKid) remove(e Edit, level int, entry uint64) {
	if k.branch == nil {
		k.leaf = k.leaf.own(e)
		k.leaf.remove(entry)
		return
	}
	k.branch = k.branch.own(e)
	k.branch.remove(e, level, entry)
	if leaf := k.branch.kids[0].leaf; leaf != nil && int(leaf.bits) == indexBits*level {
		*k = indexKid{leaf: leaf} // it is in all kids of the branch
	}
}

func (b *indexBranch) remove(e Edit, level int, entry uint64) {
	at := kidAt(hashOf(entry), level)
	if kid := &b.kids[at]; kid.isOwnAt(level) {
		kid.remove(e, level+1, entry)
	} else {
		leaf := kid.leaf.own(e)
		leaf.remove(entry)
		b.put(level, leaf)
	}
	b.join(e, level, at)
}

// join makes one leaf of the one at a kid and its neighbour, as long as that
// leaves room for as many entries again.
func (b *indexBranch) join(e Edit, level, at int) {
	for {
		leaf := b.kids[at].leaf
		if leaf == nil || int(leaf.bits) == indexBits*level {
			return
		}
		span := 1 << (indexBits*(level+1) - int(leaf.bits))
		other := b.kids[at^span].leaf
		if other == nil || other.bits != leaf.bits || leaf.len+other.len > indexLeafs/2 {
			return
		}
		if at&span != 0 {
			leaf, other = other, leaf
		}
		joined := &indexLeaf{edit: e, prefix: leaf.prefix, bits: leaf.bits - 1, len: leaf.len + other.len}
		copy(joined.entries[copy(joined.entries[:], leaf.list()):], other.list())
		b.put(level, joined)
	}
}

func (b *indexBranch) own(e Edit) *indexBranch {
	if b.edit == e {
		return b
	}
	own := *b
	own.edit = e
	return &own
}
