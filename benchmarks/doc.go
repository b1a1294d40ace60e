// Package benchmarks holds the numbers that Muster promises, each beside what
// a user would pick instead, and measures them in one run.
//
// Machines differ and are rarely idle, so a goal is a ratio of two things that
// are measured in turns, or a count of allocations or bytes. Few goals name a
// time; those are judged by the fastest of many rounds.
//
//	go run ./benchmarks/cmd/goals -quick
//
// prints the table and fails if a goal is missed.
package benchmarks
