// Package audit writes what a SCIM service did to a log that shows when it was
// tampered with.
//
// A Writer puts one Record per line, as JSON, and chains the lines: each has a
// number and the hash of the line before, and its own hash covers all of it. A
// line that was changed, removed, inserted or moved breaks the chain there, and
// Verify says in which line. What is cut off at the end breaks nothing, so keep
// the Head somewhere else now and then, and give it to Verify. With a Key only
// who has it can make a chain.
//
// Writer.Deliver is made for an outbox.Consumer: it may get an entry of the
// journal twice, and writes it once. Log does the same for log/slog.
//
// The command auditverify checks a file.
package audit
