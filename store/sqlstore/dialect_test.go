package sqlstore

import "testing"

func TestBind(t *testing.T) {
	if got := PostgreSQL.bind("a = ? AND b IN " + marks(2)); got != "a = $1 AND b IN ($2,$3)" {
		t.Error(got)
	}
	if got := MySQL.bind("a = ?"); got != "a = ?" {
		t.Error(got)
	}
}
