package scimtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// replay runs one scenario once.
type replay struct {
	wire  *wire
	trace *Trace
	vars  vars
	steps []Step
	made  []made
}

// made is a resource that a scenario created and that is deleted afterwards.
type made struct {
	target string
	header http.Header
}

func newReplay(w *wire, t *Trace) *replay {
	return &replay{wire: w, trace: t, vars: vars{"base": w.base.String(), "token": w.token, "run": freshRun()}}
}

// freshRun returns eight random hexadecimal digits.
func freshRun() string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

func (r *replay) run(ctx context.Context) {
	for steps := r.trace.steps; len(steps) > 0; {
		n := groupSize(steps)
		if n == 1 {
			r.repeat(ctx, &steps[0])
		} else {
			r.parallel(ctx, steps[:n])
		}
		steps = steps[n:]
	}
}

// groupSize returns how many of the leading steps are started together.
func groupSize(steps []traceStep) int {
	n := 1
	for steps[0].parallel != "" && n < len(steps) && steps[n].parallel == steps[0].parallel {
		n++
	}
	return n
}

func (r *replay) repeat(ctx context.Context, s *traceStep) {
	for i := 1; i <= s.repeat; i++ {
		r.vars["i"] = strconv.Itoa(i)
		out := r.step(ctx, s, r.vars)
		r.capture(s, &out)
		r.keep(s, out)
		if out.failed() {
			return // the further repetitions would say the same
		}
	}
}

func (r *replay) parallel(ctx context.Context, steps []traceStep) {
	out := make([]Step, len(steps))
	start := make(chan struct{})
	var wait sync.WaitGroup
	for i := range steps {
		mine := maps.Clone(r.vars)
		wait.Go(func() {
			<-start
			out[i] = r.step(ctx, &steps[i], mine)
		})
	}
	close(start)
	wait.Wait()
	for i := range steps {
		r.keep(&steps[i], out[i])
	}
}

// keep records a step, and notes what it created.
func (r *replay) keep(s *traceStep, out Step) {
	r.steps = append(r.steps, out)
	if e := out.Exchange; e != nil && s.method == http.MethodPost && e.Status == http.StatusCreated {
		body, _ := decodeJSON(e.raw)
		if id := textAt(body, "id"); id != "" {
			path, _, _ := strings.Cut(r.vars.path(s.path), "?")
			r.made = append(r.made, made{path + "/" + percentEncode(id), r.header(s, r.vars)})
		}
	}
}

func (r *replay) step(ctx context.Context, s *traceStep, v vars) Step {
	out := Step{Name: v.text(s.name), Role: s.role}
	for _, name := range varsIn([]any{s.path, s.body, headerValues(s.header)}) {
		if _, ok := v[name]; !ok {
			out.NotRun = fmt.Sprintf("${%s} is unknown, because an earlier step did not return it", name)
			return out
		}
	}
	out.Exchange = r.wire.send(ctx, message{s.method, v.path(s.path), r.header(s, v), r.body(s, v)})
	r.judge(s, v, &out)
	return out
}

func headerValues(h http.Header) []any {
	var out []any
	for _, values := range h {
		for _, v := range values {
			out = append(out, v)
		}
	}
	return out
}

func (r *replay) header(s *traceStep, v vars) http.Header {
	out := http.Header{}
	for name, values := range s.header {
		out[name] = nil
		for _, value := range values {
			out[name] = []string{v.text(value)}
		}
	}
	return out
}

// body substitutes in the text of the body, so that it keeps its member order.
func (r *replay) body(s *traceStep, v vars) []byte {
	if s.body == nil {
		return nil
	}
	text := v.replace(string(s.body), escapeJSON)
	var out bytes.Buffer
	if err := json.Compact(&out, []byte(text)); err != nil {
		return []byte(text)
	}
	return out.Bytes()
}

// escapeJSON is the text of a JSON string without its quotes.
func escapeJSON(text string) string {
	literal := compactJSON(text)
	return literal[1 : len(literal)-1]
}

// capture sets variables from the response.
func (r *replay) capture(s *traceStep, out *Step) {
	if len(s.captures) == 0 || out.Exchange == nil {
		return
	}
	body, _ := decodeJSON(out.Exchange.raw)
	for _, c := range s.captures {
		p, err := parsePointer(r.vars.text(c.at))
		value, ok := p.resolve(body)
		if err != nil || !ok || emptyJSON(value) {
			delete(r.vars, c.name)
			out.problem(c.at, "a value to continue with", shown(value, ok))
			continue
		}
		r.vars[c.name] = textOf(value)
	}
}

// cleanUp deletes what the scenario created, newest first, even when the run has
// been stopped.
func (r *replay) cleanUp(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	for _, m := range slices.Backward(r.made) {
		if r.wire.gone() {
			return
		}
		m.header.Del("Content-Type")
		r.wire.send(ctx, message{http.MethodDelete, m.target, m.header, nil})
	}
}

func (s *Step) problem(at, expected, got string) {
	s.Problems = append(s.Problems, Problem{at, expected, got})
}

func (s *Step) failed() bool { return len(s.Problems) > 0 || s.NotRun != "" }
