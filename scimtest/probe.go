package scimtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// probe is what an RFC case works with: it sends requests, collects evidence,
// and remembers what to delete. Methods that give up end the goroutine of the
// case, as testing.T does.
type probe struct {
	ctx context.Context
	s   *session
	m   *model

	mu     sync.Mutex // guards what follows, for cases that send in parallel
	steps  []*Step
	made   []string
	reason string // why the case does not apply
	serial int
	run    string
}

// rfcCase is one check of the protocol. Exactly one of each and once is set:
// each runs for every resource type, once a single time.
type rfcCase struct {
	name, title string
	covers      string // requirement ids, the first gives the clause
	level       Level
	feature     string // of ServiceProviderConfig, without which it does not apply
	cause       string
	racy        bool   // the outcome depends on chance: repeat
	unless      string // profile that settles the matter the other way
	each        func(*probe, *resType)
	once        func(*probe)
}

// plan makes the public face of the case.
func (c *rfcCase) plan(profiles []string) planned {
	area, _, _ := strings.Cut(c.name, "/")
	covers := strings.Fields(c.covers)
	public := Case{Name: c.name, Title: c.title, Area: area, Clause: clauseOf(at(covers, 0)), Covers: covers, Level: c.level, Cause: c.cause}
	if c.unless != "" && slices.Contains(profiles, c.unless) {
		public.Level = Informational
	}
	return planned{public, func(ctx context.Context, s *session) Result { return s.judgeRFC(ctx, public, c) }}
}

// clauseOf turns "7644-3.5.2-21" into "RFC 7644 §3.5.2".
func clauseOf(id string) string {
	parts := strings.SplitN(id, "-", 3)
	if len(parts) < 2 {
		return ""
	}
	return "RFC " + parts[0] + " §" + parts[1]
}

func (s *session) judgeRFC(ctx context.Context, public Case, c *rfcCase) Result {
	out := Result{Case: public}
	start := time.Now()
	rounds := 1
	if c.racy {
		rounds = s.options.Rounds
	}
	if m := s.model(ctx); !m.supports(c.feature) {
		out.Outcome, out.Reason = Skipped, fmt.Sprintf("the server does not announce %s", c.feature)
		rounds = 0
	}
	for range rounds {
		s.round(ctx, c, &out)
		if out.Outcome != Passed {
			break
		}
	}
	out.Elapsed = time.Since(start)
	return out
}

// round runs a case once, for all resource types it applies to.
func (s *session) round(ctx context.Context, c *rfcCase, out *Result) {
	out.Steps = nil
	var reasons []string
	applied := false
	for _, f := range c.bodies(s.model(ctx)) {
		p := &probe{ctx: ctx, s: s, m: s.model(ctx), run: freshRun()}
		done := make(chan struct{})
		go func() {
			defer close(done)
			f(p)
		}()
		<-done
		if !s.options.Keep {
			p.cleanUp()
		}
		for _, step := range p.steps {
			out.Steps = append(out.Steps, *step)
			if step.failed() {
				out.Outcome = Failed
			}
		}
		applied = applied || p.reason == ""
		reasons = append(reasons, p.reason)
	}
	if !applied && out.Outcome != Failed {
		out.Outcome, out.Reason = Skipped, strings.Join(slices.Compact(reasons), "; ")
	}
}

// bodies returns the functions to run.
func (c *rfcCase) bodies(m *model) []func(*probe) {
	if c.once != nil {
		return []func(*probe){c.once}
	}
	var out []func(*probe)
	for _, t := range m.types {
		out = append(out, func(p *probe) { c.each(p, t) })
	}
	return out
}

// skip ends the case for this resource type: it does not apply.
func (p *probe) skip(format string, args ...any) {
	p.reason = fmt.Sprintf(format, args...)
	p.stop()
}

func (p *probe) stop() { runtime.Goexit() }

// need returns a, or ends the case when the type has no such attribute.
func (p *probe) need(t *resType, a *attr, kind string) *attr {
	if a == nil {
		p.skip("%s has no %s", t.name, kind)
	}
	return a
}

// unique returns a fresh name, with a prefix that all names of this probe share.
func (p *probe) unique() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.serial++
	return fmt.Sprintf("st-%s-%02d", p.run, p.serial)
}

func (p *probe) prefix() string { return "st-" + p.run + "-" }

// raw is a request body that is sent as it is.
type raw string

