package reconcile_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/scim/reconcile"
	"github.com/muster-scim/muster/store/memstore"
)

var (
	users  = schema.UserDefinition().MustCompile()
	groups = schema.GroupDefinition().MustCompile()
)

// service is a SCIM service and a client of it.
func service(t testing.TB, adjust ...func(*scim.Config)) (*reconcile.Client, *memstore.Store) {
	t.Helper()
	s := memstore.New(nil)
	c := scim.Config{Types: []*schema.ResourceType{users, groups}, Store: s, AllowAnonymous: true, Journal: true}
	for _, f := range adjust {
		f(&c)
	}
	h, err := scim.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return &reconcile.Client{Base: "http://scim.test", HTTP: reconcile.HandlerClient(h), PageSize: 2}, s
}

func jsonLines(rows ...string) reconcile.Rows {
	return reconcile.FromJSONLines(strings.NewReader(strings.Join(rows, "\n")), users)
}

// fill creates what rows say.
func fill(t testing.TB, c *reconcile.Client, rows ...string) {
	t.Helper()
	findings := reconcile.Compare(t.Context(), users, jsonLines(rows...), jsonLines(), nil)
	a := reconcile.Applier{Client: c, Types: []*schema.ResourceType{users}, Commit: true}
	if done, err := a.Apply(t.Context(), findings); err != nil || done.Failed > 0 {
		t.Fatal(done, err)
	}
}

// lines are the findings as text.
func lines(t testing.TB, findings iter.Seq2[reconcile.Finding, error]) []string {
	t.Helper()
	var list []string
	for f, err := range findings {
		if err != nil {
			return append(list, "error: "+err.Error())
		}
		list = append(list, strings.TrimSpace(fmt.Sprintln(f.Kind, f.Key, f.Line, f.Paths)))
	}
	return list
}

