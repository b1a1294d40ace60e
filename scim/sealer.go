package scim

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
)

// newAEAD returns AES-256-GCM with a key for one purpose; each purpose has
// a key of its own, which follows from the given one.
func newAEAD(key []byte, purpose string) (cipher.AEAD, error) {
	sum := sha256.Sum256(append([]byte(purpose), key...))
	block, err := aes.NewCipher(sum[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// sealer seals with one key and opens with several.
type sealer []cipher.AEAD

func newSealer(purpose string, keys ...[]byte) (s sealer, err error) {
	for _, key := range keys {
		aead, err := newAEAD(key, purpose)
		if err != nil {
			return nil, err
		}
		s = append(s, aead)
	}
	return s, nil
}

// seal encrypts and authenticates; bound is authenticated only.
func (s sealer) seal(plain, bound []byte) []byte { return s[0].Seal(nil, nil, plain, bound) }

// open returns false for what was not sealed with one of the keys and bound.
func (s sealer) open(sealed, bound []byte) ([]byte, bool) {
	for _, aead := range s {
		if plain, err := aead.Open(nil, nil, sealed, bound); err == nil {
			return plain, true
		}
	}
	return nil, false
}
