package sqlstore

import (
	"strconv"
	"strings"
	"time"
)

// Drivers return the same column as different Go types. These functions read
// what any of them returns; ok is false for NULL and for what does not fit.

// cellText reads a text.
func cellText(cell any) (text string, ok bool) {
	switch c := cell.(type) {
	case string:
		return c, true
	case []byte:
		return string(c), true
	case int64:
		return strconv.FormatInt(c, 10), true
	case float64:
		return strconv.FormatFloat(c, 'g', -1, 64), true
	case bool:
		return strconv.FormatBool(c), true
	}
	return "", false
}

// cellInt reads an integer.
func cellInt(cell any) (n int64, ok bool) {
	switch c := cell.(type) {
	case int64:
		return c, true
	case uint64:
		return int64(c), c < 1<<63
	case bool:
		if c {
			return 1, true
		}
		return 0, true
	}
	text, ok := cellText(cell)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}

// cellBool reads a boolean: a number other than 0, or a word. MySQL returns a
// bit as a byte.
func cellBool(cell any) (b, ok bool) {
	if raw, is := cell.([]byte); is && len(raw) == 1 && raw[0] < 2 {
		return raw[0] == 1, true
	}
	if n, ok := cellInt(cell); ok {
		return n != 0, true
	}
	text, ok := cellText(cell)
	if !ok {
		return false, false
	}
	b, err := strconv.ParseBool(strings.ToLower(text))
	return b, err == nil
}

// timeForms are the ways in which SQLite and MySQL write a time.
var timeForms = []string{
	"2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999", time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999-07", "2006-01-02 15:04:05.999999999 -0700 MST", "2006-01-02",
}

// cellTime reads a time. One without a zone is in UTC.
func cellTime(cell any) (t time.Time, ok bool) {
	if t, ok = cell.(time.Time); ok {
		return t.UTC(), true
	}
	if _, number := cell.(int64); number {
		return t, false
	}
	text, ok := cellText(cell)
	if !ok {
		return t, false
	}
	for _, form := range timeForms {
		if t, err := time.Parse(form, text); err == nil {
			return t.UTC(), true
		}
	}
	return t, false
}
