package benchmarks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"time"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
	"github.com/muster-scim/muster/store"
)

func handlerGoals() []Goal {
	return []Goal{
		{Name: "GET of a user over bare net/http, both on a connection", Limit: 2, Unit: Times, Measure: measureServedGet},
		{Name: "GET of a user, beyond reading and encoding it", Limit: 3000, Unit: Nanoseconds, Measure: measureOverhead},
		{Name: "GET of a user, beyond reading and encoding it", Limit: 20, Unit: Allocations, Measure: measureOverheadAllocations},
		{Name: "list of 100 users over encoding 100 equal structs with encoding/json/v2", Limit: 1.3, Unit: Times, Measure: measureList},
		{Name: "find by userName, many users over few", Limit: 1.5, Unit: Times,
			Measure: measureServedFind("userName", "first.last%d@example.com")},
		{Name: "find by externalId, many users over few", Limit: 1.5, Unit: Times,
			Measure: measureServedFind("externalId", "00u%015d")},
		{Name: "add and remove a member, group of all users over group of ten", Limit: 2, Unit: Times, Measure: measureServedMember},
		{Name: "page of 200 by cursor, at the end over the beginning", Limit: 1.5, Unit: Times, Measure: measureServedPage},
		{Name: "GET of the group of all users: memory while it streams", Limit: 16, Unit: Mebibytes, Measure: measureStream},
	}
}

const token = "token-of-the-benchmarks"

// location is what the handlers below derive.
func location(endpoint, id string) string {
	return "https://id.example.com/scim/v2" + endpoint + "/" + id
}

// handler serves the directory, with authentication as in production.
func (d *directory) handler() (http.Handler, error) {
	tokens, err := scim.NewBearerTokens(scim.Token{ID: "bench", Hash: scim.HashToken(token)})
	if err != nil {
		return nil, err
	}
	return scim.New(scim.Config{
		Types: []*schema.ResourceType{userType, groupType}, Store: d.store,
		Authenticate: tokens.Authenticate, BaseURL: "https://id.example.com/scim/v2",
		Timeout: time.Hour, // because memory is measured in the middle of a response
	})
}

// exchange is a request that is sent again and again to a handler.
type exchange struct {
	handler http.Handler
	request *http.Request
	body    []byte
	want    int // status
	sink    sink
}

func newExchange(h http.Handler, method, target string, body []byte, want int) (*exchange, error) {
	r, err := http.NewRequest(method, target, nil)
	if err != nil {
		return nil, err
	}
	r.RequestURI = target
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept", "application/scim+json")
	r.Header.Set("X-Request-Id", "bench")
	if body != nil {
		r.Header.Set("Content-Type", "application/scim+json")
		r.ContentLength = int64(len(body))
	}
	return &exchange{handler: h, request: r, body: body, want: want, sink: sink{header: http.Header{}}}, nil
}

// do serves the request once.
func (x *exchange) do() error {
	clear(x.sink.header)
	x.sink.status, x.sink.n = http.StatusOK, 0
	if x.body != nil {
		x.request.Body = io.NopCloser(bytes.NewReader(x.body))
	}
	x.handler.ServeHTTP(&x.sink, x.request)
	if x.sink.status != x.want {
		return fmt.Errorf("%s %s: status %d", x.request.Method, x.request.URL, x.sink.status)
	}
	return nil
}

// read serves the request once and returns the body of the response.
func (x *exchange) read() ([]byte, error) {
	var body bytes.Buffer
	x.sink.copy = &body
	err := x.do()
	x.sink.copy = nil
	return body.Bytes(), err
}

// sink is a ResponseWriter that counts.
type sink struct {
	header  http.Header
	status  int
	n       int
	copy    io.Writer // gets the body too, unless nil
	onWrite func()
}

func (s *sink) Header() http.Header    { return s.header }
func (s *sink) WriteHeader(status int) { s.status = status }

func (s *sink) Write(p []byte) (int, error) {
	s.n += len(p)
	if s.onWrite != nil {
		s.onWrite()
	}
	if s.copy != nil {
		return s.copy.Write(p)
	}
	return len(p), nil
}

// get prepares GET of a target in the directory.
func (d *directory) get(target string) (*exchange, error) {
	h, err := d.handler()
	if err != nil {
		return nil, err
	}
	return newExchange(h, http.MethodGet, target, nil, http.StatusOK)
}

// bare writes the same bytes as the handler whose response it is given.
func bare(header http.Header, body []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range header {
			w.Header()[name] = values
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	})
}

// readAndEncode is the part of a GET that is not the handler's.
func (d *directory) readAndEncode(id schema.ID) Work {
	encoding := &schema.Encoding{Location: func(_ string, id schema.ID) string { return location("/Users", string(id)) }}
	var out []byte
	return func() error {
		r, err := d.store.Get(context.Background(), store.Ref{Type: "User", ID: id})
		if err == nil {
			out, err = r.AppendJSON(out[:0], encoding)
		}
		return err
	}
}

func (l *Lab) overheadWorks() (get, core Work, err error) {
	d, _, err := l.directories()
	if err != nil {
		return nil, nil, err
	}
	x, err := d.get("/Users/" + string(d.ids[0]))
	if err != nil {
		return nil, nil, err
	}
	return x.do, d.readAndEncode(d.ids[0]), nil
}

func measureOverhead(l *Lab) (Measurement, error) {
	get, core, err := l.overheadWorks()
	if err != nil {
		return Measurement{}, err
	}
	t, err := l.interleave(get, core)
	if err != nil {
		return Measurement{}, err
	}
	return Measurement{t[0].min() - t[1].min(), fmt.Sprintf("%s − %s", took(t[0].min()), took(t[1].min()))}, nil
}

