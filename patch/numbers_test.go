package patch_test

import (
	"runtime"
	"testing"
)

// What a change costs must not grow with the group: counted in allocations,
// which are the same on every machine. BenchmarkAddMember has the times.
func TestCostOfOneMember(t *testing.T) {
	if raceEnabled {
		t.Skip("under the race detector pools forget at random")
	}
	for name, operation := range map[string]string{
		"add":        `{"op":"add","path":"members","value":[{"value":"new"}]}`,
		"add again":  `{"op":"add","path":"members","value":[{"value":"` + memberID(300) + `"}]}`,
		"remove":     `{"op":"remove","path":"members[value eq \"` + memberID(300) + `\"]"}`,
		"not there":  `{"op":"remove","path":"members[value eq \"nobody\"]"}`,
		"with value": `{"op":"Remove","path":"members","value":[{"value":"` + memberID(300) + `"}]}`,
	} {
		small, large := allocations(t, operation, 1000), allocations(t, operation, 30_000)
		if large > small+5 {
			t.Errorf("%s: %v allocations in a group of 1,000, %v in one of 30,000", name, small, large)
		}
	}
}

func allocations(t *testing.T, operation string, size int) float64 {
	t.Helper()
	r := decode(t, group, groupOf(size))
	apply := func() {
		if _, err := applyBody(r, body(operation), nil); err != nil {
			t.Error(err)
		}
	}
	apply() // the second look-up builds the index; AllocsPerRun does it
	return testing.AllocsPerRun(10, apply)
}

// A changed group shares its members with the old one instead of copying them.
func TestMembersAreShared(t *testing.T) {
	r := decode(t, group, groupOf(30_000))
	request := body(`{"op":"add","path":"members","value":[{"value":"new"}]}`)
	apply := func() {
		if _, err := applyBody(r, request, nil); err != nil {
			t.Fatal(err)
		}
	}
	apply()
	apply() // the second look-up builds the index
	const runs = 10
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		apply()
	}
	runtime.ReadMemStats(&after)
	text := encode(t, r)
	if used, limit := (after.TotalAlloc-before.TotalAlloc)/runs, uint64(len(text)/50); used > limit {
		t.Errorf("%d bytes for one member of a group of %d bytes, the limit is %d", used, len(text), limit)
	}
}
