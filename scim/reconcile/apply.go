package reconcile

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/muster-scim/muster/internal/wait"
	"github.com/muster-scim/muster/schema"
)

// ExtraPolicy says what to do with what is there and not expected.
type ExtraPolicy string

// The policies for what is extra.
const (
	LeaveExtra      ExtraPolicy = ""           // only report it
	DeactivateExtra ExtraPolicy = "deactivate" // set active to false
	DeleteExtra     ExtraPolicy = "delete"     // delete it
)

// Applier mends what a comparison has found, by SCIM requests. Types and Client
// are required.
type Applier struct {
	// Client sends the requests.
	Client *Client
	// Types are the types of the findings.
	Types []*schema.ResourceType
	// Commit makes it real. Without it nothing is sent.
	Commit bool
	// Extra says what to do with what is not expected. If the list has rows that
	// could not be understood, nobody knows who is extra: then nothing is done
	// about them, and each has failed with ErrIncomplete.
	Extra ExtraPolicy
	// Rate is the largest number of requests per second; 0 is no limit.
	Rate float64
	// After resumes: findings up to this key are passed over. Findings of one
	// comparison come in the order of their keys.
	After string
	// Done is called after each finding, with what was done about it: "" if
	// nothing had to be, otherwise "create", "patch", "deactivate" or "delete".
	// It can keep Finding.Key for After. An error from it ends the run. Nil is
	// allowed.
	Done func(f Finding, action string, err error) error
	// Attempts is how often a request is tried if the server is busy: 5 times by
	// default.
	Attempts int
}

// Applied counts what was done, or without Commit would have been.
type Applied struct {
	Created     int // were missing
	Patched     int // were different, or had a membership too many
	Deactivated int // were extra
	Deleted     int // were extra
	Failed      int // were refused by the service, or cannot be mended
	Malformed   int // rows of the lists that could not be understood
}

// ErrIncomplete keeps what is extra from being deactivated or deleted, because
// the row that expects it may be one that could not be understood.
var ErrIncomplete = errors.New("reconcile: rows of the list could not be understood, so it is not known who is extra")

// Apply mends the findings one by one. What the server refuses is counted as
// failed and handed to Done, and the run goes on, except that a 409 because the
// service holds mass changes fails each of them. Apply ends with an error of
// the findings, of ctx or of Done. It can be repeated: what is mended already
// changes nothing.
func (a *Applier) Apply(ctx context.Context, findings iter.Seq2[Finding, error]) (Applied, error) {
	var done Applied
	var next time.Time
	for f, err := range findings {
		if err != nil {
			return done, err
		}
		if f.Kind == Malformed {
			done.Malformed++ // they come before everything else
		} else if a.After != "" && f.Key <= a.After {
			continue
		}
		action, err := a.request(f)
		if f.Kind == Extra && action.verb != "" && done.Malformed > 0 {
			err = ErrIncomplete
		}
		if err == nil && action.verb != "" && a.Commit {
			next, err = a.send(ctx, action, next)
		}
		if ctx.Err() != nil {
			return done, ctx.Err()
		}
		done.count(action.verb, err)
		if a.Done != nil {
			if err := a.Done(f, action.verb, err); err != nil {
				return done, err
			}
		}
	}
	return done, nil
}

func (d *Applied) count(action string, err error) {
	switch {
	case err != nil:
		d.Failed++
	case action == "create":
		d.Created++
	case action == "patch":
		d.Patched++
	case action == "deactivate":
		d.Deactivated++
	case action == "delete":
		d.Deleted++
	}
}

// action is the request that mends a finding.
type action struct {
	verb, method, path, version string
	body                        []byte
}

// request makes the request for a finding; none if there is nothing to do.
func (a *Applier) request(f Finding) (act action, err error) {
	switch {
	case f.Kind == Missing:
		act = action{verb: "create", method: http.MethodPost, path: f.Expected.Type().Endpoint()}
		act.body, err = f.Expected.AppendJSON(nil, &schema.Encoding{All: true})
	case f.Patch != nil:
		act = action{verb: "patch", method: http.MethodPatch}
		act.body, err = f.Patch.AppendJSON(nil)
	case f.Kind == Extra && a.Extra == DeleteExtra:
		act = action{verb: "delete", method: http.MethodDelete}
	case f.Kind == Extra && a.Extra == DeactivateExtra && isOn(f.Actual):
		act = action{verb: "deactivate", method: http.MethodPatch, body: []byte(deactivation)}
	default:
		return action{}, nil
	}
	if act.path == "" && err == nil {
		act.path, err = a.pathOf(f)
	}
	if f.Actual != nil {
		act.version = f.Actual.Version()
	}
	return act, err
}

// deactivation is the request that switches an account off.
const deactivation = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"active","value":false}]}`

// isOn reports whether r can be deactivated and is not.
func isOn(r *schema.Resource) bool {
	p, err := r.Type().Path("active")
	return err == nil && (r.Get(p).IsZero() || r.Get(p).Bool())
}

func (a *Applier) pathOf(f Finding) (string, error) {
	for _, t := range a.Types {
		if t.Name() == f.Ref.Type {
			return t.Endpoint() + "/" + url.PathEscape(string(f.Ref.ID)), nil
		}
	}
	return "", fmt.Errorf("reconcile: %s is of no known type", f.Ref)
}

// send sends a request not before next, and again if the server is busy. It
// returns when the request after it may be sent. What has gone already is
// deleted, and what changed since it was compared is left alone.
func (a *Applier) send(ctx context.Context, act action, next time.Time) (time.Time, error) {
	for attempt := 1; ; attempt++ {
		if err := wait.For(ctx, time.Until(next)); err != nil {
			return next, err
		}
		if a.Rate > 0 {
			next = time.Now().Add(time.Duration(float64(time.Second) / a.Rate))
		}
		var header []string
		if act.version != "" {
			header = []string{"If-Match", act.version}
		}
		_, err := a.Client.send(ctx, act.method, act.path, act.body, header...)
		var status *StatusError
		switch {
		case errors.As(err, &status) && status.Status == http.StatusNotFound && act.verb == "delete":
			return next, nil
		case !errors.As(err, &status) || !busy(status.Status) || attempt >= orDefault(a.Attempts, 5):
			return next, err
		}
		if err := wait.For(ctx, max(status.RetryAfter, time.Second)); err != nil {
			return next, err
		}
	}
}

func busy(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable
}

func orDefault(n, byDefault int) int {
	if n == 0 {
		return byDefault
	}
	return n
}