func measureOverheadAllocations(l *Lab) (Measurement, error) {
	get, core, err := l.overheadWorks()
	if err != nil {
		return Measurement{}, err
	}
	a, err := allocations(get)
	if err != nil {
		return a, err
	}
	b, err := allocations(core)
	return Measurement{a.Value - b.Value, fmt.Sprintf("%.0f − %.0f", a.Value, b.Value)}, err
}

func measureList(l *Lab) (Measurement, error) {
	d, _, err := l.directories()
	if err != nil {
		return Measurement{}, err
	}
	x, err := d.get("/Users?count=100")
	if err != nil {
		return Measurement{}, err
	}
	body, err := x.read()
	if err != nil {
		return Measurement{}, err
	}
	list, err := asStructs(body)
	if err != nil {
		return Measurement{}, err
	}
	return l.ratio(x.do, func() error {
		_, err := jsonv2.Marshal(list)
		return err
	})
}

// asStructs reads a list of users into structs, and makes sure that they say
// the same.
func asStructs(body []byte) (*staticList, error) {
	var list staticList
	if err := jsonv2.Unmarshal(body, &list); err != nil {
		return nil, err
	}
	data, err := jsonv2.Marshal(list)
	if err != nil {
		return nil, err
	}
	var a, b any
	if err := json.Unmarshal(body, &a); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, &b); err != nil {
		return nil, err
	}
	if !reflect.DeepEqual(a, b) {
		return nil, fmt.Errorf("the structs do not hold what the response says:\n%s\n%s", body, data)
	}
	return &list, nil
}

// measureServedFind also says how much of the growth anybody has who looks a
// user up and encodes it: it is made of memory that no cache holds any more.
func measureServedFind(attribute, format string) func(*Lab) (Measurement, error) {
	return func(l *Lab) (Measurement, error) {
		ours, err := l.growth(getFound(attribute, format))
		if err != nil {
			return ours, err
		}
		plain, err := l.growth(lookUpAndEncode(attribute))
		ours.Note += fmt.Sprintf("; a Go map and encoding %.2f× (%s)", plain.Value, plain.Note)
		return ours, err
	}
}

// lookUpAndEncode finds the same users in a Go map and encodes them.
func lookUpAndEncode(attribute string) func(*directory) (Work, error) {
	return func(d *directory) (Work, error) {
		users, keys, err := d.byKey(attribute)
		if err != nil {
			return nil, err
		}
		encoding := &schema.Encoding{Location: func(_ string, id schema.ID) string { return location("/Users", string(id)) }}
		i, out := 0, []byte(nil)
		return func() (err error) {
			i++
			out, err = users[keys[i%len(keys)]].AppendJSON(out[:0], encoding)
			return err
		}, nil
	}
}

// getFound looks users up by an attribute, another one each time.
func getFound(attribute, format string) func(*directory) (Work, error) {
	return func(d *directory) (Work, error) {
		h, err := d.handler()
		if err != nil {
			return nil, err
		}
		all := make([]*exchange, 1024)
		for i := range all {
			filter := attribute + ` eq "` + fmt.Sprintf(format, i*len(d.ids)/len(all)) + `"`
			if all[i], err = newExchange(h, http.MethodGet, "/Users?filter="+url.QueryEscape(filter), nil, http.StatusOK); err != nil {
				return nil, err
			}
		}
		i := 0
		return func() error {
			i++
			return all[i%len(all)].do()
		}, nil
	}
}

func measureServedMember(l *Lab) (Measurement, error) {
	_, d, err := l.directories()
	if err != nil {
		return Measurement{}, err
	}
	all, err := d.serveMember(d.all)
	if err != nil {
		return Measurement{}, err
	}
	ten, err := d.serveMember(d.ten)
	if err != nil {
		return Measurement{}, err
	}
	return l.ratio(all, ten)
}

func (d *directory) serveMember(group store.Ref) (Work, error) {
	h, err := d.handler()
	if err != nil {
		return nil, err
	}
	target := "/Groups/" + string(group.ID)
	remove, err := newExchange(h, http.MethodPatch, target, request(`{"op":"remove","path":"members[value eq \"`+string(d.ids[5])+`\"]"}`), http.StatusNoContent)
	if err != nil {
		return nil, err
	}
	add, err := newExchange(h, http.MethodPatch, target, request(`{"op":"add","path":"members","value":[{"value":"`+string(d.ids[5])+`"}]}`), http.StatusNoContent)
	return func() error {
		if err := remove.do(); err != nil {
			return err
		}
		return add.do()
	}, err
}

func measureServedPage(l *Lab) (Measurement, error) {
	_, d, err := l.directories()
	if err != nil {
		return Measurement{}, err
	}
	h, err := d.handler()
	if err != nil {
		return Measurement{}, err
	}
	last, err := follow(h, max(len(d.ids)/200-2, 0))
	if err != nil {
		return Measurement{}, err
	}
	second, err := follow(h, 1)
	if err != nil {
		return Measurement{}, err
	}
	return l.ratio(last.do, second.do)
}

// follow asks for a number of pages, each by the cursor of the one before, and
// prepares to ask for the next.
func follow(h http.Handler, pages int) (x *exchange, err error) {
	const page = "/Users?count=200&attributes=id&cursor"
	if x, err = newExchange(h, http.MethodGet, page, nil, http.StatusOK); err != nil {
		return nil, err
	}
	for range pages {
		body, err := x.read()
		if err != nil {
			return nil, err
		}
		var list struct {
			NextCursor string `json:"nextCursor"`
		}
		if err := json.Unmarshal(body, &list); err != nil {
			return nil, err
		}
		if x, err = newExchange(h, http.MethodGet, page+"="+url.QueryEscape(list.NextCursor), nil, http.StatusOK); err != nil {
			return nil, err
		}
	}
	return x, nil
}
