package sqlstore

import (
	"github.com/muster-scim/muster/schema"
	"github.com/muster-scim/muster/store"
)

// Mapping says where the service's own tables keep resources. It is plain data:
// NewOwnTables checks it, and OwnTables.Check compares it with the database.
//
// Names of tables and columns are written as in the catalogue of the database.
// They are always quoted, and values are always parameters.
type Mapping struct {
	// Tables has one entry for each resource type.
	Tables []Table
	// Joins are the relations between them. A type that a relation of the service
	// names without a Join keeps no list.
	Joins []Join
	// Journal says that Migrate made our own tables in the same database, so that
	// events can be kept in the transaction that they are about. Without it there
	// is no journal.
	Journal bool
}

// Table says where the resources of one type are: each is one row, perhaps with
// rows in child tables.
type Table struct {
	// Type is the resource type. Every attribute of it needs a place, unless
	// there is an Overflow column; Narrow makes a type of what has one.
	Type *schema.ResourceType
	// Name is the table, perhaps with its schema: "app.users".
	Name string
	// ID is the column with the id.
	ID ID
	// Tenant is the column with the name of the tenant; "" if the tables belong to
	// one tenant.
	Tenant string
	// Where are conditions that a row must fulfil to be a resource. New rows get
	// these values.
	Where []Fixed
	// Columns are the columns with attributes.
	Columns []Column
	// Lists are the child tables with values of multi-valued attributes.
	Lists []List
	// Overflow is a column with a JSON text for what has no other place; "" if
	// there is none. In PostgreSQL its type should be json or text: jsonb cannot
	// hold NUL and writes numbers anew.
	Overflow string
	// Created and Updated are columns with times that the store sets. Without them
	// the times are kept in Overflow, and without that there are none, which RFC
	// 7643 §3.1 does not allow for meta.created.
	Created, Updated Stamp
	// Version is an integer column that every change counts up; "" if there is
	// none. Whatever it says, a change that the service makes to what is mapped
	// gives another version too.
	Version string
	// Deleted is a column with a time that is NULL as long as the resource
	// exists. A DELETE sets it and keeps the row; without it the row goes.
	Deleted Stamp
}

// ID is the column of the id. It must be unique, together with the tenant if
// there is one.
type ID struct {
	// Column is the name of the column.
	Column string
	// Kind is what the column holds.
	Kind IDKind
	// Generated says that the database makes the ids of new rows: by counting, by
	// a default or by a trigger. Otherwise they are made by store.NewID, or brought
	// along.
	Generated bool
	// Prefix comes before the content of the column in the id of the resource, so
	// that a user 1 and a group 1 have different ids.
	Prefix string
	// Ordered says that a text column sorts by bytes, because its collation is C
	// or binary, so that its index can be used for pages.
	Ordered bool
}

// IDKind is what a column of ids holds.
type IDKind uint8

// The kinds of ids.
const (
	TextID    IDKind = iota // texts of ASCII characters
	IntegerID               // integers from 1 on
	UUIDID                  // UUIDs, as a type of the database or as 36 lower-case characters
)

// Fixed is a column with a value that is always the same.
type Fixed struct {
	// Column is the name of the column.
	Column string
	// Value is a string, an int, a bool, or nil for NULL.
	Value any
}

// Stamp is a column with a time.
type Stamp struct {
	// Column is the name of the column; "" if there is none.
	Column string
	// As says how the time is kept; nil is a time of the database.
	As Conversion
}

// Column is a column with the value of an attribute.
type Column struct {
	// Path is the attribute: "userName", "name.givenName", or one of an
	// extension. In a List it is a sub-attribute, or "" for the values of a
	// simple attribute.
	Path string
	// Column is the name of the column.
	Column string
	// As converts between the two; nil is what fits the type of the attribute.
	As Conversion
	// Fold says how the database ignores the letter case of a text. It does not
	// matter for attributes that are caseExact.
	Fold Folding
	// Unique says that the service has a unique index on the column, as folded by
	// Fold and together with the tenant if there is one. A unique attribute
	// without one is looked up before it is written, which keeps other writers
	// waiting.
	Unique bool
	// NotNull says that the column cannot be NULL. No value is then '' in a column
	// with text. Other columns keep what they hold, and in new rows get their
	// default.
	NotNull bool
	// ReadOnly says that the store never writes the column, because the database
	// or the service computes it. What a client sends for it is ignored.
	ReadOnly bool
	// Key is a column with the prepared form of the value (schema.Path.Fold), as
	// bytes of at most 544, that the store writes too; "" if there is none. With it
	// all comparisons and the order are those of SCIM, in any alphabet.
	Key string
}

// Folding is how a database ignores the letter case of a text column.
type Folding uint8

const (
	// FoldLower compares lower(column). An index should be on that expression.
	FoldLower Folding = iota
	// FoldColumn compares the column as it is: its type or collation ignores
	// case, like citext, utf8mb4_general_ci or NOCASE.
	FoldColumn
	// FoldStored compares the column as it is: the service writes lower case
	// only, and so does the store.
	FoldStored
)

// List is a child table with a row for each value of a multi-valued attribute.
type List struct {
	// Path is the attribute, such as "emails".
	Path string
	// Table is the child table.
	Table string
	// Owner is the column with the id of the resource, as in its table.
	Owner string
	// Tenant is a column with the name of the tenant; "" if there is none, because
	// ids are unique without it.
	Tenant string
	// Key is the primary key of the child table, a column that the database fills.
	// Rows that stay keep it, so others may refer to them.
	Key string
	// Order is an integer column with the position of the value; "" means that the
	// values are in the order of Key.
	Order string
	// Columns are the columns with sub-attributes.
	Columns []Column
	// Where are conditions that a row must fulfil to be a value. New rows get these
	// values.
	Where []Fixed
}

// Join says where a relation is kept.
type Join struct {
	// Relation is the relation; the zero Relation is store.GroupMembers.
	Relation store.Relation
	// Members are the join tables, one for each type of member.
	Members []Members
}

// Members is a join table: each row makes one resource a member of another.
// Holder and member together must be unique.
type Members struct {
	// Type is the type of the members, such as "User".
	Type string
	// Table is the join table.
	Table string
	// Holder and Member are the columns with the ids, as in their tables.
	Holder, Member string
	// Tenant is a column with the name of the tenant; "" if there is none.
	Tenant string
	// Where are conditions that a row must fulfil to be a membership. New rows get
	// these values.
	Where []Fixed
	// Order is an integer column that grows with each member; "" means that
	// members are in the order of their ids.
	Order string
	// Numbered says that the store writes Order. Otherwise the database does.
	Numbered bool
}
