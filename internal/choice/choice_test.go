package choice_test

import (
	"testing"

	"github.com/muster-scim/muster/internal/choice"
)

type colour uint8

var colours = choice.Names{"red", "green"}

func TestNamesAndBack(t *testing.T) {
	for i, name := range colours {
		text, err := choice.Marshal(colours, colour(i))
		if err != nil || string(text) != name || choice.Text(colours, colour(i)) != name {
			t.Errorf("%d is written as %q, %v", i, text, err)
		}
		var back colour
		if err := choice.Read(colours, text, &back); err != nil || back != colour(i) {
			t.Errorf("%q is read as %d, %v", text, back, err)
		}
	}
}

func TestWithoutName(t *testing.T) {
	if got := choice.Text(colours, colour(7)); got != "unknown(7)" {
		t.Errorf("got %q", got)
	}
	if _, err := choice.Marshal(colours, colour(7)); err == nil {
		t.Error("a value without a name was written")
	}
	c := colour(1)
	if err := choice.Read(colours, []byte("Red"), &c); err == nil || c != 1 {
		t.Errorf("got %v and %d", err, c)
	}
}
