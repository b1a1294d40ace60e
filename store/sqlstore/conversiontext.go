package sqlstore

import (
	"errors"
	"strings"
	"unicode"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

// textual keeps a string or reference as text.
type textual struct{ notEmpty }

func (textual) fits(p schema.Path) string { return single(p, schema.KindString, schema.KindReference) }

// encode replaces what PostgreSQL has no place for.
func (textual) encode(_ schema.Path, v schema.Value, at writing) (any, error) {
	return at.dialect.storable(v.Text()), nil
}

func (d Dialect) storable(text string) string {
	if d != PostgreSQL {
		return text
	}
	return strings.ReplaceAll(text, "\x00", "\ufffd")
}

func (textual) decode(p schema.Path, cell any) schema.Value {
	text, _ := cellText(cell)
	if text == "" {
		return schema.Value{}
	}
	v, _ := schema.ParseValue(p.Kind(), text)
	return v
}

func (textual) holds() []class { return []class{texts} }

// test finds a text by the spellings that the database may show for it. What
// is equal only beyond that is found in Go, so the condition is loose.
func (textual) test(c *clause, f *field, column string, e *filter.Compare) (loose bool, err error) {
	operand := f.dialect.storable(e.Value.Text())
	list := []string{operand}
	if !e.Path.CaseExact() {
		if list = spellings(f.dialect.storable(e.Path.Fold(operand)), operand); list == nil {
			return false, errors.ErrUnsupported
		}
		if f.Fold == FoldLower {
			column = "lower(" + column + ")"
		}
	}
	if e.Op == filter.Eq {
		c.add(column+" IN "+marks(len(list)), anys(list)...)
		return true, nil
	}
	if e.Op != filter.Sw && e.Op != filter.Co && e.Op != filter.Ew {
		return false, errors.ErrUnsupported
	}
	c.add("(")
	for i, text := range list {
		c.add([]string{"", " OR "}[min(i, 1)])
		f.dialect.part(c, column, e.Op, text)
	}
	c.add(")")
	return true, nil
}

// part adds that a text begins with, contains or ends with another one.
func (d Dialect) part(c *clause, column string, op filter.Op, text string) {
	like := map[filter.Op][2]string{filter.Sw: {"", "%"}, filter.Co: {"%", "%"}, filter.Ew: {"%", ""}}[op]
	switch {
	case d != SQLite:
		c.add(column+" LIKE ? ESCAPE '!'", like[0]+wildcards.Replace(text)+like[1])
	case op == filter.Co || op == filter.Ew && text == "":
		c.add(d.position(column, "?")+" > 0", text)
	case op == filter.Ew: // LIKE would stop at a NUL
		c.add(d.suffix("CAST("+column+" AS blob)")+" = ?", len(text), []byte(text))
	default:
		c.add("substr(CAST("+column+" AS blob), 1, ?) = ?", len(text), []byte(text))
	}
}

// wildcards takes the meaning from characters that have one in LIKE.
var wildcards = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// anys returns texts as parameters.
func anys(list []string) []any {
	args := make([]any, len(list))
	for i, text := range list {
		args[i] = text
	}
	return args
}

// maxSpellings is how many forms of an operand are compared at most.
const maxSpellings = 64

// spellings returns the forms in which a text with the given fold may come out
// of a lower() that knows all letters or just those of ASCII, or nil if they
// are too many.
func spellings(fold, operand string) []string {
	forms, rest := []string{lowerASCII(fold)}, ""
	if i := strings.IndexFunc(fold, func(r rune) bool { return r > unicode.MaxASCII }); i >= 0 {
		forms, rest = []string{lowerASCII(fold[:i])}, fold[i:]
	}
	for _, r := range rest {
		letters := variants(r)
		next := make([]string, 0, len(forms)*len(letters))
		for _, form := range forms {
			for _, letter := range letters {
				next = append(next, form+string(letter))
			}
		}
		if forms = next; len(forms) > maxSpellings {
			return nil
		}
	}
	for _, more := range []string{strings.ToLower(operand), lowerASCII(operand)} {
		known := false
		for _, form := range forms {
			known = known || form == more
		}
		if !known {
			forms = append(forms, more)
		}
	}
	return forms
}

// variants returns the letters that differ from r in case only. Those of ASCII
// have one lower case everywhere.
func variants(r rune) []rune {
	if r < unicode.MaxASCII {
		return []rune{unicode.ToLower(r)}
	}
	list := []rune{r}
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		if next > unicode.MaxASCII {
			list = append(list, next)
		}
	}
	return list
}

func lowerASCII(text string) string {
	return strings.Map(func(r rune) rune {
		if r <= unicode.MaxASCII {
			return unicode.ToLower(r)
		}
		return r
	}, text)
}