func expect(t testing.TB, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestCompare(t *testing.T) {
	c, s := service(t)
	fill(t, c,
		`{"userName":"ann","title":"Dr","name":{"givenName":"Ann","familyName":"A"},"emails":[{"value":"a@x.org","type":"work","primary":true}]}`,
		`{"userName":"bob"}`, `{"userName":"cyd","active":true}`, `{"userName":"dot"}`)
	expected := func() reconcile.Rows {
		return jsonLines(
			`{"userName":"eve"}`,
			`{"userName":"CYD","active":false}`,
			`{"userName":"ann","name":{"givenName":"Anna"},"emails":[{"value":"a@x.org"}]}`,
			``,
			`{"userName":"dot"}`,
			`{"userName":"Dot"}`,
		)
	}
	want := []string{"different ann 3 [name.givenName]", "extra bob 0 []", "different cyd 2 [active]", "duplicate dot 6 []", "missing eve 1 []"}
	for name, actual := range map[string]reconcile.Rows{"store": reconcile.FromStore(t.Context(), s, users), "server": c.Rows(t.Context(), users)} {
		for _, memory := range []int{0, 1, 600} { // all in memory; each row in a file of its own; some
			t.Run(fmt.Sprint(name, memory), func(t *testing.T) {
				o := &reconcile.Options{Memory: memory, TempDir: t.TempDir()}
				expect(t, lines(t, reconcile.Compare(t.Context(), users, expected(), actual, o)), want...)
			})
		}
	}
}

func TestCSV(t *testing.T) {
	c, s := service(t)
	fill(t, c,
		`{"userName":"ann","title":"Dr","emails":[{"value":"a@x.org","type":"work"}],"active":true}`,
		`{"userName":"bob","title":"Mr","emails":[{"value":"b@x.org"},{"value":"b2@x.org"}]}`)
	table := "userName,title,emails.value,active,urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department\n" +
		"ann,Dr,a@x.org,TRUE,\n" +
		"bob,,b@x.org;b3@x.org,,IT\n"
	findings := reconcile.Compare(t.Context(), users, reconcile.FromCSV(strings.NewReader(table), users), reconcile.FromStore(t.Context(), s, users), nil)
	expect(t, lines(t, findings), "different bob 3 [title emails urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department]")
}

func TestMalformedRows(t *testing.T) {
	none := jsonLines()
	for _, c := range []struct {
		name string
		list func() reconcile.Rows
		want []string
	}{
		{"JSON", func() reconcile.Rows {
			return jsonLines(`{"userName":"ann"}`, `{"userName":`, `{"userName":7.5,"x":1}`, `{"userName":"bob"}`)
		},
			[]string{"malformed  2 []", "malformed  3 []", "missing ann 1 []", "missing bob 4 []"}},
		{"no key", func() reconcile.Rows { return jsonLines(`{"title":"x"}`) }, []string{"malformed  1 []"}},
		{"CSV", func() reconcile.Rows {
			return reconcile.FromCSV(strings.NewReader("userName,active\nann,perhaps\nbob,true,7\n\"x\" y,true\ncyd,false\n"), users)
		}, []string{"malformed  2 []", "malformed  3 []", "malformed  4 []", "missing cyd 5 []"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			expect(t, lines(t, reconcile.Compare(t.Context(), users, c.list(), none, &reconcile.Options{SkipMalformed: true})), c.want...)
			strict := lines(t, reconcile.Compare(t.Context(), users, c.list(), none, nil))
			if len(strict) != 1 || !strings.HasPrefix(strict[0], "error: line ") {
				t.Errorf("without SkipMalformed: %v", strict)
			}
		})
	}
	for header, says := range map[string]string{"": "header", "userName,nonsense": "column 2", "userName,USERNAME": "twice", "name,userName": "has parts"} {
		got := lines(t, reconcile.Compare(t.Context(), users, reconcile.FromCSV(strings.NewReader(header), users), none, &reconcile.Options{SkipMalformed: true}))
		if len(got) != 1 || !strings.Contains(got[0], says) {
			t.Errorf("header %q: %v", header, got)
		}
	}
	for key, says := range map[string]string{"nonsense": "nonsense", "emails.value": "cannot be a key", "name": "cannot be a key"} {
		got := lines(t, reconcile.Compare(t.Context(), users, none, none, &reconcile.Options{Key: key}))
		if len(got) != 1 || !strings.Contains(got[0], says) {
			t.Errorf("key %q: %v", key, got)
		}
	}
}

// TestApplyIsIdempotent: after a run there is nothing left to find, a run over
// old findings changes nothing, and one without Commit sends nothing.
func TestApplyIsIdempotent(t *testing.T) {
	c, s := service(t)
	fill(t, c, `{"userName":"ann","title":"Dr"}`, `{"userName":"bob","active":true}`, `{"userName":"cyd"}`)
	expected := func() reconcile.Rows {
		return jsonLines(`{"userName":"ann","title":"Prof"}`, `{"userName":"eve"}`, `{"userName":"cyd"}`)
	}
	compare := func() iter.Seq2[reconcile.Finding, error] {
		return reconcile.Compare(t.Context(), users, expected(), c.Rows(t.Context(), users), nil)
	}
	a := reconcile.Applier{Client: c, Types: []*schema.ResourceType{users}, Extra: reconcile.DeactivateExtra}
	want := reconcile.Applied{Created: 1, Patched: 1, Deactivated: 1}
	if done, err := a.Apply(t.Context(), compare()); done != want || err != nil {
		t.Errorf("dry run: %+v, %v", done, err)
	}
	if left := lines(t, compare()); len(left) != 3 {
		t.Errorf("the dry run has left %v", left)
	}
	a.Commit = true
	for _, want := range []reconcile.Applied{want, {}} {
		if done, err := a.Apply(t.Context(), compare()); done != want || err != nil {
			t.Errorf("applied %+v, want %+v, %v", done, want, err)
		}
	}
	expect(t, lines(t, compare()), "extra bob 0 []")
	a.Extra = reconcile.DeleteExtra
	stale := slices.Collect(keysOf(compare()))
	for range 2 {
		if done, err := a.Apply(t.Context(), replay(stale)); done.Failed > 0 || err != nil {
			t.Errorf("applied %+v, %v", done, err)
		}
	}
	if left := lines(t, compare()); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	for r, err := range s.Scan(t.Context(), "User", "") {
		if err != nil || r.Get(users.MustPath("userName")).Text() == "bob" {
			t.Errorf("%v is there, %v", r.ID(), err)
		}
	}
}

func keysOf(findings iter.Seq2[reconcile.Finding, error]) iter.Seq[reconcile.Finding] {
	return func(yield func(reconcile.Finding) bool) {
		for f, err := range findings {
			if err != nil || !yield(f) {
				return
			}
		}
	}
}

func replay(list []reconcile.Finding) iter.Seq2[reconcile.Finding, error] {
	return func(yield func(reconcile.Finding, error) bool) {
		for _, f := range list {
			if !yield(f, nil) {
				return
			}
		}
	}
}

// TestApplyPassesTheGuards: mass changes are held as those of any client, and a
// run that was stopped goes on after its last key.
func TestApplyPassesTheGuards(t *testing.T) {
	limits := []scim.BrakeLimit{{Kind: scim.Removed, Window: time.Hour, Max: 1}}
	c, s := service(t, func(c *scim.Config) { c.Lifecycle.Brake = &scim.Brake{Limits: limits} })
	fill(t, c, `{"userName":"ann"}`, `{"userName":"bob"}`, `{"userName":"cyd"}`)
	compare := func() iter.Seq2[reconcile.Finding, error] {
		return reconcile.Compare(t.Context(), users, jsonLines(), c.Rows(t.Context(), users), nil)
	}
	var reached string
	held := errors.New("held")
	a := reconcile.Applier{Client: c, Types: []*schema.ResourceType{users}, Commit: true, Extra: reconcile.DeleteExtra}
	a.Done = func(f reconcile.Finding, _ string, err error) error {
		var status *reconcile.StatusError
		if errors.As(err, &status) && status.Status == http.StatusConflict {
			return held
		}
		reached = f.Key
		return nil
	}
	if done, err := a.Apply(t.Context(), compare()); !errors.Is(err, held) || done.Deleted != 1 || reached != "ann" {
		t.Fatalf("%+v, %v, reached %q", done, err, reached)
	}
	operator, err := scim.New(scim.Config{Types: []*schema.ResourceType{users, groups}, Store: s, AllowAnonymous: true})
	if err == nil {
		err = operator.Release(t.Context(), scim.Tenant{Store: s}, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	a.After = "bob" // pretends that bob was dealt with
	if done, err := a.Apply(t.Context(), compare()); err != nil || done.Deleted != 1 || reached != "cyd" {
		t.Errorf("%+v, %v, reached %q", done, err, reached)
	}
}

// TestApplyWaits: for the rate, and for a server that is busy.
func TestApplyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Duration
		began := time.Now()
		busy := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			at = append(at, time.Since(began))
			if len(at) == 1 {
				w.Header().Set("Retry-After", "7")
				w.WriteHeader(http.StatusTooManyRequests)
			}
		})
		a := reconcile.Applier{Client: &reconcile.Client{Base: "http://x", HTTP: reconcile.HandlerClient(busy)}, Commit: true, Rate: 2}
		findings := reconcile.Compare(t.Context(), users, jsonLines(`{"userName":"ann"}`, `{"userName":"bob"}`), jsonLines(), nil)
		if done, err := a.Apply(t.Context(), findings); done.Created != 2 || err != nil {
			t.Errorf("%+v, %v", done, err)
		}
		if want := []time.Duration{0, 7 * time.Second, 7500 * time.Millisecond}; !slices.Equal(at, want) {
			t.Errorf("requests at %v, want %v", at, want)
		}
	})
}

