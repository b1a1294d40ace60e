package audit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/scim/audit"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/memstore"
	"github.com/muster-scim/muster/store/outbox"
)

// entry is a journal entry with an event.
func entry(t testing.TB, seq uint64) store.Entry {
	t.Helper()
	data, err := (&scim.Record{ID: fmt.Sprint("event ", seq), Operation: scim.OpModify, ResourceType: "User", ResourceID: "7"}).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return store.Entry{Seq: seq, Kind: scim.JournalKind, Data: data}
}

// written is a log of n records.
func written(t testing.TB, key []byte, n uint64) (string, audit.Head) {
	t.Helper()
	var out bytes.Buffer
	w := audit.NewWriter(&out, key, audit.Head{})
	for seq := range n {
		if err := w.Deliver(context.Background(), entry(t, seq+1)); err != nil {
			t.Fatal(err)
		}
	}
	return out.String(), w.Head()
}

func TestVerifyFindsTampering(t *testing.T) {
	good, head := written(t, nil, 4)
	lines := strings.SplitAfter(good, "\n")
	for _, c := range []struct {
		name, log string
		line      int
		says      string
	}{
		{"changed", strings.Replace(good, "event 2", "event X", 1), 2, "was changed"},
		{"removed", lines[0] + lines[2] + lines[3], 2, "missing"},
		{"repeated", lines[0] + lines[0], 2, "repeated"},
		{"moved", lines[1] + lines[0], 1, "moved"},
		{"the first lost", lines[1], 1, "missing"},
		{"cut", good[:len(good)-5], 4, "not written to its end"},
		{"nonsense", lines[0] + "hello\n", 2, "is not a line"},
		{"an empty line", lines[0] + "\n", 2, "is not a line"},
	} {
		_, err := audit.Verify(strings.NewReader(c.log), nil)
		var broken *audit.BrokenError
		if !errors.As(err, &broken) || !errors.Is(err, audit.ErrTampered) || broken.Line != c.line || !strings.Contains(broken.Detail, c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := audit.VerifyUpTo(strings.NewReader(lines[0]+lines[1]), nil, head); !errors.Is(err, audit.ErrTampered) {
		t.Errorf("cut off at the end: %v", err)
	}
	if got, err := audit.VerifyUpTo(strings.NewReader(good), nil, head); err != nil || got != head {
		t.Errorf("intact: %v, %v", got, err)
	}
}

// TestForgery: without the key nobody can make a chain that fits.
func TestForgery(t *testing.T) {
	forged, _ := written(t, nil, 3)
	if _, err := audit.Verify(strings.NewReader(forged), []byte("key")); !errors.Is(err, audit.ErrTampered) {
		t.Errorf("forged: %v", err)
	}
	real, head := written(t, []byte("key"), 3)
	if got, err := audit.Verify(strings.NewReader(real), []byte("key")); err != nil || got != head {
		t.Errorf("real: %v, %v", got, err)
	}
}

// TestAnyChangeIsFound changes one byte anywhere.
func TestAnyChangeIsFound(t *testing.T) {
	good, _ := written(t, []byte("key"), 5)
	rapid.Check(t, func(t *rapid.T) {
		log := []byte(good)
		i := rapid.IntRange(0, len(log)-1).Draw(t, "byte")
		log[i] ^= byte(rapid.IntRange(1, 255).Draw(t, "change"))
		if _, err := audit.Verify(bytes.NewReader(log), []byte("key")); !errors.Is(err, audit.ErrTampered) {
			t.Fatalf("byte %d: %v", i, err)
		}
	})
}

// TestOpenContinues: after a restart, and after a crash in the middle of a line,
// the log goes on, and entries that come twice are written once.
func TestOpenContinues(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	deliver := func(seqs ...uint64) {
		t.Helper()
		w, err := audit.Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, seq := range seqs {
			if err := w.Deliver(t.Context(), entry(t, seq)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	deliver(1, 2)
	deliver(2, 3)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data[:len(data)-9], 0o600); err != nil {
		t.Fatal(err)
	}
	deliver(3, 5)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if head, err := audit.Verify(f, nil); err != nil || head.N != 4 || head.Entry != 5 {
		t.Errorf("head %+v, %v", head, err)
	}
}

func TestOpenRefusesTampered(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	good, _ := written(t, nil, 3)
	tampered := strings.Replace(good, "event 2", "event X", 1)
	for _, log := range []string{tampered, tampered[:len(tampered)-5]} {
		if err := os.WriteFile(path, []byte(log), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := audit.Open(path, nil); !errors.Is(err, audit.ErrTampered) {
			t.Errorf("Open: %v", err)
		}
		if left, err := os.ReadFile(path); err != nil || string(left) != log {
			t.Errorf("Open has changed the evidence: %v", err)
		}
	}
}

// failing fails to write once.
type failing struct {
	bytes.Buffer
	err error
}

func (f *failing) Write(p []byte) (int, error) {
	if f.err != nil {
		n, _ := f.Buffer.Write(p[:len(p)/2])
		return n, f.err
	}
	return f.Buffer.Write(p)
}

// TestFailedWrite: after a write that may have left a part of a line nothing
// more is written, so that the damage stays at the end.
func TestFailedWrite(t *testing.T) {
	out := &failing{}
	w := audit.NewWriter(out, nil, audit.Head{})
	if err := w.Deliver(t.Context(), entry(t, 1)); err != nil {
		t.Fatal(err)
	}
	out.err = errors.New("disk full")
	first := w.Deliver(t.Context(), entry(t, 2))
	out.err = nil
	if second := w.Deliver(t.Context(), entry(t, 2)); first == nil || !errors.Is(second, first) || w.Head().N != 1 {
		t.Errorf("%v, %v, %+v", first, second, w.Head())
	}
}

func TestLog(t *testing.T) {
	var out bytes.Buffer
	deliver := audit.Log(slog.New(slog.NewJSONHandler(&out, nil)))
	if err := deliver(t.Context(), entry(t, 3)); err != nil || !strings.Contains(out.String(), `"resource":"User/7"`) {
		t.Errorf("%v, %s", err, &out)
	}
	if err := deliver(t.Context(), store.Entry{Kind: scim.JournalKind, Data: []byte("{")}); err == nil {
		t.Error("a broken record is logged")
	}
	if err := deliver(t.Context(), store.Entry{Kind: "other", Data: []byte("{")}); err != nil {
		t.Error(err)
	}
}

// The journal of a store becomes a file in which every change shows.
func Example() {
	ctx := context.Background()
	directory := memstore.New(nil)
	journal, err := directory.Journal()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, id := range []string{"one", "two"} {
		data, err := (&scim.Record{ID: id, Time: time.Unix(0, 0), Operation: scim.OpCreate, ResourceType: "User"}).MarshalJSON()
		if err != nil {
			fmt.Println(err)
			return
		}
		if err := journal.Append(ctx, store.Entry{Kind: scim.JournalKind, Data: data}); err != nil {
			fmt.Println(err)
			return
		}
	}
	var file bytes.Buffer
	w := audit.NewWriter(&file, []byte("key"), audit.Head{})
	consumer := &outbox.Consumer{Store: directory, Name: "audit", Deliver: w.Deliver}
	if _, err := consumer.Drain(ctx); err != nil {
		fmt.Println(err)
		return
	}
	head, err := audit.Verify(bytes.NewReader(file.Bytes()), []byte("key"))
	fmt.Println(head.N, err)

	tampered := bytes.Replace(file.Bytes(), []byte(`"two"`), []byte(`"2"`), 1)
	_, err = audit.Verify(bytes.NewReader(tampered), []byte("key"))
	fmt.Println(err)
	// Output:
	// 2 <nil>
	// line 2 was changed, or the key is another one: its hash does not fit
}
