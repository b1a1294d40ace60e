// Package archtest states the rules of this repository as code, so that a
// change that breaks one fails a test instead of waiting for a reviewer.
//
// A [Rule] looks at the parsed source [Tree] of all modules and returns one
// [Offence] for each place that breaks it. [Rules] lists them all. The tests
// run each rule over this repository, and over a small tree that is
// known to break it, so no rule can silently stop finding anything.
//
// A rule that stands in the way of better code is changed here, with its
// reason, in a commit of its own.
package archtest
