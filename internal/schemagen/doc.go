// Package schemagen generates random resource types and resources for property
// tests: every data type, every characteristic, multi-valued and complex
// attributes, extensions, and texts that are likely to break something.
//
// Only tests use it. Types have few attributes and resources few values, so
// that a failing case shrinks to something that a person can read.
package schemagen
