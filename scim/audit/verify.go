package audit

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// ErrTampered is what errors.Is finds in a BrokenError.
var ErrTampered = errors.New("audit log is not intact")

// BrokenError says where a chain is broken. It is an ErrTampered.
type BrokenError struct {
	Line   int    // in the file, from 1
	Detail string // what is wrong with it

	torn bool // it is the last one, and was not written to its end
}

// Error names the line.
func (e *BrokenError) Error() string { return fmt.Sprintf("line %d %s", e.Line, e.Detail) }

// Unwrap returns ErrTampered.
func (e *BrokenError) Unwrap() error { return ErrTampered }

// maxLine bounds the memory that a line can take.
const maxLine = 64 << 20

// Verify reads a log and returns its head. The error is a *BrokenError for the
// first line that does not belong there, the last one included if it was not
// written to its end, or that of r. An empty key is for a log without one.
func Verify(r io.Reader, key []byte) (Head, error) {
	head, _, err := verify(r, key)
	return head, err
}

// VerifyUpTo is Verify for somebody who knows an earlier head: it has to be in
// the log.
func VerifyUpTo(r io.Reader, key []byte, known Head) (Head, error) {
	found := known.N == 0
	head, _, err := walk(r, key, func(h Head) { found = found || h.N == known.N && h.Hash == known.Hash })
	if err == nil && !found {
		err = &BrokenError{Line: int(head.N), Detail: fmt.Sprintf("is the end, and line %d with the known hash is not there", known.N)}
	}
	return head, err
}

func verify(r io.Reader, key []byte) (Head, int64, error) {
	return walk(r, key, func(Head) {})
}

// walk checks line by line. It returns the last good head and the number of
// bytes up to there.
func walk(r io.Reader, key []byte, each func(Head)) (head Head, good int64, err error) {
	lines := bufio.NewReaderSize(r, 64<<10)
	for n := 1; ; n++ {
		data, err := readLine(lines)
		if err == io.EOF && len(data) == 0 {
			return head, good, nil
		}
		if err == io.EOF {
			return head, good, &BrokenError{Line: n, Detail: "was not written to its end", torn: true}
		}
		if err != nil {
			return head, good, err
		}
		var fault string
		if head, fault = check(key, head, bytes.TrimSuffix(data, []byte("\n"))); fault != "" {
			return head, good, &BrokenError{Line: n, Detail: fault}
		}
		good += int64(len(data))
		each(head)
	}
}

// readLine reads one line with its newline.
func readLine(r *bufio.Reader) (data []byte, err error) {
	for {
		part, err := r.ReadSlice('\n')
		data = append(data, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return data, err
		}
		if len(data) > maxLine {
			return nil, fmt.Errorf("audit: a line is longer than %d bytes", maxLine)
		}
	}
}
