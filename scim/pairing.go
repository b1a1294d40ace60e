package scim

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// pairing is a Profile made ready for the types and limits of a Handler. It is
// immutable.
type pairing struct {
	Profile
	limits  Limits
	mapping *mapper // nil if the client uses the names of the service
}

// newPairing returns a *ProfileError with every mistake of p.
func (h *Handler) newPairing(p *Profile) (*pairing, error) {
	e := &ProfileError{Name: p.Name}
	p.check(e)
	mapping := h.newMapper(&p.Mapping, e)
	if len(e.Problems) > 0 {
		return nil, e
	}
	return &pairing{Profile: *p, limits: h.cfg.Limits.tightened(p.Limits), mapping: mapping}, nil
}

// pairings remembers what newPairing made of the profiles of tenants and
// actors, by their pointers.
type pairings struct {
	known sync.Map // of *Profile to *pairing
	count atomic.Int64
}

// maxPairings bounds the memory that a host can use up by making new profiles
// all the time.
const maxPairings = 10_000

func (ps *pairings) of(h *Handler, p *Profile) (*pairing, error) {
	if known, ok := ps.known.Load(p); ok {
		return known.(*pairing), nil
	}
	made, err := h.newPairing(p)
	if err != nil {
		return nil, err
	}
	if ps.count.Add(1) > maxPairings {
		ps.known.Clear()
		ps.count.Store(1)
	}
	ps.known.Store(p, made)
	return made, nil
}

// chooseProfile takes the profile of the actor, else of the tenant, else of the
// service. A profile with mistakes is a fault of the host; nothing is served
// with it.
func (c *call) chooseProfile() (err error) {
	switch {
	case c.actor != nil && c.actor.Profile != nil:
		c.profile, err = c.h.pairings.of(c.h, c.actor.Profile)
	case c.tenant.Profile != nil:
		c.profile, err = c.h.pairings.of(c.h, c.tenant.Profile)
	default:
		c.profile = c.h.pairing
	}
	return err
}

// Check reports whether the handler can serve a profile of a tenant or an
// actor: the error is a *ProfileError with every mistake. What Config.Profile
// holds was checked by New.
func (h *Handler) Check(p *Profile) error {
	_, err := h.newPairing(p)
	return err
}

// addPairing makes the pairing of Config.Profile. Its mistakes are among those
// that New reports.
func (h *Handler) addPairing() (err error) {
	h.pairing, err = h.newPairing(&h.cfg.Profile)
	var found *ProfileError
	if !errors.As(err, &found) {
		return err
	}
	e := &ConfigError{}
	e.addProfile(found)
	return e
}

// checkProfile finds the mistakes that can be seen without the types.
func (c *Config) checkProfile(e *ConfigError) {
	found := &ProfileError{}
	c.Profile.check(found)
	e.addProfile(found)
}

func (e *ConfigError) addProfile(found *ProfileError) {
	for _, p := range found.Problems {
		e.add("Profile."+p.Field, p.Detail, p.Cure)
	}
}

// ProfileError lists every mistake of a Profile.
type ProfileError struct {
	// Name is that of the profile or its file, as far as it is known.
	Name string
	// Problems are in the order of the fields.
	Problems []ConfigProblem
}

// Error lists all problems, one per line if there are several.
func (e *ProfileError) Error() string {
	return fmt.Sprintf("scim: invalid profile %q: %s", e.Name, problemLines(e.Problems))
}

func (e *ProfileError) add(field, detail, cure string) {
	e.Problems = append(e.Problems, ConfigProblem{field, detail, cure})
}
