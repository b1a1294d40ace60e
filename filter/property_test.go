package filter_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/internal/schemagen"
	"github.com/muster-scim/muster/schema"
)

// The properties here hold for any filter on any resource of any type. Filters
// are drawn as a model, which knows how to write itself as text and, as the
// definition of what the text means, how to evaluate itself in the plainest way.

// model is a random filter.
type model interface {
	// write writes the filter; names are relative to scope.
	write(t *rapid.T, scope schema.Path) string
	// holds evaluates it on what values yields for a path.
	holds(values func(schema.Path) []schema.Value) bool
}

type (
	modelJoin struct {
		and   bool
		terms []model
	}
	modelNot  struct{ x model }
	modelTerm struct {
		path    schema.Path // as named
		op      string
		operand schema.Value // zero for pr, and for null
	}
	modelHas struct {
		path schema.Path
		x    model
	}
)

func (m modelJoin) write(t *rapid.T, scope schema.Path) string {
	texts := make([]string, len(m.terms))
	for i, term := range m.terms {
		texts[i] = "(" + term.write(t, scope) + ")"
	}
	op := " or "
	if m.and {
		op = " and "
	}
	return strings.Join(texts, spell(t, op))
}

func (m modelNot) write(t *rapid.T, scope schema.Path) string {
	return spell(t, rapid.SampledFrom([]string{"not(", "not ("}).Draw(t, "not")) + m.x.write(t, scope) + ")"
}

func (m modelHas) write(t *rapid.T, scope schema.Path) string {
	return spell(t, m.path.String()) + "[" + m.x.write(t, m.path) + "]"
}

func (m modelTerm) write(t *rapid.T, scope schema.Path) string {
	name := m.path.String()
	switch {
	case m.path == scope:
		name = "value"
	case !scope.IsZero():
		name = m.path.Name()
	}
	text := spell(t, name+" "+m.op)
	switch m.operand.Kind() {
	case schema.KindNone:
		if m.op != "pr" {
			text += " null"
		}
		return text
	case schema.KindBoolean, schema.KindInteger, schema.KindDecimal:
		return text + " " + m.operand.Text()
	}
	quoted, err := json.Marshal(m.operand.Text())
	if err != nil {
		t.Fatal(err)
	}
	return text + " " + string(quoted)
}

func spell(t *rapid.T, text string) string { return schemagen.Spelling(text).Draw(t, "spelling") }

func (m modelJoin) holds(values func(schema.Path) []schema.Value) bool {
	for _, term := range m.terms {
		if term.holds(values) != m.and {
			return !m.and
		}
	}
	return m.and
}

func (m modelNot) holds(values func(schema.Path) []schema.Value) bool { return !m.x.holds(values) }

func (m modelHas) holds(values func(schema.Path) []schema.Value) bool {
	return slices.ContainsFunc(values(m.path), func(element schema.Value) bool {
		return m.x.holds(func(p schema.Path) []schema.Value {
			if p == m.path {
				return []schema.Value{element}
			}
			return flatten(element.Get(p))
		})
	})
}

func flatten(v schema.Value) []schema.Value {
	var all []schema.Value
	for _, e := range v.All() {
		all = append(all, e)
	}
	return all
}

func (m modelTerm) holds(values func(schema.Path) []schema.Value) bool {
	present := slices.ContainsFunc(values(m.path), func(v schema.Value) bool {
		return (v.Kind() != schema.KindString && v.Kind() != schema.KindReference) || v.Text() != ""
	})
	switch {
	case m.op == "pr", m.op == "ne" && m.operand.IsZero():
		return present
	case m.operand.IsZero():
		return !present
	}
	p := m.path
	if p.Kind() == schema.KindComplex {
		p, _ = p.Sub("value")
	}
	equal := func(op string) bool {
		return slices.ContainsFunc(values(p), func(v schema.Value) bool { return refCompare(p, v, op, m.operand) })
	}
	if m.op == "ne" {
		return !equal("eq")
	}
	return equal(m.op)
}

