package reconcile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/muster-scim/muster/schema"
)

// maxRow bounds the memory that one row can take.
const maxRow = 16 << 20

// FromJSONLines reads one SCIM resource per line. Empty lines are passed over.
func FromJSONLines(r io.Reader, t *schema.ResourceType) Rows {
	return func(yield func(Row, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(make([]byte, 0, 64<<10), maxRow)
		for n := 1; lines.Scan(); n++ {
			data := bytes.TrimSpace(lines.Bytes())
			if len(data) == 0 {
				continue
			}
			resource, _, err := t.Decode(data, &schema.DecodeOptions{Unknown: schema.RejectUnknown, KeepReadOnly: true})
			if err != nil {
				err = &RowError{n, err}
			}
			if !yield(Row{Line: n, Resource: resource}, err) {
				return
			}
		}
		err := lines.Err()
		if errors.Is(err, bufio.ErrTooLong) {
			err = fmt.Errorf("reconcile: a row is longer than %d bytes", maxRow)
		}
		if err != nil {
			yield(Row{}, err)
		}
	}
}
