package store

import (
	"encoding/base64"
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/muster-scim/muster/schema"
)

// Write is what a store has to know about a write besides the resource. The
// zero Write is an unconditional write that happens now.
type Write struct {
	// Version is the version that the resource must have, as its Version method
	// returns it; "" means any. Check compares it.
	Version string
	// Time is the instant of the write; the zero Time means now. Stores read it
	// through Stamp.
	Time time.Time
	// Unique are attributes that the host wants to be unique besides those that
	// the schema declares, such as displayName of groups. Stores read them
	// through Keys.
	Unique []schema.Path
	// TxID ties together what one request changed. Stores may keep it with the
	// row; the journal has its own.
	TxID string
	// SkipUnknownMembers leaves out members that do not exist even if the policy of the
	// relation is to refuse them, because some clients need it and others must
	// not have it. Stores ask Skips.
	SkipUnknownMembers bool
	// OnSkip is called for each member that was left out because it does not
	// exist. It may be nil. It is called before the write returns,
	// and perhaps more than once for a member if the write is repeated.
	OnSkip func(*MemberError)
}

// Check returns ErrVersion if current is not at the expected version. A store
// calls it in the atomic step that writes.
func (w Write) Check(current *schema.Resource) error {
	if w.Version != "" && w.Version != current.Version() {
		return ErrVersion
	}
	return nil
}

// Skips reports whether this write leaves out members of rel that do not exist.
func (w Write) Skips(rel Relation) bool {
	return w.SkipUnknownMembers || rel.Unknown == SkipUnknownMembers
}

// Stamp returns r with the values that the service provider assigns: the id of
// old, or for a new resource (old is nil) the id that r brings, or else a new
// UUIDv7; meta.created of old, or the time of the write; meta.lastModified,
// which never runs backwards even if the clock does; and a new version. Times
// have the precision of a millisecond.
func (w Write) Stamp(old, r *schema.Resource) *schema.Resource {
	now := w.Instant()
	b := r.Edit()
	if old == nil {
		if r.ID() == "" {
			b.SetID(NewID())
		}
		b.SetMeta(now, now, NewVersion())
		return b.Resource()
	}
	if now.Before(old.LastModified()) {
		now = old.LastModified()
	}
	created := old.Created()
	if created.IsZero() {
		created = now
	}
	b.SetID(old.ID())
	b.SetMeta(created, now, NewVersion())
	return b.Resource()
}

// Instant returns the time of the write in UTC, to the millisecond.
func (w Write) Instant() time.Time {
	now := w.Time
	if now.IsZero() {
		now = time.Now()
	}
	return now.UTC().Truncate(time.Millisecond)
}

// NewID returns a new UUIDv7 in its canonical text form. Ids made later by one
// process sort later, so that new resources are appended to an index.
func NewID() schema.ID {
	id, err := uuid.NewV7()
	if err != nil {
		id = uuid.New() // only if the system has no randomness, which Go does not let happen
	}
	return schema.ID(id.String())
}

// NewVersion returns a new entity tag in the form of meta.version (RFC 7643
// §3.1, RFC 7644 §3.14): weak, opaque, and never used before. It says nothing
// about the content or the number of changes.
func NewVersion() string {
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], rand.Uint64())
	return `W/"` + base64.RawURLEncoding.EncodeToString(raw[:]) + `"`
}

// Keys returns the unique keys of r: those that its schema declares, and those
// that the write adds. Two resources of a type may not have an equal Key; a
// store keeps them in an index and compares them in the atomic step that
// writes.
func (w Write) Keys(r *schema.Resource) []schema.Key {
	keys := r.Keys()
	for _, p := range w.Unique {
		for v := range r.Values(p) {
			keys = append(keys, schema.Key{Path: p, Text: p.FoldValue(v)})
		}
	}
	return keys
}