// refCompare compares one value in the plainest way.
func refCompare(p schema.Path, v schema.Value, op string, operand schema.Value) bool {
	a, b := v.Text(), operand.Text()
	order := 0
	switch v.Kind() {
	case schema.KindInteger, schema.KindDecimal:
		order = v.Rat().Cmp(operand.Rat())
	case schema.KindDateTime:
		x, _ := v.Time()
		y, _ := operand.Time()
		order = x.Compare(y)
	case schema.KindBinary:
		standard := strings.NewReplacer("=", "", "-", "+", "_", "/")
		a, b = standard.Replace(a), standard.Replace(b)
		order = strings.Compare(a, b)
	default:
		a, b = p.Fold(a), p.Fold(b)
		order = strings.Compare(a, b)
	}
	switch op {
	case "eq":
		return order == 0
	case "gt":
		return order > 0
	case "ge":
		return order >= 0
	case "lt":
		return order < 0
	case "le":
		return order <= 0
	case "co":
		return strings.Contains(a, b)
	case "sw":
		return strings.HasPrefix(a, b)
	}
	return strings.HasSuffix(a, b)
}

// drawFilter draws a filter about names, of limited depth. Half of its operands
// are values of r, so that equality is not rare.
func drawFilter(t *rapid.T, r *schema.Resource, names []schema.Path, depth int, inside bool) model {
	kinds := []string{"term", "one of", "and", "or", "not", "has"}
	if depth == 0 {
		kinds = kinds[:2]
	}
	switch kind := rapid.SampledFrom(kinds).Draw(t, "kind"); kind {
	case "and", "or":
		m := modelJoin{and: kind == "and"}
		for range rapid.IntRange(2, 4).Draw(t, "terms") {
			m.terms = append(m.terms, drawFilter(t, r, names, depth-1, inside))
		}
		return m
	case "one of":
		return drawOneOf(t, r, rapid.SampledFrom(names).Draw(t, "path"))
	case "not":
		return modelNot{drawFilter(t, r, names, depth-1, inside)}
	case "has":
		if m, ok := drawHas(t, r, names, depth, inside); ok {
			return m
		}
	}
	return drawTerm(t, r, rapid.SampledFrom(names).Draw(t, "path"))
}

// drawOneOf draws many equalities with one attribute, which are evaluated
// otherwise than few.
func drawOneOf(t *rapid.T, r *schema.Resource, p schema.Path) model {
	if p.Kind() != schema.KindString && p.Kind() != schema.KindReference {
		return drawTerm(t, r, p)
	}
	m := modelJoin{}
	for range rapid.IntRange(7, 9).Draw(t, "terms") {
		m.terms = append(m.terms, modelTerm{path: p, op: "eq", operand: schemagen.Element(p).Draw(t, "operand")})
	}
	return m
}

func drawHas(t *rapid.T, r *schema.Resource, names []schema.Path, depth int, inside bool) (model, bool) {
	var scopes []schema.Path
	for _, p := range names {
		if (p.MultiValued() || p.Kind() == schema.KindComplex) && !strings.Contains(p.Name(), ":") && p.Parent().Kind() == schema.KindComplex && isTop(p) {
			scopes = append(scopes, p)
		}
	}
	if inside || len(scopes) == 0 {
		return nil, false
	}
	p := rapid.SampledFrom(scopes).Draw(t, "scope")
	subs := visible(slices.Collect(p.Subs()))
	if p.Kind() != schema.KindComplex {
		subs = []schema.Path{p}
	}
	if len(subs) == 0 {
		return nil, false
	}
	return modelHas{p, drawFilter(t, r, subs, depth-1, true)}, true
}

func isTop(p schema.Path) bool {
	return p.Parent().IsZero() || strings.Contains(p.Parent().Name(), ":")
}

// visible leaves out what cannot be filtered by.
func visible(paths []schema.Path) []schema.Path {
	return slices.DeleteFunc(paths, func(p schema.Path) bool {
		for ; !p.IsZero(); p = p.Parent() {
			if p.Returned() == schema.ReturnedNever || p.Mutability() == schema.WriteOnly {
				return true
			}
		}
		return false
	})
}

