package scim

import (
	"crypto/rand"
	"encoding/hex"
)

// requestIDHeader carries the identifier of a request, both ways.
const requestIDHeader = "X-Request-Id"

const maxRequestID = 128

// requestID returns the client's identifier if it is one that is safe to log
// and to send back, and a new one otherwise.
func requestID(sent string) string {
	if sent != "" && len(sent) <= maxRequestID && printable(sent) {
		return sent
	}
	var random [12]byte
	_, _ = rand.Read(random[:]) // never fails, see crypto/rand
	return hex.EncodeToString(random[:])
}

// printable reports whether text is visible ASCII without quotes, commas and
// backslashes, so that it fits into any log and header.
func printable(text string) bool {
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c > '~' || c == '"' || c == '\\' || c == ',' {
			return false
		}
	}
	return true
}
