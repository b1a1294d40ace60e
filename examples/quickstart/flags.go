package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
)

// errHelp is the result of -help, which is not a mistake.
var errHelp = flag.ErrHelp

// The schemas of what greet shows.
const (
	userURN  = schema.UserURN
	patchURN = patch.MessageURN
)

// options are the parsed flags.
type options struct {
	addr     string
	db       *database
	profile  scim.Profile
	schemas  string
	readonly string
	async    string // "" if everything is done at once
	rate     float64
	tenants  []tenant // at least one
}

// tenant is a base URL with a token and a store of its own.
type tenant struct {
	name  string // "" if there is only one
	token string
}

// path is where the tenant's endpoints are.
func (t tenant) path() string {
	if t.name == "" {
		return "/scim/v2"
	}
	return "/" + t.name + "/scim/v2"
}

func parseFlags(args []string, stderr io.Writer) (*options, error) {
	o := &options{}
	set := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(&o.addr, "addr", "127.0.0.1:8080", "`address` to listen on")
	token := set.String("token", "", "bearer `token` (default: a random one)")
	db := set.String("db", defaultDB, "where the data is kept: an SQLite `file`, memory, postgres://… or mysql://…")
	profile := set.String("profile", "default", "`profile` of the client: a JSON file, or one of "+strings.Join(scim.ProfileNames(), ", "))
	set.StringVar(&o.schemas, "schemas", "", "`directory` with further resource types, one JSON file each")
	tenants := set.String("tenants", "", "tenants instead of one service: `name=token,name=token`")
	set.Float64Var(&o.rate, "rate", 0, "requests per second that one token may make (default: no limit)")
	set.StringVar(&o.readonly, "readonly-token", "", "a further `token` that can only read, in every tenant")
	set.StringVar(&o.async, "async", "", "a `secret`: requests with \"Prefer: respond-async\" are then carried out later (default: at once)")
	switch err := set.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		set.SetOutput(stderr)
		set.Usage()
		return nil, errHelp
	case err != nil:
		return nil, err
	case set.NArg() > 0:
		return nil, fmt.Errorf("unexpected argument %q", set.Arg(0))
	}
	return o, o.check(*db, *profile, *token, *tenants)
}

// check completes the options.
func (o *options) check(db, profile, token, tenants string) (err error) {
	if o.profile, err = readProfile(profile); err != nil {
		return fmt.Errorf("-profile: %w", err)
	}
	if o.db, err = openDatabase(db); err != nil {
		return err
	}
	if o.rate < 0 {
		return errors.New("-rate: must not be negative")
	}
	if tenants != "" {
		if token != "" {
			return errors.New("-token and -tenants exclude each other")
		}
		o.tenants, err = parseTenants(tenants)
		return err
	}
	if token == "" {
		token = scim.NewToken()
	}
	o.tenants = []tenant{{token: token}}
	return nil
}

func parseTenants(text string) ([]tenant, error) {
	var list []tenant
	seen := map[string]bool{}
	for pair := range strings.SplitSeq(text, ",") {
		name, token, _ := strings.Cut(pair, "=")
		switch {
		case name == "" || token == "" || strings.ContainsAny(name, "/{}% "):
			return nil, fmt.Errorf("-tenants: %q is not name=token", pair)
		case seen[name]:
			return nil, fmt.Errorf("-tenants: %q is there twice", name)
		}
		seen[name] = true
		list = append(list, tenant{name: name, token: token})
	}
	return list, nil
}
