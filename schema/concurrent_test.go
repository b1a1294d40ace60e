package schema

import (
	"strconv"
	"sync"
	"testing"
)

// TestConcurrentUse shares a type, a resource and a long list, whose index is
// built on the way, between goroutines. It is for the race detector.
func TestConcurrentUse(t *testing.T) {
	user, data := enterpriseUser(t)
	first, err := user.DecodeStored(data)
	if err != nil {
		t.Fatal(err)
	}
	group := groupOf(t, 4*chunkSize)
	members := group.Type().MustPath("members")
	list := group.Get(members)
	var wait sync.WaitGroup
	for worker := range 4 {
		wait.Go(func() {
			for i := range 50 {
				r, err := user.DecodeStored(data)
				if err != nil || !r.Equal(first) {
					t.Errorf("decoded %v, %v", r, err)
				}
				id := worker*500 + i
				longer := list.Append(member(group.Type(), "new"+strconv.Itoa(id)))
				if at := longer.IndexOfElement(members, strconv.Itoa(id)); at != id {
					t.Errorf("%d is at %d", id, at)
				}
				if at := longer.IndexOfElement(members, "new"+strconv.Itoa(id)); at != list.Len() {
					t.Errorf("the new member is at %d", at)
				}
			}
		})
	}
	wait.Wait()
}
