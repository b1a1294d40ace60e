package audit

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"

	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
)

// Writer appends records to a log. It is safe for concurrent use. Two Writers
// of one log at a time break the chain.
type Writer struct {
	mu   sync.Mutex
	out  io.Writer
	key  []byte
	head Head
	err  error // of a write that may have left a part of a line
}

// NewWriter returns a Writer that continues a log after head; the zero Head
// starts one. If out has a method Sync, as files do, it is called after each
// record.
func NewWriter(out io.Writer, key []byte, head Head) *Writer {
	return &Writer{out: out, key: key, head: head}
}

// Open continues the log in a file, or starts it. The file is verified first;
// a last line that was not written to its end, because of a crash, is removed:
// its record will be delivered again. Any other fault is a *BrokenError.
func Open(path string, key []byte) (*Writer, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	head, good, err := verify(f, key)
	if broken := (*BrokenError)(nil); errors.As(err, &broken) && broken.torn {
		err = f.Truncate(good)
	}
	if err == nil {
		_, err = f.Seek(good, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return NewWriter(f, key, head), nil
}

// Deliver writes a journal entry that holds an event, unless it was written
// already. Other entries are passed over. It has the form of
// outbox.Consumer.Deliver.
func (w *Writer) Deliver(_ context.Context, e store.Entry) error {
	if e.Kind != scim.JournalKind {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if e.Seq <= w.head.Entry {
		return w.err
	}
	return w.write(e.Seq, e.Data)
}

// Append writes a record that comes from no journal, for services without one.
func (w *Writer) Append(r *scim.Record) error {
	data, err := r.MarshalJSON()
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.write(w.head.Entry, data)
}

// write appends one line. After a failure the log may end with a part of a
// line, so nothing more is written; Open puts it right.
func (w *Writer) write(entry uint64, record []byte) error {
	if w.err != nil {
		return w.err
	}
	data, head, err := next(w.key, w.head, entry, record)
	if err != nil {
		return err
	}
	if _, w.err = w.out.Write(data); w.err != nil {
		return w.err
	}
	if s, ok := w.out.(interface{ Sync() error }); ok {
		if w.err = s.Sync(); w.err != nil {
			return w.err
		}
	}
	w.head = head
	return nil
}

// Head returns the end of the chain, to be kept where nobody who can write the
// log can change it.
func (w *Writer) Head() Head {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.head
}

// Close closes the log if it can be closed. The Writer must not be used again.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		w.err = os.ErrClosed
	}
	if c, ok := w.out.(io.Closer); ok {
		return c.Close()
	}
	return nil
}
