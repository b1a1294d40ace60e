package scim

import "sync"

// shortMemory remembers something about each of a bounded number of keys, to
// spare work that it costs to find it out again: at some time it forgets
// everything and starts over. It is safe for concurrent use.
type shortMemory[K comparable, V any] struct {
	mu    sync.Mutex
	known map[K]V
}

// maxRemembered is the number of keys of a shortMemory.
const maxRemembered = 10_000

func (m *shortMemory[K, V]) find(k K) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.known[k]
	return v, ok
}

func (m *shortMemory[K, V]) note(k K, v V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil || len(m.known) >= maxRemembered {
		m.known = map[K]V{}
	}
	m.known[k] = v
}
