package scim_test

import (
	"context"
	"encoding/json"
	"iter"
	"testing"

	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
)

// readCounter is a store whose journal counts the entries that are read from it.
type readCounter struct {
	store.Forward
	read *int
}

func (s readCounter) Journal() (store.Log, error) {
	log, err := s.Forward.Journal()
	return countedLog{log, s.read}, err
}

type countedLog struct {
	store.Log
	read *int
}

func (l countedLog) Read(ctx context.Context, after uint64) iter.Seq2[store.Entry, error] {
	return func(yield func(store.Entry, error) bool) {
		for e, err := range l.Log.Read(ctx, after) {
			*l.read++
			if !yield(e, err) {
				return
			}
		}
	}
}

// fill puts other entries into the journal.
func (s asyncService) fill(t testing.TB, n int) {
	t.Helper()
	log, err := store.Journal(s.store)
	if err != nil {
		t.Fatal(err)
	}
	entries := make([]store.Entry, n)
	for i := range entries {
		entries[i].Kind = "test.other"
	}
	if err := log.Append(t.Context(), entries...); err != nil {
		t.Fatal(err)
	}
}

// TestAsyncLooksAreBounded: while a result is not there, and behind much else
// when it is, one look for it reads a bounded part of the journal, and what was
// looked through is not read again.
func TestAsyncLooksAreBounded(t *testing.T) {
	t.Log("9967-2.5.1.1-08")
	const bound, others = 5_000, 22_000
	for _, c := range []struct{ name, method, path, body string }{
		{"one request", "POST", "/Users", `{"userName":"ann"}`},
		{"bulk", "POST", "/Bulk", bulkBody(createIn("ann") + "," + createIn("bob"))},
	} {
		t.Run(c.name, func(t *testing.T) {
			read := 0
			s := newAsync(t, func(c *scim.Config) { c.Store = readCounter{store.Forward{Inner: c.Store}, &read} })
			s.fill(t, others) // nobody has dealt with them
			a := s.later(t, c.method, c.path, c.body)
			s.fill(t, others)
			look := func() (status, entries int) {
				before := read
				w := do(t, s, "GET", a.location, "")
				return w.Code, read - before
			}
			for range others/bound + 1 {
				if status, n := look(); status != 202 || n > bound {
					t.Errorf("while it waits: %d, %d entries read", status, n)
				}
			}
			if status, n := look(); status != 202 || n != 0 {
				t.Errorf("when it is known to wait: %d, %d entries read", status, n)
			}
			s.work(t)
			status, n, looks := 202, 0, 0
			for ; status == 202 && looks <= others/bound+1; looks++ {
				if status, n = look(); n > bound+2 {
					t.Errorf("when it is done: %d, %d entries read", status, n)
				}
			}
			if status != 200 || looks != others/bound+1 {
				t.Errorf("when it is done: %d after %d looks", status, looks)
			}
			if status, n := look(); status != 200 || n > 10 {
				t.Errorf("once more: %d, %d entries read", status, n)
			}
		})
	}
}

// createIn is an operation of a bulk request that creates a user.
func createIn(userName string) string {
	text, err := json.Marshal(map[string]any{"method": "POST", "path": "/Users", "bulkId": userName, "data": map[string]any{"userName": userName}})
	if err != nil {
		panic(err)
	}
	return string(text)
}
