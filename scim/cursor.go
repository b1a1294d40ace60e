package scim

import (
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// A cursor is a position of the store, sealed: encrypted and authenticated
// with AES-256-GCM, and bound to the tenant, the actor and the query that it
// continues, so that it is worthless anywhere else (RFC 9865 §5.2). It carries
// its expiry and the page size of the first request. Only unreserved
// characters of RFC 3986 are used.
type cursor struct {
	position string // of the store
	count    int    // page size of the first page
}

// cursorSealer seals and opens cursors. It is safe for concurrent use.
type cursorSealer struct {
	aead    cipher.AEAD
	timeout time.Duration
	now     func() time.Time
}

// newCursorSealer makes a sealer; an empty key stands for a random one, whose
// cursors die with the process.
func newCursorSealer(key []byte, timeout time.Duration, now func() time.Time) (*cursorSealer, error) {
	if len(key) == 0 {
		key = make([]byte, 32)
		_, _ = rand.Read(key) // never fails, see crypto/rand
	}
	aead, err := newAEAD(key, "")
	if err != nil {
		return nil, err
	}
	return &cursorSealer{aead: aead, timeout: timeout, now: now}, nil
}

// seal returns the text of c, valid for the query that bound describes.
func (s *cursorSealer) seal(c cursor, bound []byte) string {
	plain := binary.AppendVarint(nil, s.now().Add(s.timeout).UnixMilli())
	plain = binary.AppendVarint(plain, int64(c.count))
	plain = append(plain, c.position...)
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, plain, bound))
}

// open reads a cursor back. Forged, truncated and foreign ones give the same
// error, so that nothing can be learned from it.
func (s *cursorSealer) open(text string, bound []byte) (cursor, error) {
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return cursor{}, errCursor()
	}
	plain, err := s.aead.Open(nil, nil, sealed, bound)
	if err != nil {
		return cursor{}, errCursor()
	}
	expiry, n := binary.Varint(plain)
	count, m := binary.Varint(plain[max(n, 0):])
	if n <= 0 || m <= 0 {
		return cursor{}, errCursor()
	}
	if s.now().UnixMilli() > expiry {
		return cursor{}, badRequest(ExpiredCursor, "the cursor has expired; start again without one")
	}
	return cursor{position: string(plain[n+m:]), count: int(count)}, nil
}

func errCursor() *Error {
	return badRequest(InvalidCursor, "the cursor is not one that this query was given; start again without one")
}

// binding collects what a cursor is bound to. Each part is preceded by its
// length, so that no two lists of parts look alike.
type binding []byte

func (b *binding) add(parts ...string) {
	for _, part := range parts {
		*b = binary.AppendUvarint(*b, uint64(len(part)))
		*b = append(*b, part...)
	}
}
