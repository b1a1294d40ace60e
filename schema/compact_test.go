package schema

import (
	"fmt"
	"strings"
	"testing"
	"unsafe"
)

// places are the stretches of memory with the texts and with the arrays of
// values of a resource.
type places struct{ texts, arrays map[uintptr]uintptr } // end by begin

func placesOf(r *Resource) *places {
	p := &places{map[uintptr]uintptr{}, map[uintptr]uintptr{}}
	p.record(r.fields)
	return p
}

func (p *places) record(values []Value) {
	if len(values) == 0 {
		return
	}
	add(p.arrays, unsafe.Pointer(unsafe.SliceData(values)), len(values)*int(unsafe.Sizeof(Value{})))
	for _, v := range values {
		switch {
		case v.kind == KindBoolean || v.spread:
		case v.kind == KindComplex || v.kind == KindList:
			p.record(v.children())
		default:
			add(p.texts, v.data, int(v.size))
		}
	}
}

// add adds a stretch of memory, in one with what ends or begins there.
func add(known map[uintptr]uintptr, at unsafe.Pointer, size int) {
	begin, end := uintptr(at), uintptr(at)+uintptr(size)
	if further, ok := known[end]; ok {
		delete(known, end)
		end = further
	}
	for b, e := range known {
		if e == begin {
			begin = b
		}
	}
	known[begin] = end
}

// TestCompactLiesTogether: a user that was put together piece by piece has its
// values in one place and its texts in one, but for a long text and a long list,
// which it shares.
func TestCompactLiesTogether(t *testing.T) {
	user := UserDefinition().MustCompile()
	photos := make([]Value, chunkSize+1)
	for i := range photos {
		photos[i] = Complex(Field{user.MustPath("photos.value"), Reference(fmt.Sprint("https://example.com/", i))})
	}
	for _, c := range []struct {
		name   string
		title  int // its length
		photos int
		texts  int // places
	}{
		{"short", longText - 1, chunkSize, 1},
		{"long text", longText, 1, 2},
		{"long list", 1, chunkSize + 1, 1},
	} {
		b := mustDecode(t, user, `{"userName":"a","active":true,"name":{"givenName":"b"},"emails":[{"value":"c@d","type":"work"},{"value":"e@f"}]}`).Edit()
		b.SetID("1")
		for path, v := range map[string]Value{"title": String(strings.Repeat("t", c.title)), "photos": List(photos[:c.photos]...)} {
			if err := b.Set(user.MustPath(path), v); err != nil {
				t.Fatal(err)
			}
		}
		r := b.Resource()
		compact := r.Compact()
		if !compact.Equal(r) || stored(t, compact) != stored(t, r) {
			t.Errorf("%s: %s, want %s", c.name, stored(t, compact), stored(t, r))
		}
		if p := placesOf(compact); len(p.arrays) != 1 || len(p.texts) != c.texts {
			t.Errorf("%s: values in %d places and texts in %d, want 1 and %d", c.name, len(p.arrays), len(p.texts), c.texts)
		}
		title, list := user.MustPath("title"), user.MustPath("photos")
		if got, want := compact.Get(title).data == r.Get(title).data, c.title >= longText; got != want {
			t.Errorf("%s: the title is shared: %v, want %v", c.name, got, want)
		}
		if got, want := compact.Get(list).data == r.Get(list).data, c.photos > chunkSize; got != want {
			t.Errorf("%s: the photos are shared: %v, want %v", c.name, got, want)
		}
	}
}

// TestCompactOfNothing: a resource without values has a compact form too.
func TestCompactOfNothing(t *testing.T) {
	r := UserDefinition().MustCompile().New().Resource()
	if c := r.Compact(); !c.Equal(r) {
		t.Errorf("%s, want nothing", stored(t, c))
	}
}

func BenchmarkCompact(b *testing.B) {
	user, data := enterpriseUser(b)
	r, err := user.DecodeStored(data)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		r.Compact()
	}
}
