package schema

// block is a resource and its values in one piece of memory, so that who comes
// to one has come to the other.
type block[V any] struct {
	Resource
	values V
}

// blockOf returns what allocates blocks with an array of type V.
func blockOf[V any](all func(*V) []Value) func() (*Resource, []Value) {
	return func() (*Resource, []Value) {
		b := new(block[V])
		return &b.Resource, all(&b.values)
	}
}

// blocks are for so many values. The lengths fill the sizes in which Go
// allocates memory on 64 bits; what has more values is two pieces.
var blocks = []struct {
	values int
	make   func() (*Resource, []Value)
}{
	{6, blockOf(func(v *[6]Value) []Value { return v[:] })},
	{10, blockOf(func(v *[10]Value) []Value { return v[:] })},
	{14, blockOf(func(v *[14]Value) []Value { return v[:] })},
	{18, blockOf(func(v *[18]Value) []Value { return v[:] })},
	{22, blockOf(func(v *[22]Value) []Value { return v[:] })},
	{26, blockOf(func(v *[26]Value) []Value { return v[:] })},
	{30, blockOf(func(v *[30]Value) []Value { return v[:] })},
	{33, blockOf(func(v *[33]Value) []Value { return v[:] })},
	{37, blockOf(func(v *[37]Value) []Value { return v[:] })},
	{41, blockOf(func(v *[41]Value) []Value { return v[:] })},
	{45, blockOf(func(v *[45]Value) []Value { return v[:] })},
	{53, blockOf(func(v *[53]Value) []Value { return v[:] })},
	{61, blockOf(func(v *[61]Value) []Value { return v[:] })},
	{69, blockOf(func(v *[69]Value) []Value { return v[:] })},
	{77, blockOf(func(v *[77]Value) []Value { return v[:] })},
	{93, blockOf(func(v *[93]Value) []Value { return v[:] })},
	{109, blockOf(func(v *[109]Value) []Value { return v[:] })},
	{141, blockOf(func(v *[141]Value) []Value { return v[:] })},
}

// newBlock returns a resource and room for values.
func newBlock(values int) (*Resource, []Value) {
	for i := range blocks {
		if b := &blocks[i]; values <= b.values {
			return b.make()
		}
	}
	return new(Resource), make([]Value, values)
}
