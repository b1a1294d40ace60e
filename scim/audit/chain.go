package audit

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"strconv"
)

// Head is the end of a chain: whoever knows it can tell whether anything before
// it was changed.
type Head struct {
	N     uint64 // number of the last line; 0 is an empty chain
	Entry uint64 // journal entry of the last line
	Hash  string // of the last line, in hex
}

// line is the JSON of one record, apart from its own hash, which follows as the
// last member.
type line struct {
	N      uint64          `json:"n"`
	Entry  uint64          `json:"entry"`
	Prev   string          `json:"prev"`
	Record json.RawMessage `json:"record"`
}

// The bytes around the hash at the end of a line.
const (
	beforeHash = `,"hash":"`
	afterHash  = `"}`
	tailLength = len(beforeHash) + 2*sha256.Size + len(afterHash)
)

// sum hashes the bytes of a line before its hash.
func sum(key, data []byte) string {
	var h hash.Hash
	if len(key) > 0 {
		h = hmac.New(sha256.New, key)
	} else {
		h = sha256.New()
	}
	_, _ = h.Write(data) // never fails, see hash.Hash
	return hex.EncodeToString(h.Sum(nil))
}

// next makes the line that follows a head.
func next(key []byte, head Head, entry uint64, record []byte) ([]byte, Head, error) {
	l := line{N: head.N + 1, Entry: entry, Prev: head.Hash, Record: record}
	data, err := json.Marshal(l)
	if err != nil {
		return nil, head, err
	}
	data = data[:len(data)-1]
	hash := sum(key, data)
	data = append(append(append(data, beforeHash...), hash...), afterHash...)
	return append(data, '\n'), Head{N: l.N, Entry: entry, Hash: hash}, nil
}

// check compares a line, without its newline, with the head before it.
func check(key []byte, head Head, data []byte) (Head, string) {
	at := len(data) - tailLength
	if at < 0 || !bytes.HasPrefix(data[at:], []byte(beforeHash)) || !bytes.HasSuffix(data, []byte(afterHash)) {
		return head, "is not a line of this log"
	}
	hash := string(data[at+len(beforeHash) : len(data)-len(afterHash)])
	if !hmac.Equal([]byte(hash), []byte(sum(key, data[:at]))) {
		return head, "was changed, or the key is another one: its hash does not fit"
	}
	var l line
	if err := json.Unmarshal(data, &l); err != nil {
		return head, "is not JSON"
	}
	switch {
	case l.N != head.N+1:
		return head, "has number " + strconv.FormatUint(l.N, 10) + " after " + strconv.FormatUint(head.N, 10) + ": lines are missing, repeated or moved"
	case l.Prev != head.Hash:
		return head, "does not follow the line before it"
	}
	return Head{N: l.N, Entry: l.Entry, Hash: hash}, ""
}
