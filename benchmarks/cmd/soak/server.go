package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"
)

// server is the database server.
type server struct {
	up    sync.RWMutex // held for reading by whoever cannot do without it
	count atomic.Int64 // restarts
}

// crashes runs a command that restarts the server, in the middle of the work,
// until ctx ends.
func (s *server) crashes(ctx context.Context, command string, interval time.Duration) {
	if command != "" {
		every(ctx, interval, func() { s.crash(ctx, command) })
	}
}

// crash finishes what it began even if ctx ends.
func (s *server) crash(ctx context.Context, command string) {
	s.up.Lock()
	defer s.up.Unlock()
	cmd := exec.CommandContext(context.WithoutCancel(ctx), "sh", "-c", command)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "soak: -restart:", err)
		return
	}
	s.count.Add(1)
}