// send performs a request and records it as a step. Extra headers are given as
// name, value pairs; an empty value removes the header.
func (p *probe) send(name, method, target string, body any, extra ...string) *reply {
	m := message{method: method, target: target, header: p.s.header.Clone()}
	m.header.Set("Accept", "application/scim+json")
	switch body := body.(type) {
	case nil:
	case raw:
		m.body = []byte(body)
	default:
		m.body = []byte(compactJSON(body))
	}
	if m.body != nil {
		m.header.Set("Content-Type", "application/scim+json")
	}
	for i := 0; i+1 < len(extra); i += 2 {
		if m.header.Set(extra[i], extra[i+1]); extra[i+1] == "" {
			m.header.Del(extra[i])
		}
	}
	return p.record(name, p.s.wire.send(p.ctx, m))
}

func (p *probe) record(name string, e *Exchange) *reply {
	step := &Step{Name: name, Exchange: e}
	p.mu.Lock()
	p.steps = append(p.steps, step)
	p.mu.Unlock()
	r := &reply{p: p, step: step, e: e}
	r.body, r.err = decodeJSON(e.raw)
	return r
}

func (p *probe) get(name, target string, extra ...string) *reply {
	return p.send(name, http.MethodGet, target, nil, extra...)
}

// create posts a resource and remembers to delete it. It does not judge.
func (p *probe) create(name string, t *resType, body any, extra ...string) *reply {
	r := p.send(name, http.MethodPost, t.endpoint, body, extra...)
	if r.e.Status == http.StatusCreated {
		p.remember(t, r.id())
	}
	return r
}

func (p *probe) remember(t *resType, id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if id != "" {
		p.made = append(p.made, t.endpoint+"/"+percentEncode(id))
	}
}

// resource is one that a case has created.
type resource struct {
	*reply
	t   *resType
	key string // value of the key attribute
}

func (r *resource) url() string { return r.t.endpoint + "/" + percentEncode(r.id()) }

// given creates a minimal resource after edit has changed it. A type that
// cannot be created does not take part; any other failure ends the case.
func (p *probe) given(t *resType, edit ...func(object)) *resource {
	unique := p.unique()
	body := t.minimal(unique)
	for _, f := range edit {
		f(body)
	}
	r := p.create("create "+t.name, t, body)
	if s := r.e.Status; s == http.StatusMethodNotAllowed || s == http.StatusNotImplemented || s == http.StatusForbidden {
		p.skip("%s cannot be created here (%d)", t.name, s)
	}
	r.must(http.StatusCreated)
	if r.id() == "" {
		r.step.problem("/id", "the id of the new resource", shown(member(r.body, "id"), true))
		p.stop()
	}
	out := &resource{reply: r, t: t}
	if key := t.key(); key != nil {
		out.key = textAt(body, key.name)
	}
	return out
}

// with sets an attribute in a representation.
func with(t *resType, a *attr, v any) func(object) {
	return func(o object) { t.set(o, a, v) }
}

// read gets the resource and asks for 200.
func (p *probe) read(r *resource) *reply { return p.get("read it back", r.url()).must(http.StatusOK) }

// query lists a type with the given parameters, name and value in turn.
func (p *probe) query(name string, t *resType, params ...string) *reply {
	return p.get(name, t.endpoint+"?"+encodeQuery(params...))
}

func encodeQuery(params ...string) string {
	var out []string
	for i := 0; i+1 < len(params); i += 2 {
		out = append(out, params[i]+"="+percentEncode(params[i+1]))
	}
	return strings.Join(out, "&")
}

// cleanUp deletes what the case created, newest first, even when the run has been
// stopped.
func (p *probe) cleanUp() {
	ctx := context.WithoutCancel(p.ctx)
	for _, target := range slices.Backward(p.made) {
		if p.s.wire.gone() {
			return
		}
		p.s.wire.send(ctx, message{http.MethodDelete, target, p.s.header, nil})
	}
}

// literal writes a string as a filter operand.
func literal(text string) string { return compactJSON(text) }

// jsonOf brings a Go value into the form of decodeJSON.
func jsonOf(v any) any {
	data, err := json.Marshal(v)
	if err != nil {
		return v
	}
	out, _ := decodeJSON(data)
	return out
}

// pathOf returns the path of an absolute URL below the base URL, if it is.
func (p *probe) pathOf(location string) (string, bool) {
	u, err := url.Parse(location)
	if err != nil || u.Host == "" {
		return "", false
	}
	rest, ok := strings.CutPrefix(u.EscapedPath(), p.s.wire.base.EscapedPath()+"/")
	return "/" + rest, ok
}
