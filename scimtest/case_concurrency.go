package scimtest

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
)

// concurrencyCases send requests at the same time and look at what is left. A
// server may answer 409, 412 or 429 to the loser of a race; it may not
// acknowledge a change and lose it.
var concurrencyCases = []rfcCase{
	{name: "concurrency/add-members", covers: "7644-3.5.2-21 7644-3.5.2.1-05", feature: "patch", racy: true, each: raceAddMembers,
		title: "Members that are added in parallel are all there afterwards",
		cause: "The group is read, changed and written back without a lock or version check. Entra and Okta send parallel changes to one group."},
	{name: "concurrency/change-members", covers: "7644-3.5.2-21 7644-3.5.2.2-04", feature: "patch", racy: true, each: raceChangeMembers,
		title: "Parallel additions and removals all take effect",
		cause: "The group is read, changed and written back without a lock or version check."},
	{name: "concurrency/different-attributes", covers: "7644-3.5.2-21", feature: "patch", racy: true, each: raceAttributes,
		title: "Parallel changes to different attributes are both kept",
		cause: "The resource is read, changed and written back without a lock or version check."},
	{name: "concurrency/duplicate-create", covers: "7644-3.3-10 7643-4.1.1-02", racy: true, each: raceCreate,
		title: "Of parallel creates with one unique value exactly one succeeds",
		cause: "Uniqueness is checked before the write instead of inside it."},
	{name: "concurrency/if-match", covers: "7644-3.14-05", feature: "etag", racy: true, each: raceIfMatch,
		title: "Of parallel writes with the same version in If-Match exactly one succeeds",
		cause: "The version is compared before the write instead of inside it."},
	{name: "concurrency/delete", covers: "7644-3.6-02", racy: true, level: Recommended, each: raceDelete,
		title: "Of parallel deletes one is 204 and the others are 404"},
}

// together runs f for 0 … n-1 at the same time and returns the replies.
func together(n int, f func(i int) *reply) []*reply {
	out := make([]*reply, n)
	start := make(chan struct{})
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() {
			<-start
			out[i] = f(i)
		})
	}
	close(start)
	wait.Wait()
	return out
}

// lost are the answers to a request that was refused because of another one.
var lost = []int{http.StatusConflict, http.StatusPreconditionFailed, http.StatusTooManyRequests, http.StatusServiceUnavailable}

func (r *reply) acknowledged() bool { return r.e.Status/100 == 2 }

// acknowledgedOrLost asks each reply for success, or for an honest refusal.
func acknowledgedOrLost(replies []*reply) {
	for _, r := range replies {
		r.status(append([]int{200, 201, 204}, lost...)...)
	}
}

const racers = 6

func raceAddMembers(p *probe, t *resType) {
	c := p.crew(t, 1, racers)
	replies := together(racers, func(i int) *reply {
		return p.patch(fmt.Sprintf("add member %d", i+1), c.resource, op("add", c.a.path(), refs(c.people[1+i])))
	})
	acknowledgedOrLost(replies)
	want := []*resource{c.people[0]}
	for i, r := range replies {
		if r.acknowledged() {
			want = append(want, c.people[1+i])
		}
	}
	c.has(want...)
}

func raceChangeMembers(p *probe, t *resType) {
	c := p.crew(t, racers/2, racers/2)
	replies := together(racers, func(i int) *reply {
		if i < racers/2 {
			return p.patch("remove", c.resource, op("remove", c.is(c.people[i]), nil))
		}
		return p.patch("add", c.resource, op("add", c.a.path(), refs(c.people[i])))
	})
	acknowledgedOrLost(replies)
	var want []*resource
	for i, r := range replies {
		if removed := i < racers/2; removed != r.acknowledged() {
			want = append(want, c.people[i])
		}
	}
	c.has(want...)
}

func raceAttributes(p *probe, t *resType) {
	list := t.texts(2)
	if list == nil {
		p.skip("%s has no two free texts", t.name)
	}
	r := p.given(t)
	replies := together(len(list), func(i int) *reply {
		return p.patch("change "+list[i].path(), r, op("replace", list[i].path(), p.word("Race")))
	})
	acknowledgedOrLost(replies)
	again := p.read(r)
	for i, a := range list {
		if replies[i].acknowledged() {
			again.has(a.pointer(), p.word("Race"))
		}
	}
}

func raceCreate(p *probe, t *resType) {
	p.uniqueKey(t)
	p.given(t)
	body := t.minimal(p.unique())
	replies := together(racers, func(int) *reply { return p.create("create", t, body) })
	p.oneWinner(replies, http.StatusCreated)
}

// oneWinner asks that exactly one reply has the status and the others are
// refused.
func (p *probe) oneWinner(replies []*reply, status int) {
	acknowledgedOrLost(replies)
	won := len(slices.DeleteFunc(slices.Clone(replies), func(r *reply) bool { return r.e.Status != status }))
	last := replies[len(replies)-1]
	last.expect(won == 1, "the statuses of all", fmt.Sprintf("%d once", status), fmt.Sprintf("%d times", won))
}

func raceIfMatch(p *probe, t *resType) {
	r := p.given(t)
	version := p.read(r).version()
	replies := together(racers, func(i int) *reply {
		body := t.minimal(p.unique())
		body["externalId"] = fmt.Sprintf("race-%d", i)
		return p.send("replace", http.MethodPut, r.url(), body, "If-Match", version)
	})
	p.oneWinner(replies, http.StatusOK)
}

func raceDelete(p *probe, t *resType) {
	r := p.given(t)
	replies := together(racers, func(int) *reply { return p.send("delete", http.MethodDelete, r.url(), nil) })
	won := 0
	for _, answer := range replies {
		if answer.status(204, 404, 409); answer.e.Status == http.StatusNoContent {
			won++
		}
	}
	replies[0].expect(won == 1, "the statuses of all", "204 once", fmt.Sprintf("%d times", won))
}
