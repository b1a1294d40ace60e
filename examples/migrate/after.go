package migrate

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"strings"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
)

// User is what the service keeps of the core User, and Badge its extension.
type User struct {
	ID         schema.ID         `scim:"id"`
	ExternalID schema.ExternalID `scim:"externalId"`
	UserName   string            `scim:"userName,required,uniqueness=server"`
	Name       *Name             `scim:"name"`
	Active     *bool             `scim:"active"`
	Badge      *Badge            `scim:"urn:example:scim:2.0:Badge"`
}

// Name is an attribute of User.
type Name struct {
	GivenName  string `scim:"givenName"`
	FamilyName string `scim:"familyName"`
}

// Badge is an extension of User.
type Badge struct {
	Number string `scim:"number"`
}

func userType() *schema.ResourceType {
	return schema.Definition{
		Name: "User", Endpoint: "/Users", Schema: schema.MustFor[User](schema.UserURN),
		Extensions: []schema.Extension{{Schema: schema.MustFor[Badge](badgeURN)}},
	}.MustCompile()
}

// After serves the directory with Muster.
func After(d *Directory, authenticate func(*http.Request) (*scim.Actor, error), baseURL string) (http.Handler, error) {
	user := userType()
	return scim.New(scim.Config{
		Types: []*schema.ResourceType{user}, Store: &directoryStore{directory: d, user: user},
		Authenticate: authenticate, BaseURL: baseURL,
	})
}

// directoryStore is a Store: the directory, and nothing of SCIM.
type directoryStore struct {
	directory *Directory
	user      *schema.ResourceType
}

// Get returns a user.
func (s *directoryStore) Get(_ context.Context, ref store.Ref) (*schema.Resource, error) {
	return s.result(s.directory.Find(string(ref.ID)))
}

// Create adds a user; the directory chooses the id.
func (s *directoryStore) Create(_ context.Context, r *schema.Resource, _ store.Write) (*schema.Resource, error) {
	p, err := toPerson(r)
	if err != nil {
		return nil, err
	}
	p.ID = ""
	return s.result(s.directory.Save(p))
}

// Replace changes a user. PUT and PATCH both end here.
func (s *directoryStore) Replace(_ context.Context, r *schema.Resource, w store.Write) (*schema.Resource, error) {
	p, err := toPerson(r)
	if err != nil {
		return nil, err
	}
	p.Version = number(w.Version)
	return s.result(s.directory.Save(p))
}

// Delete removes a user.
func (s *directoryStore) Delete(_ context.Context, ref store.Ref, w store.Write) error {
	return storeError(s.directory.Delete(string(ref.ID), number(w.Version)))
}

// Scan yields the users in the order of their ids.
func (s *directoryStore) Scan(_ context.Context, _ string, afterID schema.ID) iter.Seq2[*schema.Resource, error] {
	return func(yield func(*schema.Resource, error) bool) {
		for _, p := range s.directory.All() {
			if p.ID > string(afterID) && !yield(s.result(p, nil)) {
				return
			}
		}
	}
}

func toPerson(r *schema.Resource) (Person, error) {
	u, err := schema.As[User](r)
	if err != nil {
		return Person{}, err
	}
	p := Person{ID: string(u.ID), ExternalID: string(u.ExternalID), Login: u.UserName, Disabled: u.Active != nil && !*u.Active}
	if u.Name != nil {
		p.Given, p.Family = u.Name.GivenName, u.Name.FamilyName
	}
	if u.Badge != nil {
		p.Badge = u.Badge.Number
	}
	return p, nil
}

// result turns a person, or the error of the directory, into what a Store
// returns.
func (s *directoryStore) result(p Person, err error) (*schema.Resource, error) {
	if err != nil {
		return nil, storeError(err)
	}
	active := !p.Disabled
	r, err := schema.FromStruct(s.user, User{
		ID: schema.ID(p.ID), ExternalID: schema.ExternalID(p.ExternalID), UserName: p.Login, Active: &active,
		Name: &Name{p.Given, p.Family}, Badge: &Badge{p.Badge},
	})
	if err != nil {
		return nil, err
	}
	b := r.Edit()
	b.SetMeta(p.Created, p.Modified, fmt.Sprintf(`W/"%d"`, p.Version))
	return b.Resource(), nil
}

func storeError(err error) error {
	switch {
	case errors.Is(err, errNobody):
		return store.ErrNotFound
	case errors.Is(err, errStale):
		return store.ErrVersion
	case errors.Is(err, errTaken):
		return &store.ConflictError{Path: "userName"}
	}
	return err
}

// number is the version in an entity tag that result has made; without one it
// is 0.
func number(version string) int {
	n, _ := strconv.Atoi(strings.Trim(version, `W/"`))
	return n
}
