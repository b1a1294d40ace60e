// Package outbox delivers the journal of a store: to audit logs, queues, web
// hooks, or whatever else must learn of every change.
//
// A Consumer reads the journal in order and hands each entry to its Deliver
// function, at least once. Its position is kept in the journal, so it goes on
// where it was after a crash, and after a week of absence. Consumers do not
// wait for each other. An entry that a receiver keeps refusing is parked after
// a while, so that those behind it get through; it stays in the journal until
// Retry delivers it or Drop gives it up.
//
// What a consumer does in the store itself can be done exactly once: Work moves
// the consumer in the transaction that does it.
//
// Order follows the numbers that the store gave to the entries, never the
// clock.
package outbox
