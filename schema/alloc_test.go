package schema

import (
	"runtime"
	"testing"
)

// TestAllocations holds the numbers of allocations that everything above relies
// on. Under the race detector pools forget at random, so it says nothing there.
func TestAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("pools are not used fully under the race detector")
	}
	user, data := enterpriseUser(t)
	r, err := user.DecodeStored(data)
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	for _, c := range []struct {
		name string
		max  float64
		run  func()
	}{
		{"decode of a full enterprise user", 8, func() { user.Decode(data, nil) }},
		{"decode from storage", 6, func() { user.DecodeStored(data) }},
		{"encode", 0, func() { out, _ = r.AppendJSON(out[:0], nil) }},
		{"encode with projection", 0, func() { out, _ = r.AppendJSON(out[:0], &Encoding{All: true}) }},
		{"check", 4, func() { CheckCreate(r, nil) }},
		{"path", 0, func() { user.Path("emails.value") }},
		{"path of an extension", 0, func() { user.Resolve(EnterpriseUserURN+":manager.$ref", 0) }},
		{"compact", 2, func() { r.Compact() }},
		{"read", 0, func() { r.Get(user.id.path()).Text() }},
		{"fold", 0, func() { user.MustPath("userName").Fold("bjensen@example.com") }},
	} {
		c.run()
		if got := testing.AllocsPerRun(100, c.run); got > c.max {
			t.Errorf("%s: %v allocations, want at most %v", c.name, got, c.max)
		}
	}
}

func (a *attr) path() Path { return Path{a} }

// TestMemory: a stored user takes about as much memory as its JSON, and at most
// a quarter more.
func TestMemory(t *testing.T) {
	user, data := enterpriseUser(t)
	r, err := user.DecodeStored(data)
	if err != nil {
		t.Fatal(err)
	}
	compact, err := r.AppendJSON(nil, &Encoding{All: true})
	if err != nil {
		t.Fatal(err)
	}
	const n = 2000
	kept := make([]*Resource, n)
	before := heap()
	for i := range kept {
		kept[i], _ = user.DecodeStored(data)
	}
	used := int(heap()-before) / n
	runtime.KeepAlive(kept)
	t.Logf("%d bytes of memory for %d bytes of JSON", used, len(compact))
	if used > len(compact)*5/4 {
		t.Errorf("a user of %d bytes of JSON takes %d bytes of memory", len(compact), used)
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
