package scim

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/muster-scim/muster/schema"
)

// pairing is a Profile made ready for the types and limits of a Handler. It is
// immutable.
type pairing struct {
	Profile
	limits  Limits
	mapping *mapper                                // nil if the client uses the names of the service
	hidden  map[*schema.ResourceType][]schema.Path // what belongs to other clients
}

// newPairing makes p ready for an Actor.Client. It returns a *ProfileError with
// every mistake of p.
func (h *Handler) newPairing(p *Profile, client string) (*pairing, error) {
	e := &ProfileError{Name: p.Name}
	p.check(e)
	scoped := h.forClient(p.Mapping, client, e)
	mapping := h.newMapper(&scoped, e)
	if len(e.Problems) > 0 {
		return nil, e
	}
	return &pairing{Profile: *p, limits: h.cfg.Limits.tightened(p.Limits), mapping: mapping, hidden: h.hiddenFrom(client)}, nil
}

// pairings remembers what newPairing made of the profiles of tenants and
// actors, by their pointers.
type pairings struct {
	known sync.Map // of pairingKey to *pairing
	count atomic.Int64
}

// pairingKey is a profile as one client uses it.
type pairingKey struct {
	profile *Profile
	client  string
}

// maxPairings bounds the memory that a host can use up by making new profiles
// all the time.
const maxPairings = 10_000

func (ps *pairings) of(h *Handler, p *Profile, client string) (*pairing, error) {
	key := pairingKey{p, client}
	if known, ok := ps.known.Load(key); ok {
		return known.(*pairing), nil
	}
	made, err := h.newPairing(p, client)
	if err != nil {
		return nil, err
	}
	if ps.count.Add(1) > maxPairings {
		ps.known.Clear()
		ps.count.Store(1)
	}
	ps.known.Store(key, made)
	return made, nil
}

// chooseProfile takes the profile of the actor, else of the tenant, else of the
// service. A profile with mistakes is a fault of the host; nothing is served
// with it.
func (c *call) chooseProfile() (err error) {
	chosen, client := &c.h.cfg.Profile, ""
	if c.tenant.Profile != nil {
		chosen = c.tenant.Profile
	}
	if c.actor != nil {
		client = c.actor.Client
		if c.actor.Profile != nil {
			chosen = c.actor.Profile
		}
	}
	if chosen == &c.h.cfg.Profile && client == "" {
		c.profile = c.h.pairing
		return nil
	}
	c.profile, err = c.h.pairings.of(c.h, chosen, client)
	return err
}

// Check reports whether the handler can serve a profile of a tenant or an
// actor: the error is a *ProfileError with every mistake. What Config.Profile
// holds was checked by New.
func (h *Handler) Check(p *Profile) error {
	_, err := h.newPairing(p, "")
	return err
}

// addPairing makes the pairing of Config.Profile. Its mistakes are among those
// that New reports.
func (h *Handler) addPairing() (err error) {
	h.pairing, err = h.newPairing(&h.cfg.Profile, "")
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
