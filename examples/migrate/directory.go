package migrate

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Person is what the service knows of somebody.
type Person struct {
	ID                   string
	ExternalID           string
	Login, Given, Family string
	Badge                string
	Disabled             bool
	Created, Modified    time.Time
	Version              int
}

// Directory is the data of the service, as its own code uses it.
type Directory struct {
	mu     sync.Mutex
	people map[string]Person
	last   int
}

var (
	errNobody = errors.New("there is no such person")
	errTaken  = errors.New("the login is taken")
	errStale  = errors.New("somebody was faster")
)

// Find returns a person.
func (d *Directory) Find(id string) (Person, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok := d.people[id]
	if !ok {
		return p, errNobody
	}
	return p, nil
}

// All returns everybody, in the order of their ids.
func (d *Directory) All() []Person {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []Person
	for _, p := range d.people {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b Person) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// Save adds a person who has no id yet, or changes one who does. Version 0
// means whatever it is, as for UPDATE without a condition on a version.
func (d *Directory) Save(p Person) (Person, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	old, exists := d.people[p.ID]
	switch {
	case p.ID != "" && !exists:
		return p, errNobody
	case exists && p.Version != 0 && p.Version != old.Version:
		return p, errStale
	case d.taken(p):
		return p, errTaken
	}
	p.Created, p.Version = old.Created, old.Version+1
	p.Modified = time.Now().UTC().Truncate(time.Millisecond)
	if !exists {
		d.last++
		p.ID, p.Created = strconv.Itoa(d.last), p.Modified
	}
	if d.people == nil {
		d.people = map[string]Person{}
	}
	d.people[p.ID] = p
	return p, nil
}

// taken is the unique index over lower(login).
func (d *Directory) taken(p Person) bool {
	for _, other := range d.people {
		if other.ID != p.ID && strings.EqualFold(other.Login, p.Login) {
			return true
		}
	}
	return false
}

// Delete removes a person, who must have the version unless it is 0.
func (d *Directory) Delete(id string, version int) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok := d.people[id]
	switch {
	case !ok:
		return errNobody
	case version != 0 && version != p.Version:
		return errStale
	}
	delete(d.people, id)
	return nil
}
