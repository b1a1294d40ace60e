package reconcile

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/muster-scim/muster/schema"
)

// FromCSV reads a table. The first row names the attributes as in a filter, such
// as userName, name.familyName or emails.value. An empty cell means that the
// attribute has no value. In a cell of a multi-valued attribute semicolons
// separate the values.
func FromCSV(r io.Reader, t *schema.ResourceType) Rows {
	return func(yield func(Row, error) bool) {
		table := csv.NewReader(r)
		table.ReuseRecord = true
		header, err := table.Read()
		if err != nil {
			yield(Row{}, fmt.Errorf("reconcile: the header of the CSV file: %w", err))
			return
		}
		columns, err := columnsOf(t, header)
		if err != nil {
			yield(Row{}, err)
			return
		}
		for {
			cells, err := table.Read()
			if err == io.EOF {
				return
			}
			if broken := (*csv.ParseError)(nil); err != nil && !errors.As(err, &broken) {
				yield(Row{}, err)
				return
			}
			line := lineOf(table, err)
			row := Row{Line: line, Columns: columns}
			if err == nil {
				row.Resource, err = resourceOf(t, columns, cells)
			}
			if err != nil {
				err = &RowError{line, err}
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

func lineOf(table *csv.Reader, err error) int {
	var bad *csv.ParseError
	if errors.As(err, &bad) {
		return bad.StartLine
	}
	line, _ := table.FieldPos(0)
	return line
}

func columnsOf(t *schema.ResourceType, header []string) ([]schema.Path, error) {
	columns := make([]schema.Path, len(header))
	seen := map[schema.Path]bool{}
	for i, name := range header {
		p, err := t.Path(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
		switch {
		case err != nil:
			return nil, fmt.Errorf("reconcile: column %d: %w", i+1, err)
		case p.Kind() == schema.KindComplex:
			return nil, fmt.Errorf("reconcile: column %d: %s has parts; name one of them", i+1, p)
		case seen[p]:
			return nil, fmt.Errorf("reconcile: column %d: %s is there twice", i+1, p)
		}
		columns[i], seen[p] = p, true
	}
	return columns, nil
}

// resourceOf makes a resource of the cells of a row.
func resourceOf(t *schema.ResourceType, columns []schema.Path, cells []string) (*schema.Resource, error) {
	b := t.New()
	for i, p := range columns {
		text := strings.TrimSpace(cells[i])
		if text == "" {
			continue
		}
		if err := setCell(b, p, text); err != nil {
			return nil, fmt.Errorf("column %s: %w", p, err)
		}
	}
	return b.Resource(), nil
}

func setCell(b *schema.Builder, p schema.Path, text string) error {
	list := p.MultiValued() || p.Parent().MultiValued()
	texts := []string{text}
	if list {
		texts = strings.Split(text, ";")
	}
	values := make([]schema.Value, len(texts))
	for i, one := range texts {
		var ok bool
		if values[i], ok = schema.ParseValue(p.Kind(), cellText(p, strings.TrimSpace(one))); !ok {
			return fmt.Errorf("%q is no %s", one, p.Type())
		}
	}
	switch {
	case p.MultiValued():
		return b.Set(p, schema.List(values...))
	case list:
		return setElements(b, p, values)
	case p == p.Owner().IDPath():
		b.SetID(schema.ID(text))
	case p == p.Owner().ExternalIDPath():
		b.SetExternalID(schema.ExternalID(text))
	default:
		return b.Set(p, values[0])
	}
	return nil
}

// cellText accepts TRUE and FALSE, which spreadsheets write.
func cellText(p schema.Path, text string) string {
	if p.Kind() == schema.KindBoolean {
		return strings.ToLower(text)
	}
	return text
}

// setElements puts values into the elements of a list, one each.
func setElements(b *schema.Builder, p schema.Path, values []schema.Value) error {
	list := b.Get(p.Parent())
	elements := make([]schema.Value, max(list.Len(), len(values)))
	for i := range elements {
		switch {
		case i >= list.Len():
			elements[i] = schema.Complex(schema.Field{Path: p, Value: values[i]})
		case i >= len(values):
			elements[i] = list.At(i)
		default:
			elements[i] = list.At(i).With(p, values[i])
		}
	}
	return b.Set(p.Parent(), schema.List(elements...))
}