func drawTerm(t *rapid.T, r *schema.Resource, p schema.Path) model {
	m := modelTerm{path: p}
	compared := p
	if p.Kind() == schema.KindComplex {
		value, ok := p.Sub("value")
		if !ok || p.IsExtension() || len(visible([]schema.Path{value})) == 0 {
			m.op = "pr"
			return m
		}
		compared = value
	}
	switch compared.Kind() {
	case schema.KindString, schema.KindReference:
		m.op = rapid.SampledFrom([]string{"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr", "null"}).Draw(t, "op")
	case schema.KindBinary:
		m.op = rapid.SampledFrom([]string{"eq", "ne", "co", "sw", "ew", "pr", "null"}).Draw(t, "op")
	case schema.KindBoolean:
		m.op = rapid.SampledFrom([]string{"eq", "ne", "pr", "null"}).Draw(t, "op")
	default:
		m.op = rapid.SampledFrom([]string{"eq", "ne", "gt", "ge", "lt", "le", "pr", "null"}).Draw(t, "op")
	}
	switch m.op {
	case "pr":
	case "null":
		m.op = rapid.SampledFrom([]string{"eq", "ne"}).Draw(t, "op")
	default:
		m.operand = schemagen.Element(compared).Draw(t, "operand")
		if values := slices.Collect(r.Values(compared)); len(values) > 0 && rapid.Bool().Draw(t, "from the resource") {
			m.operand = rapid.SampledFrom(values).Draw(t, "value")
		}
	}
	return m
}

// drawParsed draws a resource and a filter that makes sense for it, and parses
// the filter.
func drawParsed(t *rapid.T) (*schema.Resource, model, *filter.Filter) {
	rt := schemagen.NestedType().Draw(t, "type")
	r := schemagen.Resource(rt).Draw(t, "resource")
	m := drawFilter(t, r, visible(slices.Collect(rt.AllPaths())), rapid.IntRange(0, 3).Draw(t, "depth"), false)
	text := m.write(t, schema.Path{})
	f, err := filter.Parse(rt, text, wide)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return r, m, f
}

// wide are limits that canonical text never meets: names may become longer,
// and eq null becomes not (… pr).
var wide = &filter.Options{MaxBytes: 1 << 20, MaxDepth: 200, MaxTerms: 1000}

// structure writes a tree without leaving anything out.
func structure(e filter.Expr) string {
	list := func(terms []filter.Expr) (s string) {
		for _, term := range terms {
			s += structure(term) + ";"
		}
		return s
	}
	switch e := e.(type) {
	case *filter.And:
		return "and{" + list(e.Terms) + "}"
	case *filter.Or:
		return "or{" + list(e.Terms) + "}"
	case *filter.Not:
		return "not{" + structure(e.X) + "}"
	case *filter.Has:
		return "has{" + e.Path.String() + ": " + structure(e.X) + "}"
	case *filter.Present:
		return "present{" + e.Path.String() + "}"
	case *filter.Compare:
		return fmt.Sprintf("compare{%s %s %s %q}", e.Path, e.Op, e.Value.Kind(), e.Value.Text())
	}
	return fmt.Sprintf("unknown %T", e)
}

func TestMatchAgreesWithTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, m, f := drawParsed(t)
		for _, r := range []*schema.Resource{r, schemagen.Resource(r.Type()).Draw(t, "other"), r.Type().New().Resource()} {
			want := m.holds(func(p schema.Path) []schema.Value { return slices.Collect(r.Values(p)) })
			if got := f.Match(r); got != want {
				t.Fatalf("%s: Match is %t", f, got)
			}
		}
	})
}

func TestCanonicalTextIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, _, f := drawParsed(t)
		again, err := filter.Parse(r.Type(), f.String(), &filter.Options{MaxBytes: 1 << 20, MaxDepth: 200, MaxTerms: 1000, Off: canonicalOff})
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		if again.String() != f.String() || structure(again.Expr()) != structure(f.Expr()) {
			t.Fatalf("%s\nbecame %s", structure(f.Expr()), structure(again.Expr()))
		}
		for e := range filter.Walk(f.Expr()) {
			checkNormalForm(t, e)
		}
	})
}

