package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// calm is a database to which one writer wrote, undisturbed.
func calm(t *testing.T, own bool) (*target, acks) {
	t.Helper()
	s, err := open(filepath.Join(t.TempDir(), "calm.db"), own)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.pool.Close() })
	out := &bytes.Buffer{}
	w := writer{s, out}
	h, err := handler(s)
	for _, step := range []func() error{
		func() error { return err },
		func() error { return prepare(t.Context(), s) },
		func() error { return w.stay(t.Context(), "ann") },
		func() error { return w.leave(t.Context(), "ben") },
		func() error { return bulk(t.Context(), out, h) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	acked := acks{}
	acked.add(strings.Split(strings.TrimSpace(out.String()), "\n"))
	if err := check(t.Context(), s, acked); err != nil {
		t.Fatalf("of what is whole: %v", err)
	}
	return s, acked
}

// What is lost, halved or left behind is found, whatever else is right.
func TestCheckFinds(t *testing.T) {
	const ann = "(SELECT id FROM users WHERE user_name = 'ann')"
	tests := map[string]struct {
		managed bool
		damage  string
		want    string
	}{
		"a lost user":                  {damage: "DELETE FROM users WHERE user_name = 'ann'", want: "acknowledged and lost: user"},
		"a lost user with all traces":  {damage: "DELETE FROM muster_journal WHERE id = " + ann + ";\nDELETE FROM user_emails WHERE user_id = " + ann + ";\nDELETE FROM team_users WHERE user_id = " + ann + ";\nDELETE FROM users WHERE user_name = 'ann'", want: "acknowledged and lost: user"},
		"a lost membership":            {damage: "DELETE FROM team_users WHERE team_id = 'everyone'", want: "acknowledged and lost: member"},
		"a lost group":                 {damage: "DELETE FROM team_users WHERE team_id <> 'everyone';\nDELETE FROM teams WHERE id <> 'everyone'", want: "acknowledged and lost: group"},
		"a lost change":                {damage: "UPDATE users SET title = NULL, extra = NULL;\nDELETE FROM user_emails", want: "acknowledged and lost: patched"},
		"a change without a column":    {damage: "UPDATE users SET title = NULL", want: "a part of a change"},
		"a change without the rest":    {damage: "UPDATE users SET extra = NULL", want: "a part of a change"},
		"a change without a row":       {damage: "DELETE FROM user_emails WHERE label = 'home'", want: "a part of a change"},
		"a user without entry":         {damage: "DELETE FROM muster_journal WHERE id = " + ann, want: "no entry in the journal"},
		"a deletion without entry":     {damage: "DELETE FROM muster_journal WHERE kind = 'deleted'", want: "the journal and the users do not agree"},
		"an entry without deletion":    {damage: "INSERT INTO muster_journal SELECT tenant, 99, happened, tx, 'deleted', type, id, data FROM muster_journal WHERE id = " + ann, want: "the journal and the users do not agree"},
		"a deletion of nobody":         {damage: "UPDATE muster_journal SET kind = 'deleted' WHERE id = " + ann, want: "deleted who was never created"},
		"half of a bulk group":         {damage: "DELETE FROM team_users WHERE seq = 3", want: "has 2 members of 3"},
		"a member who is nobody":       {damage: "INSERT INTO team_users VALUES ('storm-own', 'everyone', 'nobody', 9)", want: "1 rows of team_users whose user_id is not in users"},
		"a member of nothing":          {damage: "INSERT INTO team_users SELECT 'storm-own', 'nothing', id, 9 FROM users WHERE user_name = 'ann'", want: "1 rows of team_users whose team_id is not in teams"},
		"an address of nobody":         {damage: "INSERT INTO user_emails (tenant_id, user_id, pos) VALUES ('storm-own', 'nobody', 0)", want: "1 rows of user_emails whose user_id is not in users"},
		"a number that two have":       {damage: "UPDATE team_users SET seq = 1", want: "members of one team with the same number"},
		"managed: a lost user":         {managed: true, damage: "DELETE FROM muster_resources WHERE name LIKE '%ann%'", want: "acknowledged and lost: user"},
		"managed: a user with no name": {managed: true, damage: "UPDATE muster_resources SET unique_key = NULL", want: "0 users are called"},
		"managed: half a membership":   {managed: true, damage: "UPDATE muster_members SET holder = 'nothing' WHERE holder = 'everyone'", want: "1 rows of muster_members whose holder is not in muster_resources"},
		"managed: a value of nobody":   {managed: true, damage: "UPDATE muster_values SET id = 'nobody' WHERE value = (SELECT MAX(value) FROM muster_values)", want: "rows of muster_values whose id is not in muster_resources"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, acked := calm(t, !test.managed)
			run(t.Context(), t, s, test.damage)
			if err := check(t.Context(), s, acked); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// A deletion that was acknowledged and is not there is a loss too.
func TestCheckFindsWhatIsBack(t *testing.T) {
	s, acked := calm(t, true)
	acked["deleted"] = append(acked["deleted"], acked["member"]...)
	if err := check(t.Context(), s, acked); err == nil || !strings.Contains(err.Error(), "acknowledged and lost: deleted") {
		t.Error(err)
	}
}

func run(ctx context.Context, t *testing.T, s *target, statements string) {
	t.Helper()
	for statement := range strings.SplitSeq(statements, ";\n") {
		result, err := s.pool.ExecContext(ctx, statement)
		if err != nil {
			t.Fatal(err)
		}
		if n, _ := result.RowsAffected(); n == 0 {
			t.Fatalf("%s: nothing happened", statement)
		}
	}
}
