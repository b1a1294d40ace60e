package sqlstore

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/google/uuid"
	"github.com/muster-scim/muster/schema"
)

// param returns an id as a parameter, and whether a row can have it at all.
func (id ID) param(text schema.ID) (any, bool) {
	rest, ok := strings.CutPrefix(string(text), id.Prefix)
	if !ok || rest == "" || !namable(rest) {
		return nil, false
	}
	switch id.Kind {
	case IntegerID:
		n, err := strconv.ParseInt(rest, 10, 64)
		return n, err == nil && n > 0 && rest[0] != '+' && rest[0] != '0'
	case UUIDID:
		u, err := uuid.Parse(rest)
		return rest, err == nil && u.String() == rest
	}
	return rest, strings.IndexFunc(rest, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}

// params returns those of ids that a row can have.
func (id ID) params(ids []schema.ID) (args []any) {
	for _, text := range ids {
		if arg, ok := id.param(text); ok {
			args = append(args, arg)
		}
	}
	return args
}

// text returns the id of a resource from the content of the column.
func (id ID) text(cell any) schema.ID {
	if raw, ok := cell.([16]byte); ok {
		return schema.ID(id.Prefix + uuid.UUID(raw).String())
	}
	text, _ := cellText(cell)
	if id.Kind == UUIDID && len(text) == len(uuid.UUID{}) {
		if u, err := uuid.FromBytes([]byte(text)); err == nil {
			text = u.String()
		}
	}
	return schema.ID(id.Prefix + text)
}

// ordered is the expression by which rows are in the byte order of their ids.
func (id ID) ordered(d Dialect, alias string) string {
	column := alias + "." + d.quote(id.Column)
	switch {
	case id.Kind != TextID || id.Ordered || d == SQLite:
		return column
	case d == PostgreSQL:
		return column + ` COLLATE "C"`
	}
	return "CAST(" + column + " AS BINARY)"
}
