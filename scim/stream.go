package scim

import (
	"context"
	"io"
	"log/slog"
	"net/http"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// streamAbove is how much of a body is kept before the first byte is sent. A
// body that fits goes out with its length, and an error that comes before that
// can still be reported.
const streamAbove = 64 << 10

// largeList returns the list of a relation that the answer has to hold, if the
// store can yield it piece by piece.
func (c *call) largeList(projection *schema.Projection) (schema.Path, bool) {
	for _, rel := range c.h.relations {
		if rel.Type != c.route.typ.Name() {
			continue
		}
		links, ok := store.LinksOf(c.route.typ, rel.Attribute)
		if ok && projection.Includes(links.List) && store.CapabilitiesOf(c.tenant.Store).Values {
			return links.List, true
		}
	}
	return schema.Path{}, false
}

// streaming completes the response of a resource that was read without list:
// the values of list are written while they are read, however many there are.
func (c *call) streaming(ctx context.Context, resp response, projection *schema.Projection, list schema.Path) response {
	resp.stream = func(w io.Writer) error {
		s := listStream{w: w, path: list, encoding: &schema.Encoding{Projection: projection, Location: c.resourceLocation}}
		s.buf = append(s.buf, resp.body[:len(resp.body)-1]...)
		for v, err := range store.ReadValues(ctx, c.tenant.Store, c.ref(), list) {
			if err == nil {
				err = s.add(v)
			}
			if err != nil {
				return err
			}
		}
		return s.close()
	}
	return resp
}

// listStream writes the values of a multi-valued attribute as the last member
// of an object.
type listStream struct {
	w        io.Writer
	path     schema.Path
	encoding *schema.Encoding
	buf      []byte
	open     bool
}

func (s *listStream) add(v schema.Value) (err error) {
	mark := len(s.buf)
	if s.open {
		s.buf = append(s.buf, ',')
	} else {
		s.buf = append(appendString(append(s.buf, ','), s.path.Name()), ':', '[')
	}
	start := len(s.buf)
	if s.buf, err = s.path.AppendElement(s.buf, v, s.encoding); err != nil {
		return err
	}
	if len(s.buf) == start {
		s.buf = s.buf[:mark]
		return nil
	}
	s.open = true
	if len(s.buf) < streamAbove/2 {
		return nil
	}
	return s.flush()
}

func (s *listStream) flush() error {
	_, err := s.w.Write(s.buf)
	s.buf = s.buf[:0]
	return err
}

func (s *listStream) close() error {
	if s.open {
		s.buf = append(s.buf, ']')
	}
	s.buf = append(s.buf, '}')
	return s.flush()
}

// writeStream runs resp.stream. If the body is small, or an error came early,
// nothing was written yet and the caller goes on as usual. If it fails half-way
// the connection is cut, so that the client cannot take a part for the whole.
func (x *exchange) writeStream(resp response) (n int64, written bool, err error) {
	w := &lateWriter{x: x, resp: resp}
	if x.r.Method != http.MethodHead {
		err = w.run(resp.stream)
	}
	switch {
	case !w.started && err != nil:
		return 0, false, err
	case !w.started:
		x.headers(resp)
		resp.body = w.buf
		return x.writeBody(resp), true, nil
	case err != nil:
		x.h.cfg.Logger.Error("response cut short", slog.String("request", x.id), slog.Any("error", err))
		panic(http.ErrAbortHandler)
	default:
		return w.n, true, nil
	}
}

// lateWriter keeps back the first streamAbove bytes.
type lateWriter struct {
	x       *exchange
	resp    response
	buf     []byte
	started bool
	n       int64
}

// run writes the body. A panic of the store becomes an error.
func (w *lateWriter) run(stream func(io.Writer) error) (err error) {
	defer recoverTo(&err)
	return stream(w)
}

// Write implements io.Writer.
func (w *lateWriter) Write(data []byte) (int, error) {
	if !w.started {
		if len(w.buf)+len(data) <= streamAbove {
			w.buf = append(w.buf, data...)
			return len(data), nil
		}
		w.started = true
		w.x.headers(w.resp)
		w.x.contentHeaders()
		w.x.w.WriteHeader(w.resp.status)
		if err := w.send(w.buf); err != nil {
			return 0, err
		}
		w.buf = nil
	}
	return len(data), w.send(data)
}

func (w *lateWriter) send(data []byte) error {
	n, err := w.x.w.Write(data)
	w.n += int64(n)
	return err
}
