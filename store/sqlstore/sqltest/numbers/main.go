// Numbers measures what the store costs at a size, against statements written
// by hand in the same run.
//
//	go run ./numbers -users 100000 -members 100000
//	go run ./numbers -db 'postgres://user@127.0.0.1/empty' -users 1000000
//
// It writes to the tenant "numbers" and to a table "plain", and does not clean
// up.
package main

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/patch"
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
	"github.com/muster-scim/muster/store/sqlstore"
	"github.com/muster-scim/muster/storetest"
)

func main() {
	source := flag.String("db", "numbers.db", "an SQLite `file` or a postgres:// URL")
	users := flag.Int("users", 10_000, "`number` of users")
	members := flag.Int("members", 10_000, "`number` of members of the large group, at most that of users")
	flag.Parse()
	if err := run(context.Background(), *source, *users, *members); err != nil {
		fmt.Fprintln(os.Stderr, "numbers:", err)
		os.Exit(1)
	}
}

// bench is one run.
type bench struct {
	pool  *sql.DB
	store *sqlstore.Store
	mark  string // the parameter in statements by hand
	ids   []schema.ID
}

func run(ctx context.Context, source string, users, members int) error {
	driver, dialect, mark := "sqlite", sqlstore.SQLite, "?"
	if strings.HasPrefix(source, "postgres") {
		driver, dialect, mark = "pgx", sqlstore.PostgreSQL, "$1"
	} else {
		source = "file:" + source + "?_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)&_pragma=synchronous(NORMAL)"
	}
	pool, err := sql.Open(driver, source)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	db, err := sqlstore.New(pool, dialect, &sqlstore.Config{Types: []*schema.ResourceType{storetest.UserType(), storetest.GroupType()}})
	if err == nil {
		err = db.Migrate(ctx)
	}
	if err != nil {
		return err
	}
	b := &bench{pool: pool, store: db.Tenant("numbers"), mark: mark}
	for _, step := range []func() error{
		func() error { return b.fill(ctx, users) },
		func() error { return b.lookup(ctx) },
		func() error { return b.pages(ctx, users) },
		func() error { return b.groups(ctx, members) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// median runs fn some times.
func median(n int, fn func(i int) error) (time.Duration, error) {
	times := make([]time.Duration, n)
	for i := range times {
		start := time.Now()
		if err := fn(i); err != nil {
			return 0, err
		}
		times[i] = time.Since(start)
	}
	slices.Sort(times)
	return times[n/2], nil
}

func user(n int) (*schema.Resource, error) {
	r, _, err := storetest.UserType().Decode(fmt.Appendf(nil, `{"userName":"user-%07d","externalId":"ext-%07d","displayName":"User %[1]d",
		"emails":[{"value":"user-%[1]d@example.com","type":"work"}],"active":true}`, n, n), nil)
	return r, err
}

// fill creates the users, some of them one by one and the others many in a
// transaction.
func (b *bench) fill(ctx context.Context, users int) error {
	const single, batch = 1000, 1000
	create := func(s store.Store, n int) error {
		r, err := user(n)
		if err != nil {
			return err
		}
		stored, err := s.Create(ctx, r, store.Write{})
		if err == nil {
			b.ids = append(b.ids, stored.ID())
		}
		return err
	}
	d, err := median(min(single, users), func(i int) error { return create(b.store, i) })
	if err != nil {
		return err
	}
	fmt.Printf("create one user          %v\n", d)
	for from := single; from < users; from += batch {
		kept := len(b.ids)
		err := b.store.InTx(ctx, func(_ context.Context, tx store.Store) error {
			b.ids = b.ids[:kept]
			for n := from; n < min(from+batch, users); n++ {
				if err := create(tx, n); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// lookup compares userName eq with the same lookup by hand.
func (b *bench) lookup(ctx context.Context) error {
	if _, err := b.pool.ExecContext(ctx, "CREATE TABLE plain (name varchar(255) PRIMARY KEY, doc text)"); err != nil {
		return err
	}
	fillPlain := `INSERT INTO plain SELECT v.id, r.doc FROM muster_values v JOIN muster_resources r ON r.tenant = v.tenant AND r.id = v.id WHERE v.path = 'userName'`
	if _, err := b.pool.ExecContext(ctx, fillPlain); err != nil {
		return err
	}
	hand, err := median(500, func(i int) error {
		var doc string
		return b.pool.QueryRowContext(ctx, "SELECT doc FROM plain WHERE name = "+b.mark, b.ids[i*7919%len(b.ids)]).Scan(&doc)
	})
	if err != nil {
		return err
	}
	ours, err := median(500, func(i int) error {
		f, err := filter.Parse(storetest.UserType(), fmt.Sprintf(`userName eq "USER-%07d"`, i*7919%len(b.ids)), nil)
		if err != nil {
			return err
		}
		none, err := storetest.UserType().NewProjection([]string{"userName"}, nil)
		if err != nil {
			return err
		}
		page, err := b.store.Query(ctx, store.Query{Type: "User", Filter: f, Count: 2, Projection: none})
		if err == nil && len(page.Resources) != 1 {
			err = fmt.Errorf("%d users for %s", len(page.Resources), f)
		}
		return err
	})
	fmt.Printf("userName eq              %v, by hand %v, ratio %.2f\n", ours, hand, float64(ours)/float64(max(hand, 1)))
	return err
}

// pages compares the first page by cursor with one far behind.
func (b *bench) pages(ctx context.Context, users int) error {
	slices.Sort(b.ids)
	for _, at := range []int{0, users / 2, users * 9 / 10} {
		q := store.Query{Type: "User", Count: 100}
		if at > 0 {
			q.After = store.Position(b.ids[at])
		}
		d, err := median(20, func(int) error { _, err := b.store.Query(ctx, q); return err })
		if err != nil {
			return err
		}
		fmt.Printf("page of 100 after %-7d %v\n", at, d)
	}
	return nil
}

// groups compares PATCH of one member in groups of different sizes, and reads
// the largest one as a stream.
func (b *bench) groups(ctx context.Context, members int) error {
	links, _ := store.LinksOf(storetest.GroupType(), "members")
	for size := 10; size <= members; size *= 10 {
		list := make([]schema.Value, min(size, len(b.ids)-1))
		for i := range list {
			list[i] = links.Element(b.ids[i], "", "")
		}
		builder := storetest.GroupType().New()
		for p, v := range map[schema.Path]schema.Value{storetest.GroupType().MustPath("displayName"): schema.String("g"), links.List: schema.List(list...)} {
			if err := builder.Set(p, v); err != nil {
				return err
			}
		}
		start := time.Now()
		g, err := b.store.Create(ctx, builder.Resource(), store.Write{})
		if err != nil {
			return err
		}
		created := time.Since(start)
		d, err := median(40, func(i int) error { return b.change(ctx, store.RefOf(g), []string{"add", "remove"}[i%2]) })
		if err != nil {
			return err
		}
		fmt.Printf("PATCH one of %-7d     %v (creating the group took %v)\n", len(list), d, created)
		if err := b.stream(ctx, store.RefOf(g), links.List); err != nil {
			return err
		}
	}
	return nil
}

// change adds or removes the last user.
func (b *bench) change(ctx context.Context, ref store.Ref, op string) error {
	id := b.ids[len(b.ids)-1]
	operation := fmt.Sprintf(`{"op":"add","path":"members","value":[{"value":%q}]}`, id)
	if op == "remove" {
		operation = fmt.Sprintf(`{"op":"remove","path":"members[value eq \"%s\"]"}`, id)
	}
	request, err := patch.Parse([]byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[`+operation+`]}`), nil)
	if err != nil {
		return err
	}
	changes, err := request.Compile(storetest.GroupType(), nil)
	if err != nil {
		return err
	}
	only, err := storetest.GroupType().NewProjection([]string{"displayName"}, nil)
	if err == nil {
		_, err = b.store.Patch(ctx, store.Patch{Ref: ref, Changes: changes, Projection: only}, store.Write{})
	}
	return err
}

// stream reads all members and reports the memory in use in the middle.
func (b *bench) stream(ctx context.Context, ref store.Ref, p schema.Path) error {
	var before, during runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start, n := time.Now(), 0
	for _, err := range b.store.ReadValues(ctx, ref, p) {
		if err != nil {
			return err
		}
		if n++; n == 50_000 {
			runtime.GC()
			runtime.ReadMemStats(&during)
		}
	}
	fmt.Printf("  stream of %-7d      %v", n, time.Since(start))
	if n >= 50_000 {
		fmt.Printf(", heap %+d KB in the middle", (int64(during.HeapAlloc)-int64(before.HeapAlloc))/1024)
	}
	fmt.Println()
	return nil
}