// checkNormalForm checks what the documentation of Expr promises.
func checkNormalForm(t *rapid.T, e filter.Expr) {
	switch e := e.(type) {
	case *filter.And:
		if len(e.Terms) < 2 || slices.ContainsFunc(e.Terms, func(t filter.Expr) bool { _, ok := t.(*filter.And); return ok }) {
			t.Errorf("%s is not flat", e)
		}
	case *filter.Or:
		if len(e.Terms) < 2 || slices.ContainsFunc(e.Terms, func(t filter.Expr) bool { _, ok := t.(*filter.Or); return ok }) {
			t.Errorf("%s is not flat", e)
		}
	case *filter.Not:
		if _, ok := e.X.(*filter.Not); ok {
			t.Errorf("%s negates twice", e)
		}
	case *filter.Compare:
		if e.Path.Kind() == schema.KindComplex || e.Value.IsZero() {
			t.Errorf("%s has no scalar", e)
		}
	}
}

func TestASTRoundTripOfAnyFilter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, _, f := drawParsed(t)
		again, err := filter.FromAST(r.Type(), filter.ToAST(f.Expr()), wide)
		if err != nil || structure(again.Expr()) != structure(f.Expr()) {
			t.Fatalf("%s became %v, %v", f, again, err)
		}
	})
}

func TestAcrossOneTypeIsParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, _, f := drawParsed(t)
		a, err := filter.ParseAcross([]*schema.ResourceType{r.Type()}, f.String(), wide)
		if err != nil || structure(a.For(r.Type()).Expr()) != structure(f.Expr()) {
			t.Fatalf("%s: %v, %v", f, a, err)
		}
	})
}

// What an index is asked for must never miss a match.
func TestPlansAreNecessaryConditions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, _, f := drawParsed(t)
		if !f.Match(r) {
			return
		}
		for p := range r.Type().AllPaths() {
			values := slices.Collect(r.Values(p))
			has := func(op string, operand schema.Value) bool {
				return slices.ContainsFunc(values, func(v schema.Value) bool { return refCompare(p, v, op, operand) })
			}
			if operands, ok := filter.AnyOf(f.Expr(), p); ok && !slices.ContainsFunc(operands, func(v schema.Value) bool { return has("eq", v) }) {
				t.Fatalf("%s matches, but nothing at %s is any of %v", f, p, operands)
			}
			if prefix, ok := filter.PrefixOn(f.Expr(), p); ok && p.Kind() == schema.KindString && !has("sw", schema.String(prefix)) {
				t.Fatalf("%s matches, but nothing at %s starts with %q", f, p, prefix)
			}
		}
	})
}

func TestSortIsATotalOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rt := schemagen.NestedType().Draw(t, "type")
		p := rapid.SampledFrom(visible(slices.Collect(rt.AllPaths()))).Draw(t, "by")
		s, _, err := filter.ParseSort(rt, p.String(), rapid.SampledFrom([]string{"ascending", "descending"}).Draw(t, "order"), nil)
		if err != nil {
			return // complex without value
		}
		a, b, c := schemagen.Resource(rt).Draw(t, "a"), schemagen.Resource(rt).Draw(t, "b"), schemagen.Resource(rt).Draw(t, "c")
		ab, ba, bc, ac := s.Compare(a, b), s.Compare(b, a), s.Compare(b, c), s.Compare(a, c)
		if ab < 0 != (ba > 0) || ab == 0 != (ba == 0) {
			t.Fatalf("Compare(a, b) is %d, Compare(b, a) %d", ab, ba)
		}
		if ab <= 0 && bc <= 0 && (ac > 0 || ac == 0 && (ab != 0 || bc != 0)) {
			t.Fatalf("a to b is %d, b to c %d, but a to c %d", ab, bc, ac)
		}
		v, w := s.Value(a), s.Value(b)
		if !v.IsZero() && !w.IsZero() && (s.CompareValues(v, w) == 0) != refCompare(s.By, v, "eq", w) {
			t.Fatalf("%q and %q are ordered %d", v, w, s.CompareValues(v, w))
		}
	})
}
