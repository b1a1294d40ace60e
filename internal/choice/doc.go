// Package choice gives the values of small enumerations their names in text
// and in JSON.
package choice
