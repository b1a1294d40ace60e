package scim

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/go-playground/validator/v10"

	"github.com/muster-scim/muster/schema"
)

// ConfigError lists every mistake of a Config.
type ConfigError struct {
	// Problems are in the order of the fields.
	Problems []ConfigProblem
}

// ConfigProblem is one mistake: which field, what is wrong, and what to do.
type ConfigProblem struct {
	Field  string // as in Go, such as "Limits.PageSize"
	Detail string // what is wrong
	Cure   string // what to do
}

// String returns field, mistake and cure in one line.
func (p ConfigProblem) String() string { return p.Field + ": " + p.Detail + "; " + p.Cure }

// Error lists all problems, one per line if there are several.
func (e *ConfigError) Error() string {
	return "scim: invalid Config: " + problemLines(e.Problems)
}

func problemLines(problems []ConfigProblem) string {
	texts := make([]string, len(problems))
	for i, p := range problems {
		texts[i] = p.String()
	}
	return strings.Join(texts, "\n\t")
}

func (e *ConfigError) add(field, detail, cure string) {
	e.Problems = append(e.Problems, ConfigProblem{field, detail, cure})
}

// validate returns a *ConfigError with all mistakes of c, or nil.
func (c *Config) validate() error {
	e := &ConfigError{}
	c.checkTypes(e)
	c.checkStore(e)
	c.checkAuthentication(e)
	c.checkURLs(e)
	c.checkLimits(e)
	c.checkCursors(e)
	c.checkProfile(e)
	c.checkEvents(e)
	c.checkAsync(e)
	c.checkLifecycle(e)
	if len(e.Problems) == 0 {
		return nil
	}
	return e
}

func (c *Config) checkTypes(e *ConfigError) {
	if len(c.Types) == 0 {
		e.add("Types", "is empty", "list the resource types to serve, such as schema.UserDefinition().MustCompile()")
		return
	}
	_, err := schema.NewRegistry(c.Types...)
	if err == nil {
		return
	}
	var clashes *schema.DefinitionError
	if !errors.As(err, &clashes) {
		e.add("Types", err.Error(), "correct the definitions")
		return
	}
	for _, p := range clashes.Problems {
		e.add("Types", p.String(), "correct the definition")
	}
}

func (c *Config) checkStore(e *ConfigError) {
	switch {
	case c.Store == nil && c.StoreFor == nil:
		e.add("Store", "is missing", "set Store, or StoreFor for several tenants")
	case c.Store != nil && c.StoreFor != nil:
		e.add("StoreFor", "is set beside Store", "set only one of them")
	}
}

func (c *Config) checkAuthentication(e *ConfigError) {
	switch {
	case c.Authenticate == nil && !c.AllowAnonymous:
		e.add("Authenticate", "is missing, so anybody could change everything", "set it, for example to BearerTokens.Authenticate, or set AllowAnonymous")
	case c.Authenticate != nil && c.AllowAnonymous:
		e.add("AllowAnonymous", "is set beside Authenticate", "set only one of them")
	}
	for i, s := range c.AuthenticationSchemes {
		if s.Type == "" || s.Name == "" || s.Description == "" {
			e.add(fmt.Sprintf("AuthenticationSchemes[%d]", i), "lacks a type, name or description", "RFC 7643 §5 requires all three")
		}
	}
}

func (c *Config) checkURLs(e *ConfigError) {
	checkURL(e, "BaseURL", c.BaseURL)
	checkURL(e, "DocumentationURI", c.DocumentationURI)
	for i, host := range c.TrustedHosts {
		if host == "" || strings.ContainsAny(host, "/@ ") {
			e.add(fmt.Sprintf("TrustedHosts[%d]", i), fmt.Sprintf("%q is not a host name", host), `write it as in the Host header, such as "id.example.com"`)
		}
	}
}

func checkURL(e *ConfigError, field, text string) {
	if text == "" {
		return
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		e.add(field, fmt.Sprintf("%q is not an absolute URL", text), "start it with https://")
	case field == "BaseURL" && (u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.User != nil):
		e.add(field, "has a query, a fragment or credentials", "leave only scheme, host and path (RFC 7644 §1.3)")
	}
}

var structTags = validator.New(validator.WithRequiredStructEnabled())

func (c *Config) checkLimits(e *ConfigError) {
	checkLimitTags(c.Limits, e.add)
	limits := c.Limits.withDefaults()
	if limits.DefaultPageSize > limits.PageSize {
		e.add("Limits.DefaultPageSize", "is larger than Limits.PageSize", "make it smaller")
	}
	if c.Timeout < 0 {
		e.add("Timeout", "is negative", "use a positive duration, or 0 for the default")
	}
}

func (c *Config) checkCursors(e *ConfigError) {
	if n := len(c.CursorKey); n > 0 && n < 16 {
		e.add("CursorKey", fmt.Sprintf("has %d bytes", n), "use at least 16 random bytes, or none for a random key")
	}
	if c.CursorTimeout < 0 {
		e.add("CursorTimeout", "is negative", "use a positive duration, or 0 for the default")
	}
}
