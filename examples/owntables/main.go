// Command owntables is a small service with users and teams of its own, to which
// SCIM was added: service.go is the service, scim.go is what SCIM needed.
//
//	go run ./examples/owntables -token secret
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"net/http"
	"os"
	"time"

	_ "modernc.org/sqlite"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8081", "where to listen")
	file := flag.String("db", "crew.db", "the SQLite file")
	token := flag.String("token", os.Getenv("SCIM_TOKEN"), "the token of the identity provider")
	flag.Parse()
	if err := serve(context.Background(), *addr, *file, *token); err != nil {
		log.Fatal(err)
	}
}

func serve(ctx context.Context, addr, file, token string) error {
	if token == "" {
		return errors.New("-token is missing")
	}
	c, err := openCrew(ctx, file)
	if err != nil {
		return err
	}
	defer func() { _ = c.db.Close() }()
	if err := c.migrate(ctx); err != nil {
		return err
	}
	mux := c.handler()
	if err := c.addSCIM(ctx, mux, "http://"+addr, token); err != nil {
		return err
	}
	log.Printf("SCIM is at http://%s/scim/v2", addr)
	server := &http.Server{Addr: addr, Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	return server.ListenAndServe()
}

// migrate adds the columns for SCIM, unless they are there.
func (c *crew) migrate(ctx context.Context) error {
	var n int
	err := c.db.QueryRowContext(ctx, "SELECT COUNT(*) FROM pragma_table_info('users') WHERE name = 'scim_extra'").Scan(&n)
	if err != nil || n > 0 {
		return err
	}
	_, err = c.db.ExecContext(ctx, scimColumns)
	return err
}
