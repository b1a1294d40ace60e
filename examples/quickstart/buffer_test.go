package main

import (
	"bytes"
	"strings"
	"sync"
)

// lockedBuffer collects what the program prints. It is ready once the greeting
// is complete, or the program has ended.
type lockedBuffer struct {
	mu    sync.Mutex
	buf   bytes.Buffer
	once  sync.Once
	ready chan struct{}
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n, err := b.buf.Write(p)
	if strings.Contains(b.buf.String(), "interrupt to stop") {
		b.markReady()
	}
	return n, err
}

func (b *lockedBuffer) markReady() { b.once.Do(func() { close(b.ready) }) }

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
