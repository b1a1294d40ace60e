package syntax

import (
	"errors"
	"testing"
)

// The parser must not panic, must say where a fault is, and must leave a tree
// whose nodes fit together.
func FuzzFilter(f *testing.F) {
	for _, seed := range []string{
		`userName eq "x"`, `a pr and not (b eq 1 or c lt -2.5e3)`, `emails[type eq "work"].value eq "x"`,
		`a eq "\u00e9\ud83d\ude00\n"`, `((a pr)`, `a[b[c pr]]`, "a\teq\t\"\xff\"", `urn:a:b:c.d ne null`, `x eq jyoung`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tree, err := Filter(text, limits)
		checkTree(t, text, &tree, err)
	})
}

func FuzzParsePath(f *testing.F) {
	for _, seed := range []string{`members`, `a.b`, `emails[type eq "work"].value`, `urn:a:b:c`, `a[b pr]c`, `a[`, `a.`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePath(text, limits)
		if err == nil && p.Filter.Slice(p.Attr) == "" {
			t.Error("a path without attribute")
		}
		if len(p.Filter.Nodes) > 0 || err != nil {
			checkTree(t, text, &p.Filter, err)
		}
	})
}

func checkTree(t *testing.T, text string, tree *Tree, err error) {
	t.Helper()
	if err != nil {
		var e *Error
		if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(text) || e.Found == "" || e.Expected == "" {
			t.Fatalf("error %#v", err)
		}
		return
	}
	depth, open := 0, 0
	for i := range tree.Nodes {
		switch n := &tree.Nodes[i]; n.Kind {
		case Compare:
			depth++
			tree.Operand(n)
		case And, Or:
			if n.N < 2 {
				t.Fatalf("node %d joins %d", i, n.N)
			}
			depth -= int(n.N) - 1
		case Open:
			open++
		case Close, CloseSub:
			open--
		}
		if depth < 0 || open < 0 || open > 1 {
			t.Fatalf("node %d: %d operands, %d open", i, depth, open)
		}
	}
	if depth != 1 || open != 0 {
		t.Fatalf("%d operands, %d open", depth, open)
	}
}
