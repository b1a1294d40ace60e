// Multitenant is a SCIM service for several customers: each has a base URL, a
// token, a client profile and a store of its own. Customers come and go while
// it runs.
//
//	go run ./examples/multitenant
//	go run ./examples/multitenant -tenants tenants.json
//
// The file lists the tenants; a hangup signal makes the service read it again.
//
//	[
//	  {"id": "acme", "profile": {"base": "okta"}, "tokens": ["9f86d0…"]},
//	  {"id": "globex", "profile": {"base": "entra"}, "tokens": ["60303a…"]}
//	]
//
// It holds hashes of tokens; -new-token prints a new token with its hash.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/scim"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "`address` to listen on")
	base := flag.String("base", "", "the service as clients see it; http:// and the address by default")
	file := flag.String("tenants", "", "JSON `file` that lists the tenants; by default there are two, with new tokens")
	newToken := flag.Bool("new-token", false, "print a new token and its hash, and stop")
	flag.Parse()
	if *newToken {
		token := scim.NewToken()
		fmt.Println("token", token)
		fmt.Println("hash ", scim.HashToken(token))
		return
	}
	if *base == "" {
		*base = "http://" + *addr
	}
	service, err := newService(*base)
	if err != nil {
		log.Fatal(err)
	}
	if err := load(service, *file, os.Stdout); err != nil {
		log.Fatal(err)
	}
	if *file != "" {
		go reloadOnHangup(service, *file)
	}
	server := &http.Server{Addr: *addr, Handler: service, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute}
	log.Fatal(server.ListenAndServe())
}

// load reads the file, or makes up two tenants and prints their tokens.
func load(s *service, file string, out io.Writer) error {
	if file == "" {
		return s.Set(demo(out, s.base))
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	list, err := parseTenants(data)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return s.Set(list)
}

// reloadOnHangup keeps the tenants as they are if the file is wrong.
func reloadOnHangup(s *service, file string) {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	for range hangup {
		if err := load(s, file, os.Stdout); err != nil {
			log.Print(err)
		}
	}
}

func demo(out io.Writer, base string) []tenant {
	list := []tenant{
		{ID: "acme", Profile: json.RawMessage(`{"base": "okta"}`)},
		{ID: "globex", Profile: json.RawMessage(`{"base": "entra"}`)},
	}
	for i := range list {
		token := scim.NewToken()
		list[i].Tokens = []scim.TokenHash{scim.HashToken(token)}
		fmt.Fprintf(out, "%-7s %s%s  token %s\n", list[i].ID, base, list[i].path(), token)
	}
	return list
}

// types are the same for every tenant; what differs is in the profiles.
func types() []*schema.ResourceType {
	return []*schema.ResourceType{schema.UserDefinition().MustCompile(), schema.GroupDefinition().MustCompile()}
}
