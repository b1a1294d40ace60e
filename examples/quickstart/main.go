// Quickstart is a SCIM server to try things with: users with the enterprise
// extension and an extension of its own, groups, bearer tokens, and one line on
// the screen for each request. It keeps its data in muster.db; see -db.
//
//	go run ./examples/quickstart
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// Exit statuses.
const (
	exitOK    = 0
	exitFault = 1 // the server cannot run
	exitUsage = 2 // the command line makes no sense
)

// run is the whole program: it serves until ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parseFlags(args, stderr)
	if errors.Is(err, errHelp) {
		return exitOK
	}
	if err != nil {
		fmt.Fprintln(stderr, "quickstart:", err)
		return exitUsage
	}
	defer o.db.close()
	listener, err := net.Listen("tcp", o.addr)
	if err != nil {
		fmt.Fprintln(stderr, "quickstart: -addr:", err)
		return exitFault
	}
	handler, err := newHandler(ctx, o, baseURL(listener.Addr()), stdout)
	if err != nil {
		_ = listener.Close()
		fmt.Fprintln(stderr, "quickstart:", err)
		return exitUsage
	}
	greet(stdout, o, baseURL(listener.Addr()))
	if err := serve(ctx, listener, handler); err != nil {
		fmt.Fprintln(stderr, "quickstart:", err)
		return exitFault
	}
	fmt.Fprintln(stdout, "\nstopped")
	return exitOK
}

// serve runs the server until ctx ends, and then lets running requests finish.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		IdleTimeout:       2 * time.Minute,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return server.Shutdown(ending)
}

// baseURL is how a client on this machine reaches the server.
func baseURL(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return "http://" + addr.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// greet prints what a person needs next.
func greet(w io.Writer, o *options, base string) {
	t := o.tenants[0]
	url := base + t.path()
	fmt.Fprintf(w, "Muster quickstart: a SCIM 2.0 server that keeps its data %s.\n", o.db)
	fmt.Fprintln(w)
	for _, t := range o.tenants {
		fmt.Fprintf(w, "  base URL  %s%s\n  token     %s\n", base, t.path(), t.token)
	}
	if o.readonly != "" {
		fmt.Fprintf(w, "  read only %s\n", o.readonly)
	}
	fmt.Fprintf(w, `
Try, in another window:

  scim() { curl -sS -H "Authorization: Bearer %[1]s" -H "Content-Type: application/scim+json" "$@"; echo; }

  scim %[2]s/ServiceProviderConfig

  scim %[2]s/Users -d '{"schemas":["%[3]s"],"userName":"alice@example.com","%[4]s":{"badge":"A-17"}}'

  scim -G %[2]s/Users --data-urlencode 'filter=userName eq "alice@example.com"'

  id=$(scim -G %[2]s/Users --data-urlencode 'filter=userName eq "alice@example.com"' | sed 's/.*"id":"\([^"]*\)".*/\1/')

  scim -X PATCH %[2]s/Users/$id -d '{"schemas":["%[5]s"],"Operations":[{"op":"replace","path":"active","value":false}]}'

`, t.token, url, userURN, acmeURN, patchURN)
	if o.async != "" {
		fmt.Fprintf(w, `  scim -i -H "Prefer: respond-async" -X PATCH %[1]s/Users/$id -d '{"schemas":["%[2]s"],"Operations":[{"op":"replace","path":"active","value":true}]}'

  # The Location in the answer has the result; it wants the same token.

`, url, patchURN)
	}
	fmt.Fprint(w, "One line per request follows; interrupt to stop.\n\n")
}
