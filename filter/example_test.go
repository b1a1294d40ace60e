package filter_test

import (
	"fmt"

	"github.com/muster-scim/muster/filter"
	"github.com/muster-scim/muster/schema"
)

func Example() {
	user := schema.UserDefinition().MustCompile()
	f, err := filter.Parse(user, `USERNAME sw "BJ" and not(emails[type eq "home"])`, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	b := user.New()
	if err := b.Set(user.MustPath("userName"), schema.String("bjensen")); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f)
	fmt.Println(f.Match(b.Resource()))
	// Output:
	// userName sw "BJ" and not (emails[type eq "home"])
	// true
}

func ExampleParse_error() {
	user := schema.UserDefinition().MustCompile()
	_, err := filter.Parse(user, `title pr and usrName eq "bjensen"`, nil)
	fmt.Println(err)
	_, err = filter.Parse(user, `active gt true`, nil)
	fmt.Println(err)
	// Output:
	// invalid filter at offset 13: found "usrName", expected a known attribute (not an attribute of User; did you mean "userName"?)
	// invalid filter at offset 7: found gt, expected eq, ne or pr (active is of type boolean)
}

func ExampleParsePath() {
	user := schema.UserDefinition().MustCompile()
	p, err := filter.ParsePath(user, `emails[type eq "work"].value`, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	typ, _ := p.Attr.Sub("type")
	work := schema.Complex(schema.Field{Path: typ, Value: schema.String("work")})
	fmt.Println(p.Attr, p.Sub, p.Filter.MatchValue(work))
	// Output: emails emails.value true
}