func TestMembers(t *testing.T) {
	user := func(id, active string) reconcile.Rows {
		return jsonLines(`{"id":"` + id + `","userName":"x","active":` + active + `}`)
	}
	list := reconcile.FromJSONLines(strings.NewReader(
		`{"id":"g1","displayName":"G1","members":[{"value":"on"},{"value":"off"},{"value":"gone"}]}`+"\n"+
			`{"id":"g2","displayName":"G2","members":[{"value":"g1"},{"value":"gone"}]}`), groups)
	findings := reconcile.Members(t.Context(), list, "members", nil, user("on", "true"), user("off", "false"))
	var got []string
	for f, err := range findings {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(f.Kind, " ", f.Key, " in ", f.Ref, " ", f.Patch.Operations[0].Path))
	}
	expect(t, got,
		`orphanedMember gone in Group/g1 members[value eq "gone"]`,
		`orphanedMember gone in Group/g2 members[value eq "gone"]`,
		`inactiveMember off in Group/g1 members[value eq "off"]`)
}

func TestReports(t *testing.T) {
	findings := func() iter.Seq2[reconcile.Finding, error] {
		return reconcile.Compare(t.Context(), users,
			jsonLines(`{"userName":"=cmd()","password":"s3cret"}`, `{"userName":"<b>"}`, `{`), jsonLines(`{"id":"7","userName":"bob"}`),
			&reconcile.Options{SkipMalformed: true})
	}
	for format, says := range map[reconcile.Format][]string{
		reconcile.Text: {`missing        "=cmd()" (line 1)`, `extra          "bob"`, "1 extra, 1 malformed, 2 missing"},
		reconcile.CSV:  {"kind,key,line,type,id,detail", "missing,'=cmd(),1,,,", "extra,bob,,User,7,"},
		reconcile.HTML: {"<td>missing</td><td>&lt;b&gt;</td><td>2</td>", "1 extra, 1 malformed, 2 missing"},
	} {
		var out bytes.Buffer
		summary, err := reconcile.Write(&out, format, findings())
		if err != nil || summary[reconcile.Missing] != 2 {
			t.Errorf("%s: %v, %v", format, summary, err)
		}
		for _, text := range says {
			if !strings.Contains(out.String(), text) {
				t.Errorf("%s: %q is missing in\n%s", format, text, &out)
			}
		}
		if strings.Contains(out.String(), "s3cret") {
			t.Errorf("%s shows a password", format)
		}
	}
	if _, err := reconcile.Write(&bytes.Buffer{}, "pdf", findings()); err == nil {
		t.Error("there is a format pdf")
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := lines(t, reconcile.Compare(ctx, users, jsonLines(`{"userName":"ann"}`), jsonLines(), nil))
	expect(t, got, "error: context canceled")
}

// TestMany compares many rows in little memory and in any order.
func TestMany(t *testing.T) {
	const n = 5000
	list := func(step, missing int) reconcile.Rows {
		return func(yield func(reconcile.Row, error) bool) {
			for i := range n {
				k := i * step % n
				b := users.New()
				if err := b.Set(users.MustPath("userName"), schema.String(fmt.Sprintf("u%05d", k))); err != nil {
					t.Error(err)
				}
				if k != missing && !yield(reconcile.Row{Line: i + 1, Resource: b.Resource()}, nil) {
					return
				}
			}
		}
	}
	rows := 0
	o := &reconcile.Options{Memory: 64 << 10, TempDir: t.TempDir(), Progress: func(n int) { rows = n }}
	got := lines(t, reconcile.Compare(t.Context(), users, list(7, 17), list(11, 99), o))
	expect(t, got, "extra u00017 0 []", fmt.Sprintf("missing u00099 %d []", slices.Index(order(7, n), 99)+1))
	if rows < 9000 {
		t.Errorf("progress up to %d", rows)
	}
}

func order(step, n int) (list []int) {
	for i := range n {
		list = append(list, i*step%n)
	}
	return list
}

// A CSV file of what human resources knows, against what the service holds.
func Example() {
	handler, err := scim.New(scim.Config{Types: []*schema.ResourceType{users, groups}, Store: memstore.New(nil), AllowAnonymous: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	client := &reconcile.Client{Base: "http://service", HTTP: reconcile.HandlerClient(handler)}
	apply := reconcile.Applier{Client: client, Types: []*schema.ResourceType{users}, Commit: true}
	for _, table := range []string{"userName,title\nann,Dr\n", "userName,title\nann,Prof\nbob,\n"} {
		expected := reconcile.FromCSV(strings.NewReader(table), users)
		done, err := apply.Apply(ctx, reconcile.Compare(ctx, users, expected, client.Rows(ctx, users), nil))
		fmt.Printf("%+v %v\n", done, err)
	}
	// Output:
	// {Created:1 Patched:0 Deactivated:0 Deleted:0 Failed:0 Malformed:0} <nil>
	// {Created:1 Patched:1 Deactivated:0 Deleted:0 Failed:0 Malformed:0} <nil>
}

// A row that cannot be understood may be anybody's: nobody is taken for extra
// because of it, also when a run is resumed.
func TestMalformedRowsProtectWhatIsExtra(t *testing.T) {
	c, s := service(t)
	fill(t, c, `{"userName":"ann"}`, `{"userName":"bob"}`, `{"userName":"cyd"}`)
	for _, policy := range []reconcile.ExtraPolicy{reconcile.DeleteExtra, reconcile.DeactivateExtra} {
		for _, after := range []string{"", "ann"} {
			table := "userName,active\nann,true\nbob,perhaps\ndot,true\n"
			findings := reconcile.Compare(t.Context(), users, reconcile.FromCSV(strings.NewReader(table), users), c.Rows(t.Context(), users), &reconcile.Options{SkipMalformed: true})
			incomplete := 0
			a := reconcile.Applier{Client: c, Types: []*schema.ResourceType{users}, Commit: true, Extra: policy, After: after}
			a.Done = func(f reconcile.Finding, _ string, err error) error {
				if errors.Is(err, reconcile.ErrIncomplete) && f.Kind == reconcile.Extra {
					incomplete++
				}
				return nil
			}
			done, err := a.Apply(t.Context(), findings)
			if err != nil || done.Malformed != 1 || done.Deleted+done.Deactivated != 0 || done.Failed != 2 || incomplete != 2 {
				t.Errorf("%s after %q: %+v, %d incomplete, %v", policy, after, done, incomplete, err)
			}
		}
	}
	for r, err := range s.Scan(t.Context(), "User", "") {
		if err != nil || !r.Get(users.MustPath("active")).IsZero() && !r.Get(users.MustPath("active")).Bool() {
			t.Errorf("%v, %v", r.Map(), err)
		}
	}
}
