//go:build memory

package main

// defaultDB is the default of -db where the program was built without drivers.
const defaultDB = inMemory
