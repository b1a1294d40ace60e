// Command auditverify checks an audit log written by package audit.
//
//	auditverify [-key-file FILE] [-head N:HASH] LOG
//
// It prints the number of records and the head, or the first line that does not
// belong there, and then exits with status 1. With -head, which an earlier run
// has printed, it also notices what was cut off at the end.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/muster-scim/muster/scim/audit"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, out, diagnostics io.Writer) int {
	flags := flag.NewFlagSet("auditverify", flag.ContinueOnError)
	flags.SetOutput(diagnostics)
	flags.Usage = func() {
		fmt.Fprintln(diagnostics, "usage: auditverify [-key-file FILE] [-head N:HASH] LOG")
		flags.PrintDefaults()
	}
	keyFile := flags.String("key-file", "", "file with the key of the chain, if it has one")
	headText := flags.String("head", "", "a head that the log has to contain, as N:HASH")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case flags.NArg() != 1:
		flags.Usage()
		return 2
	}
	head, err := verify(flags.Arg(0), *keyFile, *headText)
	if err != nil {
		fmt.Fprintln(diagnostics, flags.Arg(0)+":", err)
		return 1
	}
	fmt.Fprintf(out, "%d records, intact; head %d:%s\n", head.N, head.N, head.Hash)
	return 0
}

func verify(path, keyFile, headText string) (audit.Head, error) {
	known, err := parseHead(headText)
	if err != nil {
		return audit.Head{}, err
	}
	var key []byte
	if keyFile != "" {
		if key, err = os.ReadFile(keyFile); err != nil {
			return audit.Head{}, err
		}
		key = bytes.TrimSpace(key)
	}
	f, err := os.Open(path)
	if err != nil {
		return audit.Head{}, err
	}
	defer f.Close()
	return audit.VerifyUpTo(f, key, known)
}

func parseHead(text string) (head audit.Head, err error) {
	if text == "" {
		return head, nil
	}
	n, hash, _ := strings.Cut(text, ":")
	if head.N, err = strconv.ParseUint(n, 10, 64); err != nil || head.N == 0 || hash == "" {
		return head, fmt.Errorf("-head must be N:HASH, not %q", text)
	}
	head.Hash = hash
	return head, nil
}
