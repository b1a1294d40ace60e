package schema

import "github.com/go-json-experiment/json/jsontext"

// skip reads the rest of the value that starts with the current token.
func (d *decoder) skip() error {
	start, s := d.start, skipper{scanner: &d.scanner, names: d.skipped[:0]}
	err := s.rest()
	d.skipped = s.names
	if err == nil && s.doubt && !jsontext.Value(d.source[start:d.pos]).IsValid() {
		return d.stop(ErrSyntax, "has a member twice")
	}
	return err
}

// skipper passes a value that nobody needs. It sees which objects surely have
// each name once, which most have; to read others again is dear, but rare.
type skipper struct {
	*scanner
	names []span // of the open objects
	doubt bool   // an object may have a name twice
}

// span is a part of the source.
type span struct{ start, end int }

// rest passes what follows the token that a value starts with.
func (s *skipper) rest() error {
	switch s.kind {
	case '{':
		return s.members()
	case '[':
		return s.elements()
	default:
		return nil
	}
}

func (s *skipper) elements() error {
	for {
		if err := s.scanElement(); err != nil || s.kind == ']' {
			return err
		}
		if err := s.rest(); err != nil {
			return err
		}
	}
}

func (s *skipper) members() error {
	first := len(s.names)
	for {
		if err := s.scanName(); err != nil {
			return err
		}
		if s.kind == '}' {
			s.names = s.names[:first]
			return nil
		}
		s.add(first)
		if err := s.scanMember(); err != nil {
			return err
		}
		if err := s.rest(); err != nil {
			return err
		}
	}
}

// add compares the current token with the names of its object, which start at
// first.
func (s *skipper) add(first int) {
	const few = 16
	if s.doubt {
		return
	}
	known := s.names[first:]
	s.doubt = s.escaped || len(known) == few
	for _, other := range known {
		s.doubt = s.doubt || string(s.source[other.start:other.end]) == string(s.raw())
	}
	s.names = append(s.names, span{s.start, s.pos})
}
