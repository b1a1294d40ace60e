// Package doctest compiles the Go code that the documentation shows.
//
// [Blocks] finds the fenced blocks marked go in a Markdown text. [Block.Source]
// makes a compilable file of each: a block that starts with a package clause
// is one already, declarations get a package clause, statements also get a
// function around them. Missing imports of the standard library and of this
// module are added, since a reader can tell them. The test compiles the
// blocks of all documents at once; an error names the line of the Markdown
// file.
//
// A block below the comment <!-- from FILE --> is a part of that file, which is
// compiled and tested where it is; the test compares the two.
//
// A fragment that is not meant to compile is fenced as text.
package doctest
