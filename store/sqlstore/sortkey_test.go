package sqlstore

import (
	"cmp"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestNumberKeysCompareAsNumbers(t *testing.T) {
	number := rapid.StringMatching(`-?(0|[1-9][0-9]{0,4})(\.[0-9]{1,5})?([eE][+-]?[0-9]{1,2})?`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		x, _ := new(big.Rat).SetString(a)
		y, _ := new(big.Rat).SetString(b)
		if got, want := cmp.Compare(numberKey(a), numberKey(b)), x.Cmp(y); got != want {
			t.Errorf("%s and %s compare as %d, want %d", a, b, got, want)
		}
	})
}

func TestNumberKeysOfAnySize(t *testing.T) {
	ascending := []string{"-1e99999999999999999999", "-1e400", "-10", "-9.5", "-1e-400", "0", "1e-99999999999999999999", "1e-400", "2", "10", "1e400", "1e99999999999999999999"}
	for i := range ascending[1:] {
		if numberKey(ascending[i]) >= numberKey(ascending[i+1]) {
			t.Errorf("%s does not come before %s", ascending[i], ascending[i+1])
		}
	}
}
