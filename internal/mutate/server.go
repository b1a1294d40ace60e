package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// server is a process of the test binary that runs one test after the other,
// so that trying a mutant does not cost a start of the process.
type server struct {
	process  *exec.Cmd
	cancel   context.CancelFunc
	commands *os.File
	results  *os.File
	lines    *bufio.Scanner
}

// start starts a server of the tests of s.
func (s *suite) start() (*server, error) {
	commandsRead, commands, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	results, resultsWrite, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	v := &server{cancel: cancel, commands: commands, results: results, lines: bufio.NewScanner(results)}
	v.process = s.command(ctx, "unlimited", "MUTANTS_SERVE=1")
	v.process.ExtraFiles = []*os.File{commandsRead, resultsWrite}
	if err := v.process.Start(); err != nil {
		cancel()
		return nil, err
	}
	commandsRead.Close()
	resultsWrite.Close()
	return v, nil
}

// fails runs a test with mutant id, 0 for none. A test that takes longer than
// limit, by the processor, fails like one that ends the process; died then
// tells that the server must be stopped.
func (v *server) fails(name string, id int, limit time.Duration) (failed, died bool) {
	fmt.Fprintln(v.commands, id, limit.Milliseconds(), name)
	v.results.SetReadDeadline(time.Now().Add(maxWait))
	if !v.lines.Scan() {
		return true, true
	}
	return v.lines.Text() != "0", false
}

func (v *server) stop() {
	v.commands.Close()
	v.cancel()
	v.process.Wait()
	v.results.Close()
}

// serve is the file that is added to the tests of the package.
const serve = `
import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

var mutUntil atomic.Int64

func TestMain(m *testing.M) {
	if os.Getenv("MUTANTS_SERVE") == "" {
		os.Exit(m.Run())
	}
	flag.Parse()
	commands, results := bufio.NewScanner(os.NewFile(3, "commands")), os.NewFile(4, "results")
	go mutWatch()
	for commands.Scan() {
		var id, limit int64
		var name string
		fmt.Sscan(commands.Text(), &id, &limit, &name)
		flag.Set("test.run", "^"+name+"$")
		mutUntil.Store(mutTime() + limit*int64(time.Millisecond))
		mutActive = int(id)
		code := m.Run()
		mutActive = 0
		fmt.Fprintln(results, code)
	}
}

// mutWatch ends the process when a test takes too long.
func mutWatch() {
	for {
		time.Sleep(20 * time.Millisecond)
		if until := mutUntil.Load(); until > 0 && mutTime() > until {
			os.Exit(1)
		}
	}
}

// mutTime is the processor time that the process has taken.
func mutTime() int64 {
	var used syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return used.Utime.Nano() + used.Stime.Nano()
}
`
