// Package wait pauses a goroutine that also listens to its context.
package wait
