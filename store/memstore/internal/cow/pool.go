package cow

// Pool keeps values under numbers, and gives the number of a removed value to a
// later one. The zero Pool is empty.
type Pool[V any] struct {
	values Vector[V]
	free   *freeNumber
}

type freeNumber struct {
	number uint32
	next   *freeNumber
}

// Empty reports whether there never was a value.
func (p *Pool[V]) Empty() bool { return p.values.Len() == 0 }

// Get returns the value with a number that Add returned.
func (p *Pool[V]) Get(number uint32) V { return p.values.Get(number) }

// Add keeps a value and returns its number.
func (p *Pool[V]) Add(e Edit, value V) (number uint32) {
	if p.free == nil {
		p.values.Append(e, value)
		return p.values.Len() - 1
	}
	number, p.free = p.free.number, p.free.next
	p.values.Set(e, number, value)
	return number
}

// Set changes the value with a number that Add returned.
func (p *Pool[V]) Set(e Edit, number uint32, value V) { p.values.Set(e, number, value) }

// Remove lets go of a value and its number.
func (p *Pool[V]) Remove(e Edit, number uint32) {
	var zero V
	p.values.Set(e, number, zero)
	p.free = &freeNumber{number, p.free}
}
